import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import Path, descend, landscapes, loops, noise, optimizers, schedules
from helpers.landscapes import LANDSCAPES

RULES = {
    "plain": optimizers.plain,
    "momentum": optimizers.momentum,
    "nesterov": optimizers.nesterov,
    "adagrad": optimizers.adagrad,
    "rmsprop": optimizers.rmsprop,
    "adam": optimizers.adam,
    "adamw": optimizers.adamw,
    "clipped": lambda rate: optimizers.clip(optimizers.plain(rate), 10),
}


class Cup:
    """An objective of somebody's own, which takes one point at a time and nothing else."""

    def __call__(self, x):
        return float(x[0] ** 2 + 5 * x[1] ** 2)

    def gradient(self, x):
        return [2 * x[0], 10 * x[1]]


class Slope:
    """One of a single number, which overflows as the math module does."""

    def __call__(self, x):
        return math.exp(x)

    def gradient(self, x):
        return math.exp(x)


def test_the_parabola_ends_where_it_is_known_to():
    path = descend(landscapes.parabola, -5, 0.1, 50)
    assert path.points[-1] == -7.136238463529802e-05
    assert path.points.shape == path.values.shape == path.gradient_norms.shape == (51,)


def test_the_bowl_ends_where_it_is_known_to():
    path = descend(landscapes.bowl, (4, 2.5), 0.08, 30)
    assert path.points.shape == (31, 2)
    np.testing.assert_allclose(path.points[-1], (0.0214, 0), atol=5e-5)
    assert path.values[-1] == pytest.approx(0.000458, abs=5e-7)


def test_rosenbrock_with_a_clipped_gradient_ends_where_it_is_known_to():
    rule = optimizers.clip(optimizers.plain(0.001), 10)
    path = descend(landscapes.rosenbrock, (-1.5, 2), rule, 5000)
    np.testing.assert_allclose(path.points[-1], (0.9181, 0.8425), atol=5e-5)
    assert path.values[-1] == pytest.approx(0.006724, abs=5e-7)


def assert_closed_form(path, start, factor):
    """Whether x_k = factor^k x_0, up to what rounding x - rate * slope may do to each step."""
    k = np.arange(path.steps + 1).reshape(-1, *[1] * np.ndim(start))
    scale = np.abs(start) * np.maximum(1, np.abs(factor)) ** k
    np.testing.assert_array_less(np.abs(path.points - start * factor**k), 1e-13 * scale + 1e-300)


@settings(deadline=None)
@given(st.floats(-6, 6), st.floats(1e-3, 1.2), st.integers(0, 60))
def test_the_parabola_follows_its_closed_form(start, rate, n):
    path = descend(landscapes.parabola, start, rate, n)
    assert path.steps == n
    assert_closed_form(path, start, 1 - 2 * rate)


@settings(deadline=None)
@given(st.floats(-5, 5), st.floats(-3, 3), st.floats(1e-3, 0.25), st.integers(0, 40))
def test_quadratics_follow_their_closed_form_in_each_direction(x, y, rate, n):
    for landscape in (landscapes.bowl, landscapes.valley, landscapes.saddle):
        path = descend(landscape, (x, y), rate, n)
        curvatures = np.diag(landscape.hessian((0.0, 0.0)))
        assert path.steps == n
        assert_closed_form(path, np.array([x, y]), 1 - rate * curvatures)


@pytest.mark.parametrize("rate", [0.001, 0.1, 1.0, 4.0])
def test_the_loop_written_out_gives_the_same_points(rate):
    x, points = 10.0, [10.0]
    for _ in range(1000):
        x = x - rate * landscapes.ripple.gradient(x)
        points.append(x)
    np.testing.assert_array_equal(descend(landscapes.ripple, 10, rate, 1000).points, points)


def test_the_fast_loop_and_the_general_one_give_the_same_points(monkeypatch):
    monkeypatch.setattr(loops, "CHUNK", 7)
    fast = descend(landscapes.triple_well, 2.5, 0.01, 100)
    general = descend(landscapes.triple_well, 2.5, optimizers.momentum(0.01, beta=0), 100)
    np.testing.assert_array_equal(fast.points, general.points)
    np.testing.assert_allclose(fast.values, general.values, rtol=1e-13)


def test_a_rule_of_ones_own_is_followed_even_if_it_has_only_a_rate():
    by_sign = optimizers.Optimizer(
        "sign",
        lambda x: None,
        lambda g, state, x: (-math.copysign(0.5, g), state),
        dict(learning_rate=0.5),
    )
    assert descend(landscapes.parabola, 2, by_sign, 3).points.tolist() == [2, 1.5, 1, 0.5]


def test_gradients_too_long_to_square_still_have_a_length():
    steep = landscapes.define("1e200*x + 1e200*y", ((0, 1), (0, 1)))
    path = descend(steep, (1.0, 1.0), 1e-200, 1)
    np.testing.assert_allclose(path.gradient_norms, math.sqrt(2) * 1e200)
    assert path.steps == 1


def test_a_million_steps_that_come_to_rest_stay_there():
    path = descend(landscapes.ripple, 10, 0.06, 1_000_000)
    assert path.points.shape == (1_000_001,) and path.steps == 1_000_000
    assert path.points[-1] == pytest.approx(3.837467, abs=5e-7)
    assert (path.points[10_000:] == path.points[-1]).all()


@pytest.mark.parametrize("landscape", LANDSCAPES.values(), ids=LANDSCAPES)
@pytest.mark.parametrize("rule", RULES)
def test_a_batch_descends_as_its_members_do(landscape, rule):
    box = np.array(landscape.domain).reshape(-1, 2)
    starts = np.random.default_rng(0).uniform(*box.T, size=(6, len(box)))
    starts = starts[:, 0] if landscape.dimension == 1 else starts
    batch = descend(landscape, starts, RULES[rule](0.01), 30)
    ends = descend(landscape, starts, RULES[rule](0.01), 30, keep="ends")
    np.testing.assert_array_equal(ends.steps, batch.steps)
    for member, start in enumerate(starts):
        alone = descend(landscape, start, RULES[rule](0.01), 30)
        kept = slice(alone.steps + 1)
        assert batch.steps[member] == alone.steps
        assert batch.status[member] == alone.status
        assert batch.status_step[member] == alone.status_step
        np.testing.assert_allclose(batch.points[kept, member], alone.points, rtol=1e-9)
        np.testing.assert_allclose(ends.points[:, member], alone.points[[0, -1]], rtol=1e-9)
        np.testing.assert_allclose(ends.values[:, member], alone.values[[0, -1]], rtol=1e-9)


def test_a_member_that_leaves_freezes_while_the_others_go_on():
    path = descend(landscapes.triple_well, [0.5, 2.0, 9.0], 0.1, 50)
    assert path.steps.tolist()[:2] == [50, 50] and path.steps[2] < 10
    assert path.status.tolist() == ["converged", "converged", "diverged"]
    assert path.points.shape == path.values.shape == path.gradient_norms.shape == (51, 3)
    assert (path.points[path.steps[2] :, 2] == path.points[path.steps[2], 2]).all()
    assert np.isfinite(path.points).all() and np.isfinite(path.values).all()


def test_a_batch_that_all_leave_is_as_long_as_its_longest_member():
    path = descend(landscapes.triple_well, [7.0, 9.0], 0.1, 50)
    assert path.points.shape == (path.steps.max() + 1, 2)


RATES = st.floats(1e-3, 1e308)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(list(LANDSCAPES)), st.sampled_from(list(RULES)), RATES, st.integers(0, 99))
def test_no_learning_rate_gives_a_nan_a_warning_or_an_exception(name, rule, rate, seed):
    landscape = LANDSCAPES[name]
    box = np.array(landscape.domain).reshape(-1, 2)
    starts = np.random.default_rng(seed).uniform(*box.T, size=(4, len(box)))
    starts = starts[:, 0] if landscape.dimension == 1 else starts
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = [
            descend(landscape, starts, RULES[rule](rate), 25),
            descend(landscape, starts, RULES[rule](rate), 25, keep="ends"),
            descend(landscape, starts[0], RULES[rule](rate), 25),
        ]
        for path in paths:
            for numbers in (path.points, path.values, path.gradient_norms):
                assert np.isfinite(numbers).all()
            left = np.atleast_1d(path.steps) < 25
            assert (np.atleast_1d(path.status)[left] == "diverged").all()
            assert "nan" not in str(path) and "\n" not in str(path)


@settings(deadline=None)
@given(RATES, st.sampled_from(list(RULES)))
def test_nor_does_one_for_an_objective_of_ones_own(rate, rule):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for objective, start in ((Cup(), (4.0, 2.5)), (Slope(), 700.0)):
            path = descend(objective, start, RULES[rule](rate), 25)
            for numbers in (path.points, path.values, path.gradient_norms):
                assert np.isfinite(numbers).all()


def test_a_run_stops_where_only_the_value_is_not_finite():
    """x - log(x) has a gradient left of 0, but no value."""
    landscape = landscapes.define("x - log(x)", (-2, 4))
    for rule in (5.0, optimizers.momentum(5.0)):
        path = descend(landscape, 3.0, rule, 20)
        assert (path.steps, path.status, path.points.tolist()) == (0, "diverged", [3.0])
    for keep in ("all", "ends"):
        batch = descend(landscape, [3.0, 1.1], 5.0, 2, keep=keep)
        assert batch.points[-1][0] == 3 and batch.steps[0] == 0


def test_a_run_stops_where_only_the_gradient_is_not_finite():
    landscape = landscapes.define("sqrt(x)", (0, 4))
    path = descend(landscape, 1.0, 2.0, 20)
    assert (path.points.tolist(), path.status) == ([1.0], "diverged")
    general = descend(landscape, 1.0, optimizers.momentum(2.0, beta=0), 20)
    assert general.points.tolist() == [1.0]


@pytest.mark.parametrize("n", [5, 1000])
def test_a_rate_past_the_limit_ends_at_the_last_finite_point(n):
    path = descend(landscapes.parabola, -5, 1e100, n)
    assert path.status == "diverged" and path.steps == 1 == len(path.points) - 1
    assert path.values[-1] == pytest.approx((5 * 2e100) ** 2)


def test_an_objective_of_ones_own_descends_like_the_landscape():
    ours = descend(Cup(), (4, 2.5), 0.08, 30)
    np.testing.assert_allclose(
        ours.points, descend(landscapes.bowl, (4, 2.5), 0.08, 30).points, rtol=1e-13
    )
    assert ours.values.shape == ours.gradient_norms.shape == (31,)
    assert ours.status == "running"


def test_a_tolerance_stops_the_run_at_the_first_flat_point():
    path = descend(landscapes.parabola, -5, 0.1, 1000, stop=1e-6)
    assert path.status == "converged" and path.status_step == path.steps < 100
    assert path.gradient_norms[-1] <= 1e-6 < path.gradient_norms[-2]
    batch = descend(landscapes.parabola, [-5.0, 0.0, 1e-3], 0.1, 1000, stop=1e-6)
    assert batch.steps.tolist()[:2] == [path.steps, 0]
    assert batch.status_step.tolist() == batch.steps.tolist()
    ends = descend(landscapes.parabola, [-5.0, 0.0, 1e-3], 0.1, 1000, stop=1e-6, keep="ends")
    np.testing.assert_array_equal(ends.points, batch.points[[0, -1]])


def test_a_tolerance_of_zero_stops_where_it_is_exactly_flat():
    assert descend(landscapes.parabola, -5, 0.5, 100, stop=0).steps == 1


def test_a_tolerance_that_is_not_reached_stops_nothing():
    assert descend(landscapes.parabola, -5, 0.1, 10, stop=1e-6).steps == 10


def test_a_function_stops_the_run_when_it_says_so():
    seen = []

    def stop(step, point, value, gradient_norm):
        seen.append((step, point, value, gradient_norm))
        return value < 1

    path = descend(landscapes.parabola, 4, 0.25, 1000, stop=stop)
    assert (path.status, path.status_step) == ("stopped", 3)
    assert seen == [(0, 4.0, 16.0, 8.0), (1, 2.0, 4.0, 4.0), (2, 1.0, 1.0, 2.0), (3, 0.5, 0.25, 1)]
    assert str(path).endswith("stopped at step 3")


def test_a_sampled_descent_follows_the_samples_and_records_the_whole():
    noisy = noise.Noisy(landscapes.bowl, sigma=3.0)
    path = descend(noisy, (4, 2), 0.04, 60, rng=np.random.RandomState(7))
    rng, x, points = np.random.RandomState(7), np.array([4.0, 2.0]), [[4.0, 2.0]]
    for _ in range(60):
        x = x - 0.04 * (landscapes.bowl.gradient(x) + 3 * rng.randn(2))
        points.append(x)
    np.testing.assert_allclose(path.points, points, rtol=1e-13)
    np.testing.assert_allclose(path.values, landscapes.bowl(np.array(points)), rtol=1e-12)
    same = descend(noisy, (4, 2), 0.04, 60, rng=np.random.RandomState(7))
    np.testing.assert_array_equal(same.points, path.points)
    batch = descend(noisy, [(4.0, 2.0)] * 3, 0.04, 60, rng=np.random.default_rng(0), keep="ends")
    assert batch.points.shape == (2, 3, 2)


def test_no_steps_leave_the_start():
    for start, shape in ((1.0, (1,)), ((1.0, 1.0), (1, 2))):
        landscape = landscapes.parabola if shape == (1,) else landscapes.bowl
        path = descend(landscape, start, 0.1, 0)
        assert path.points.shape == shape and path.steps == 0 and path.status == "running"
    assert descend(landscapes.bowl, [(1.0, 1.0)] * 3, 0.1, 0).points.shape == (1, 3, 2)


def test_ends_are_the_start_and_the_end():
    path = descend(landscapes.bowl, (4, 2.5), 0.08, 30)
    ends = descend(landscapes.bowl, (4, 2.5), 0.08, 30, keep="ends")
    np.testing.assert_array_equal(ends.points, path.points[[0, -1]])
    np.testing.assert_array_equal(ends.gradient_norms, path.gradient_norms[[0, -1]])
    assert ends.steps == 30 and isinstance(ends, Path)


def test_the_start_is_not_changed():
    starts = np.array([[4.0, 2.0], [1.0, 1.0]])
    for keep in ("all", "ends"):
        descend(landscapes.bowl, starts, 0.1, 5, keep=keep)
        assert starts.tolist() == [[4, 2], [1, 1]]


def test_a_progress_bar_is_shown_only_when_asked_for(capsys):
    for start in (1.0, [1.0, 2.0]):
        descend(landscapes.ripple, start, 0.1, 10)
    assert capsys.readouterr().err == ""
    for start in (1.0, [1.0, 2.0]):
        descend(landscapes.ripple, start, 0.1, 10, progress=True)
        assert "100%" in capsys.readouterr().err


BAD = {
    "a rate that is not positive": (
        dict(optimizer=-0.1),
        "learning_rate must be a finite number > 0",
    ),
    "a rate that is no number": (dict(optimizer="fast"), "learning_rate must be a finite number"),
    "a factory that was not called": (
        dict(optimizer=optimizers.adam),
        r"optimizer must be a learning rate > 0 or a rule such as optimizers.momentum\(0.1\)",
    ),
    "a negative number of steps": (
        dict(n_steps=-1),
        "n_steps must be a whole number >= 0, not -1",
    ),
    "half a step": (dict(n_steps=1.5), "n_steps must be a whole number >= 0, not 1.5"),
    "a start of too few coordinates": (dict(start=1.0), "a point of bowl has 2 coordinates"),
    "a start of too many coordinates": (
        dict(start=(1, 2, 3)),
        "a point of bowl has 2 coordinates",
    ),
    "a batch of batches": (dict(start=np.ones((2, 2, 2))), "start must be a number, a point"),
    "no start at all": (dict(start=np.ones((0, 2))), "start must be a number, a point"),
    "a start that is not finite": (dict(start=(1, math.inf)), "start must hold finite numbers"),
    "a start that is no number": (dict(start="here"), "start must hold real numbers"),
    "a start out of range": (dict(start=(1e300, 0)), "start must be where value and gradient are"),
    "a formula for an objective": (dict(objective="x**2"), "objective must be a function"),
    "a function without gradient": (dict(objective=abs), "objective.gradient must be a function"),
    "a seed for an rng": (dict(rng=42), "rng must be a NumPy Generator"),
    "an rng for what has no samples": (
        dict(rng=np.random.default_rng()),
        r"rng is for an objective with sample_gradient\(x, rng\)",
    ),
    "a negative tolerance": (dict(stop=-1), "stop must be a finite number >= 0, not -1"),
    "a test for a batch": (
        dict(start=np.ones((3, 2)), stop=lambda *_: True),
        "stop must be a gradient norm for a batch",
    ),
    "some of the points": (dict(keep="some"), "keep must be one of 'all', 'ends', not 'some'"),
}


@pytest.mark.parametrize("case", BAD)
def test_descend_refuses(case):
    changes, complaint = BAD[case]
    arguments = dict(objective=landscapes.bowl, start=(1.0, 1.0), optimizer=0.1, n_steps=5)
    with pytest.raises(ValueError, match=complaint):
        descend(**(arguments | changes))


def test_a_schedule_may_stand_for_plain_descent_with_it():
    schedule = schedules.exponential(0.1)
    by_schedule = descend(landscapes.bowl, (1, 1), schedule, 5)
    by_rule = descend(landscapes.bowl, (1, 1), optimizers.plain(schedule), 5)
    np.testing.assert_array_equal(by_schedule.points, by_rule.points)


def test_a_start_where_ones_own_objective_overflows_is_refused():
    with pytest.raises(ValueError, match="start must be where value and gradient are finite"):
        descend(Slope(), 1000.0, 0.1, 5)


def test_an_objective_whose_gradient_has_another_shape_is_refused():
    class Wrong(Cup):
        def gradient(self, x):
            return x.sum()

    with pytest.raises(ValueError, match=r"the value there has shape \(\) and the gradient \(\)"):
        descend(Wrong(), (1.0, 1.0), 0.1, 5)
