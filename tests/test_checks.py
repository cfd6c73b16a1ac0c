import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import checks

NOT_NUMBERS = [None, "0.1", True, [0.1], 1j, math.nan, math.inf, -math.inf, 10**400, np.ones(2)]


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=str)
def test_what_is_no_finite_number_is_refused_by_name(value):
    with pytest.raises(ValueError, match=r"beta must be a finite number, not "):
        checks.number("beta", value)


@settings(deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_returned_as_it_is(value):
    assert checks.number("x", value) == value
    assert type(checks.number("x", np.float64(value))) is float


@pytest.mark.parametrize(
    ("limits", "value", "allowed"),
    [
        ({"above": 0}, 0, "> 0"),
        ({"least": 0}, -1e-300, ">= 0"),
        ({"below": 1}, 1, "< 1"),
        ({"most": 1}, 1.5, "<= 1"),
        ({"least": 0, "below": 1}, 2, ">= 0 and < 1"),
    ],
)
def test_a_number_out_of_range_is_refused_with_the_range(limits, value, allowed):
    with pytest.raises(ValueError, match=f"beta must be a finite number {allowed}, not {value}"):
        checks.number("beta", value, **limits)


@pytest.mark.parametrize("value", [1.0, True, "3", -1, 201, None], ids=str)
def test_a_count_is_a_whole_number_in_its_range(value):
    with pytest.raises(ValueError, match="batch_size must be a whole number from 0 to 200, not"):
        checks.count("batch_size", value, most=200)
    assert checks.count("batch_size", np.int64(200), most=200) == 200


@pytest.mark.parametrize("value", ["ab", [1, "b"], [[1], [1, 2]], [1j], [None], {1: 2}], ids=str)
def test_an_array_holds_real_numbers(value):
    with pytest.raises(ValueError, match="start must hold real numbers, not"):
        checks.array("start", value)


@pytest.mark.parametrize("value", [math.nan, [1, math.inf]], ids=str)
def test_a_finite_array_holds_finite_numbers(value):
    with pytest.raises(ValueError, match="start must hold finite numbers, not"):
        checks.array("start", value, finite=True)


@pytest.mark.parametrize("value", [42, None, np.random, "seed"], ids=str)
def test_a_seed_is_no_generator(value):
    with pytest.raises(ValueError, match="rng must be a NumPy Generator or RandomState"):
        checks.generator("rng", value)


def test_the_limits_that_are_allowed_are_allowed():
    assert checks.number("beta", 0, least=0, most=1) == 0
    assert checks.number("beta", 1, least=0, most=1) == 1
    assert checks.count("n", 3, least=3, most=3) == 3
