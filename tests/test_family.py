"""A family of landscapes: one formula, one parameter."""

import numpy as np
import pytest

from helpers import landscapes
from helpers.family import Family


@pytest.mark.parametrize("kappa", [0.25, 1, 5.0, 100])
def test_the_stretched_bowl_has_the_condition_number_asked_for(kappa):
    bowl = landscapes.stretched_bowl(kappa)
    np.testing.assert_allclose(bowl.curvatures, sorted([1.0, kappa]))
    assert bowl([4.0, 2.5]) == pytest.approx((16 + kappa * 6.25) / 2)
    np.testing.assert_allclose(bowl.gradient([4.0, 2.5]), [4.0, 2.5 * kappa])


def test_only_the_parameter_is_replaced():
    family = Family("waves", "sin(kappa*x) + kappa", (-3, 3))
    assert family(2.0)(0.5) == pytest.approx(np.sin(1.0) + 2.0)
    assert family(2.0).variables == ("x",)


def test_its_javascript_takes_kappa_as_an_argument():
    bodies = landscapes.stretched_bowl.javascript
    assert bodies["gradient"] == "return [w1, kappa*w2];"
    assert bodies["hessian"].count(",") == 3


@pytest.mark.parametrize("kappa", [0, -1, np.nan, np.inf, "5"])
def test_a_wrong_kappa_is_named(kappa):
    with pytest.raises(ValueError, match=r"kappa must be a finite number > 0"):
        landscapes.stretched_bowl(kappa)
