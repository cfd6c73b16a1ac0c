import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.differentiate import derivative
from scipy.optimize import approx_fprime, minimize

from helpers import landscapes
from helpers.landscapes import LANDSCAPES

EVERY = pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=LANDSCAPES)


def random_points(landscape, n=40):
    box = np.array(landscape.domain).reshape(-1, 2)
    points = np.random.default_rng(1).uniform(*box.T, size=(n, len(box)))
    return points[:, 0] if landscape.dimension == 1 else points


def along_each_axis(function, point, *, step=1e-4):
    """Central differences of fourth order of a function of an array, a row for each axis."""
    shifts = step * np.eye(len(point))
    return [
        (
            8 * (function(point + s) - function(point - s))
            - (function(point + 2 * s) - function(point - 2 * s))
        )
        / (12 * step)
        for s in shifts
    ]


def test_the_course_shares_thirteen_landscapes():
    names = "parabola ripple triple_well bowl valley tilted_bowl ripple_2d hills bumpy_bowl "
    names += "rosenbrock saddle himmelblau beale"
    assert list(LANDSCAPES) == names.split()
    assert all(getattr(landscapes, name) is LANDSCAPES[name] for name in LANDSCAPES)


@EVERY
def test_gradient_and_hessian_agree_with_finite_differences(landscape):
    for point in random_points(landscape):
        if landscape.dimension == 1:
            slope = derivative(landscape, point, initial_step=0.1).df
            bend = derivative(landscape.gradient, point, initial_step=0.1).df
        else:
            slope = along_each_axis(landscape, point)
            bend = along_each_axis(landscape.gradient, point)
        size = 1 + np.abs(landscape.hessian(point)).max() + abs(landscape(point))
        np.testing.assert_allclose(landscape.gradient(point), slope, atol=1e-9 * size)
        np.testing.assert_allclose(landscape.hessian(point), bend, atol=1e-9 * size)


@EVERY
def test_gradient_agrees_with_scipy(landscape):
    for point in random_points(landscape):
        scipys = approx_fprime(
            np.atleast_1d(point), lambda x: landscape(x if len(x) > 1 else x[0])
        )
        size = 1 + np.abs(landscape.hessian(point)).max()
        np.testing.assert_allclose(
            np.atleast_1d(landscape.gradient(point)), scipys, atol=1e-6 * size
        )


@EVERY
def test_each_minimum_is_where_scipy_ends_from_nearby(landscape):
    for minimum in landscape.minima:
        found = minimize(
            lambda x: landscape(x if len(x) > 1 else x[0]),
            np.atleast_1d(minimum) + 0.01,
            method="Nelder-Mead",
            options={"xatol": 1e-9, "fatol": 1e-15, "maxiter": 2000},
        )
        np.testing.assert_allclose(found.x, np.atleast_1d(minimum), atol=1e-6)
        np.testing.assert_allclose(landscape.gradient(minimum), 0, atol=1e-11)


KNOWN_MINIMA = {
    "parabola": ([0], [0]),
    "ripple": ([-1.306440, 3.837467], [-0.794582, 0.831559]),
    "triple_well": ([-2, 2, 0], [-4 / 3, -4 / 3, 0]),
    "bowl": ([(0, 0)], [0]),
    "valley": ([(0, 0)], [0]),
    "tilted_bowl": ([(0, 0)], [0]),
    "ripple_2d": (
        [
            (-1.306440, -1.306440),
            (-1.306440, 3.837467),
            (3.837467, -1.306440),
            (3.837467, 3.837467),
        ],
        [-1.589165, 0.036976, 0.036976, 1.663117],
    ),
    "hills": (
        [
            (a * math.pi / 2, b * math.pi / 2)
            for a in (-3, -1, 1, 3)
            for b in (-3, -1, 1, 3)
            if math.sin(a * math.pi / 2) * math.sin(b * math.pi / 2) < 0
        ],
        [-1] * 8,
    ),
    "bumpy_bowl": ([(-0.2432, 0.1501), (0.2432, -0.1501)], [-0.0183, -0.0183]),
    "rosenbrock": ([(1, 1)], [0]),
    "saddle": (np.empty((0, 2)), []),
    "himmelblau": (
        [(-3.779310, -3.283186), (-2.805118, 3.131313), (3, 2), (3.584428, -1.848127)],
        [0, 0, 0, 0],
    ),
    "beale": ([(3, 0.5)], [0]),
}


@EVERY
def test_the_known_minima_are_found(landscape):
    points, values = KNOWN_MINIMA[landscape.name]
    digits = 5e-5 if landscape.name == "bumpy_bowl" else 5e-7
    assert landscape.minima.shape == np.shape(points)
    np.testing.assert_allclose(landscape.minima, points, rtol=0, atol=digits)
    np.testing.assert_allclose(landscape(landscape.minima), values, rtol=0, atol=digits)


def test_the_ripples_basins_are_divided_by_its_maximum():
    assert landscapes.ripple.gradient(1.977383) == pytest.approx(0, abs=5e-7)
    assert landscapes.ripple.hessian(1.977383) < 0


def test_the_triple_wells_maxima_lie_at_one():
    np.testing.assert_allclose(landscapes.triple_well(np.array([-1.0, 1.0])), 11 / 12, rtol=1e-15)
    assert landscapes.triple_well.gradient(1.0) == 0 and landscapes.triple_well.hessian(1.0) < 0


def test_the_bumpy_bowls_origin_is_critical_but_higher_than_its_minima():
    origin = np.zeros(2)
    assert (landscapes.bumpy_bowl.gradient(origin) == 0).all()
    assert landscapes.bumpy_bowl(landscapes.bumpy_bowl.minima[0]) < landscapes.bumpy_bowl(origin)


def test_the_hills_have_saddles_at_the_multiples_of_pi():
    for corner in [(0, 0), (math.pi, math.pi), (-math.pi, 2 * math.pi)]:
        np.testing.assert_allclose(landscapes.hills.gradient(corner), 0, atol=1e-15)
        low, high = np.linalg.eigvalsh(landscapes.hills.hessian(corner))
        assert low < 0 < high


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("parabola", [2]),
        ("bowl", [2, 10]),
        ("valley", [2, 20]),
        ("tilted_bowl", [1, 5]),
        ("saddle", [-2, 2]),
        ("ripple", None),
        ("rosenbrock", None),
    ],
)
def test_curvatures_are_known_where_they_are_the_same_everywhere(name, expected):
    curvatures = LANDSCAPES[name].curvatures
    assert curvatures is expected if expected is None else curvatures.tolist() == expected


@EVERY
def test_one_point_gives_floats_and_many_give_arrays(landscape):
    d = () if landscape.dimension == 1 else (landscape.dimension,)
    points = random_points(landscape).reshape(5, 8, *d)
    assert landscape(points).shape == (5, 8)
    assert landscape.gradient(points).shape == (5, 8, *d)
    assert landscape.hessian(points).shape == (5, 8, *d, *d)
    one = float(points[0, 0]) if not d else points[0, 0]
    assert type(landscape(one)) is float
    assert (type(landscape.gradient(one)) is float) == (not d)
    np.testing.assert_allclose(landscape(one), landscape(points)[0, 0], rtol=1e-14)
    np.testing.assert_allclose(landscape.gradient(one), landscape.gradient(points)[0, 0], 1e-13)
    np.testing.assert_allclose(landscape.hessian(one), landscape.hessian(points)[0, 0], 1e-13)


def test_whole_numbers_and_lists_are_points_too():
    assert type(landscapes.parabola(3)) is float
    assert landscapes.parabola.gradient([1, 2]).tolist() == [2, 4]
    assert landscapes.parabola.hessian(np.int64(7)) == 2.0
    assert landscapes.bowl((1, 1)) == 6.0
    assert landscapes.bowl(np.empty((0, 2))).shape == (0,)


def test_a_landscape_never_changes_its_argument():
    points = np.ones((3, 2))
    landscapes.bowl.gradient(points)[...] = 7
    assert (points == 1).all()


@settings(deadline=None)
@given(st.floats() | st.lists(st.floats(), min_size=1))
def test_no_number_makes_a_landscape_raise_or_warn(x):
    wild = landscapes.define("exp(x)/x + log(x) + x**-3 + tan(x) + sqrt(x)", (1, 2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for landscape in (landscapes.ripple, landscapes.triple_well, wild):
            for function in (landscape, landscape.gradient, landscape.hessian):
                assert np.shape(function(x)) == np.shape(x)


@settings(deadline=None)
@given(st.floats(width=16))
def test_one_point_and_many_agree_even_where_they_are_not_finite(x):
    wild = landscapes.define("1/(1 + exp(-x)) + 1/x + log(1 + exp(x))", (1, 2))
    for function in (wild, wild.gradient, wild.hessian):
        np.testing.assert_allclose(function(x), function(np.array([x]))[0], rtol=1e-12)


@pytest.mark.parametrize("x", [1.0, [1.0], [1.0, 2.0, 3.0], np.ones((2, 3))], ids=str)
def test_a_point_of_the_wrong_shape_is_refused(x):
    with pytest.raises(ValueError, match=r"a point of bowl has 2 coordinates \(w1, w2\)"):
        landscapes.bowl(x)


@pytest.mark.parametrize("x", ["a", None, [1j], {}], ids=str)
def test_a_point_that_is_no_number_is_refused(x):
    with pytest.raises(ValueError, match="x must hold real numbers"):
        landscapes.parabola.gradient(x)


@pytest.mark.parametrize(
    ("formula", "domain", "complaint"),
    [
        ("x**2", (3, -3), "one pair"),
        ("x**2", (1, 1), "one pair"),
        ("x**2", (0, math.inf), "one pair"),
        ("x**2", (math.nan, 1), "one pair"),
        ("x**2", ((0, 1), (0, 1)), "one pair"),
        ("x**2", 5, "one pair"),
        ("x**2", None, "one pair"),
        ("x**2", "ab", "one pair"),
        ("x*y", (0, 1), "2 pairs"),
        ("x*y", ((0, 1), (1, 0)), "2 pairs"),
        ("x*y*z", ((0, 1), (0, 1)), "3 pairs"),
        ("3 + pi", (0, 1), "has no variable"),
        ("log(x)", (-2, -1), "has no finite value in the domain"),
    ],
)
def test_a_domain_that_does_not_fit_is_refused(formula, domain, complaint):
    with pytest.raises(ValueError, match=complaint):
        landscapes.define(formula, domain)


@pytest.mark.parametrize("names", [("x",), ("x", "x", "y"), ("x", "q w"), ("x", "y", "lambda")])
def test_variables_must_be_those_of_the_formula(names):
    with pytest.raises(ValueError, match="variable"):
        landscapes.define("x*y", ((0, 1),) * len(names), variables=names)


def test_variables_are_sorted_by_name_or_as_given():
    box = ((0, 1),) * 3
    assert landscapes.define("w10 + w2*w1", box).variables == ("w1", "w2", "w10")
    turned = landscapes.define("x - y", box[:2], variables=("y", "x"))
    assert turned((5.0, 7.0)) == 2.0
    assert turned.gradient((5.0, 7.0)).tolist() == [-1, 1]


def test_a_variable_that_cancels_still_counts():
    flat = landscapes.define("x - x + y**2", ((0, 1), (0, 1)))
    assert flat.gradient(np.full((3, 2), 2.0)).tolist() == [[0, 4]] * 3


@EVERY
def test_the_python_of_a_landscape_makes_it_again(landscape):
    assert eval(landscape.python, {"landscapes": landscapes}) is landscape


@pytest.mark.parametrize(
    "landscape",
    [
        landscapes.define("x**2", (-1, 2)),
        landscapes.define("y - x**2", ((-1, 2), (0, 1)), name="cup", variables=("y", "x")),
    ],
    ids=lambda landscape: landscape.name,
)
def test_the_python_of_a_defined_landscape_makes_an_equal_one(landscape):
    assert eval(landscape.python, {"landscapes": landscapes}) == landscape


@pytest.mark.parametrize(
    ("formula", "domain", "expected"),
    [
        ("x**4 + 1", (-3, 3), [0]),
        ("x**3", (-3, 3), []),
        ("cos(x)", (0.1, 3), []),
        ("x - log(x)", (-2, 4), [1]),
        ("(x + y)**2", ((-3, 3), (-3, 3)), np.empty((0, 2))),
        ("x**2 + y**2 + (z - 1)**2", ((-2, 2),) * 3, [(0, 0, 1)]),
        ("x**2 - 0.5*exp(-1000*(x - 1)**2)", (-3, 3), [0, 0.997996]),
    ],
)
def test_minima_are_isolated_low_points_inside_the_domain(formula, domain, expected):
    minima = landscapes.define(formula, domain).minima
    assert minima.shape == np.shape(expected)
    np.testing.assert_allclose(minima, expected, atol=1e-6)


def test_all_of_many_minima_are_found():
    minima = landscapes.define("sin(20*x)", (-10, 10)).minima
    expected = (np.arange(-33, 33) - 0.25) * math.pi / 10
    np.testing.assert_allclose(np.sort(minima), expected[np.abs(expected) < 10], atol=1e-12)
