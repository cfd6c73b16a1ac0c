import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import descend, landscapes, optimizers, schedules

REFERENCE = json.loads(
    (Path(__file__).parent / "reference" / "torch_trajectories.json").read_text()
)
# The rules of reference/make_torch_trajectories.py, by the same names.
RULES = {
    "plain": optimizers.plain(1e-3),
    "momentum": optimizers.momentum(1e-3, beta=0.9),
    "nesterov": optimizers.nesterov(1e-3, beta=0.9),
    "adagrad": optimizers.adagrad(0.5),
    "adagrad, eps 0.1": optimizers.adagrad(0.5, eps=0.1),
    "rmsprop": optimizers.rmsprop(0.01),
    "rmsprop, decay 0.9, eps 0.1": optimizers.rmsprop(0.01, decay=0.9, eps=0.1),
    "adam": optimizers.adam(0.1),
    "adam, betas 0.5 and 0.9, eps 0.1": optimizers.adam(0.1, b1=0.5, b2=0.9, eps=0.1),
    "adamw": optimizers.adamw(0.1),
    "adamw, weight decay 0.5": optimizers.adamw(0.1, weight_decay=0.5),
    "plain, clipped at 10": optimizers.clip(optimizers.plain(1e-3), 10),
    "plain, step decay": optimizers.plain(schedules.step_decay(1e-3, drop=0.5, every=10)),
    "momentum, exponential": optimizers.momentum(schedules.exponential(1e-3, decay=0.96)),
    "adam, cosine": optimizers.adam(schedules.cosine(0.1, n_steps=50)),
    "adagrad, warm restarts": optimizers.adagrad(schedules.warm_restarts(0.5, period=5, factor=2)),
}
STARTS = {"bowl": (4.0, 2.5), "ripple_2d": (-5.0, 4.0), "rosenbrock": (-1.5, 2.0)}
ONE_OF_EACH = {
    "plain": optimizers.plain(0.1),
    "momentum": optimizers.momentum(0.1),
    "nesterov": optimizers.nesterov(0.1),
    "adagrad": optimizers.adagrad(0.1),
    "rmsprop": optimizers.rmsprop(0.1),
    "adam": optimizers.adam(0.1),
    "adamw": optimizers.adamw(0.1),
    "newton": optimizers.newton(landscapes.ripple.hessian, damping=2.0),
    "clip": optimizers.clip(optimizers.momentum(0.1), 1.0),
}


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("landscape", STARTS)
def test_a_rule_takes_the_steps_of_torch(landscape, name):
    path = descend(getattr(landscapes, landscape), STARTS[landscape], RULES[name], 50)
    np.testing.assert_allclose(
        path.points[REFERENCE["steps"]],
        REFERENCE["points"][landscape][name],
        rtol=1e-10,
        atol=1e-12,
    )


def test_every_stored_trajectory_is_compared():
    assert set(REFERENCE["points"]) == set(STARTS)
    assert all(set(by_rule) == set(RULES) for by_rule in REFERENCE["points"].values())


@pytest.mark.parametrize("make", [optimizers.momentum, optimizers.nesterov])
def test_zero_momentum_is_plain_descent(make):
    still = descend(landscapes.ripple_2d, (-5, 4), make(0.1, beta=0), 100)
    plain = descend(landscapes.ripple_2d, (-5, 4), 0.1, 100)
    np.testing.assert_array_equal(still.points, plain.points)


def test_no_weight_decay_is_adam():
    adam = descend(landscapes.bowl, (4, 2), optimizers.adam(0.1), 100)
    adamw = descend(landscapes.bowl, (4, 2), optimizers.adamw(0.1, weight_decay=0), 100)
    np.testing.assert_array_equal(adamw.points, adam.points)


def test_a_limit_out_of_reach_changes_nothing():
    clipped = descend(landscapes.bowl, (4, 2), optimizers.clip(optimizers.adam(0.1), 1e9), 50)
    free = descend(landscapes.bowl, (4, 2), optimizers.adam(0.1), 50)
    np.testing.assert_array_equal(clipped.points, free.points)


@settings(deadline=None)
@given(st.floats(-5, 5), st.floats(-3, 3), st.floats(1e-4, 0.5), st.floats(0, 0.99))
def test_momentum_on_a_quadratic_follows_its_recurrence(x, y, rate, beta):
    """x_(t+1) = x_t - rate H x_t + beta (x_t - x_(t-1)), Polyak's own form."""
    points = descend(landscapes.bowl, (x, y), optimizers.momentum(rate, beta), 5).points
    curvatures = np.array([2.0, 10.0])
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        expected = here - rate * curvatures * here + beta * (here - before)
        np.testing.assert_allclose(after, expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_numbers_points_and_batches_descend_alike(name):
    rule, starts = ONE_OF_EACH[name], np.array([-5.0, 1.0, 7.0])
    batch = descend(landscapes.ripple, starts, rule, 40)
    singles = [descend(landscapes.ripple, float(x), rule, 40).points for x in starts]
    np.testing.assert_allclose(batch.points.T, singles, rtol=1e-10)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_an_update_changes_nothing_in_place(name):
    rule, x, gradient = ONE_OF_EACH[name], np.array([1.0, 2.0]), np.array([3.0, -4.0])
    state = rule.init(x)
    first = rule.update(gradient, state, x)
    again = rule.update(gradient, state, x)
    assert x.tolist() == [1, 2] and gradient.tolist() == [3, -4]
    np.testing.assert_array_equal(first[0], again[0])


@pytest.mark.parametrize(
    "landscape", [landscapes.parabola, landscapes.bowl, landscapes.tilted_bowl]
)
def test_newton_arrives_on_a_quadratic_in_one_step(landscape):
    start = 3.0 if landscape.dimension == 1 else (3.0, -2.0)
    path = descend(landscape, start, optimizers.newton(landscape.hessian), 1)
    np.testing.assert_allclose(path.points[-1], 0, atol=1e-15)


def test_newton_solves_for_each_member_of_a_batch():
    starts = np.random.default_rng(0).normal(size=(5, 2))
    rule = optimizers.newton(landscapes.rosenbrock.hessian, learning_rate=0.5, damping=3.0)
    path = descend(landscapes.rosenbrock, starts, rule, 1)
    for start, end in zip(starts, path.points[-1], strict=True):
        matrix = landscapes.rosenbrock.hessian(start) + 3 * np.eye(2)
        step = np.linalg.inv(matrix) @ landscapes.rosenbrock.gradient(start)
        np.testing.assert_allclose(end, start - 0.5 * step, rtol=1e-10)


def test_newton_without_curvature_diverges_without_a_word():
    flat = landscapes.define("x**3 + y", ((-1, 1), (-1, 1)))
    path = descend(flat, (1.0, 0.0), optimizers.newton(flat.hessian), 10)
    assert (path.status, path.steps) == ("diverged", 0)
    flat = landscapes.define("x**3", (-1, 1))
    assert descend(flat, 0.0, optimizers.newton(flat.hessian), 10).status == "diverged"


@pytest.mark.parametrize(
    ("rule", "shown"),
    [
        (optimizers.plain(0.1), "plain(learning_rate=0.1)"),
        (optimizers.adam(1), "adam(learning_rate=1.0, b1=0.9, b2=0.999, eps=1e-08)"),
        (
            optimizers.plain(schedules.cosine(0.1, 5)),
            "plain(learning_rate=cosine(0.1, n_steps=5))",
        ),
        (optimizers.clip(optimizers.plain(2), 1), "plain(learning_rate=2.0, clip=1.0)"),
    ],
)
def test_a_rule_shows_its_name_and_settings(rule, shown):
    assert repr(rule) == shown


BAD_RATES = [0, -0.1, float("nan"), float("inf"), None, "0.1", [0.1], True]


@pytest.mark.parametrize("rate", BAD_RATES, ids=str)
@pytest.mark.parametrize("name", ["plain", "momentum", "nesterov", "adagrad", "rmsprop", "adam"])
def test_a_learning_rate_is_a_number_above_zero(name, rate):
    with pytest.raises(ValueError, match="learning_rate must be a finite number > 0, not"):
        getattr(optimizers, name)(rate)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: optimizers.momentum(0.1, beta=1), "beta must be a finite number >= 0 and < 1"),
        (lambda: optimizers.nesterov(0.1, beta=-0.1), "beta must be .* not -0.1"),
        (lambda: optimizers.adagrad(0.1, eps=0), "eps must be a finite number > 0, not 0"),
        (lambda: optimizers.rmsprop(0.1, decay=1), "decay must be a finite number >= 0 and < 1"),
        (lambda: optimizers.adam(0.1, b1=1.0), "b1 must be a finite number >= 0 and < 1"),
        (lambda: optimizers.adam(0.1, b2=2), "b2 must be a finite number >= 0 and < 1, not 2"),
        (lambda: optimizers.adamw(0.1, weight_decay=-1), "weight_decay must be a finite"),
        (lambda: optimizers.newton(None), "hessian must be a function, not None"),
        (lambda: optimizers.newton(abs, damping=-1), "damping must be a finite number >= 0"),
        (lambda: optimizers.clip(optimizers.plain(1), 0), "limit must be a finite number > 0"),
        (lambda: optimizers.clip(0.1, 10), "clip takes an Optimizer such as plain"),
    ],
)
def test_a_rule_refuses_what_makes_no_sense(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
