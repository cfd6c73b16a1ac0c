"""What the chapter on local minima says of basins, restarts, saddles, momentum and annealing."""

import numpy as np
import pytest

from helpers import descend, landscapes, models, optimizers, plots

RIPPLE, WELL, HILLS = landscapes.ripple, landscapes.triple_well, landscapes.hills
DIVIDE = 1.9773830293
SHARE = (DIVIDE + 10) / 20


def ends(landscape, starts, optimizer, n_steps):
    return descend(landscape, starts, optimizer, n_steps, keep="ends").points[-1]


def test_the_divide_is_the_ripples_maximum():
    assert abs(RIPPLE.gradient(DIVIDE)) < 1e-9 and RIPPLE.hessian(DIVIDE) < 0
    np.testing.assert_allclose(RIPPLE.minima, [-1.306440, 3.837467], atol=5e-7)
    np.testing.assert_allclose(RIPPLE(RIPPLE.minima), [-0.794582, 0.831559], atol=5e-7)


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.4, 0.83])
def test_below_one_over_l_a_run_on_the_ripple_stays_in_its_interval(rate):
    starts = np.append(plots.starts(RIPPLE, 401), [DIVIDE - 1e-6, DIVIDE + 1e-6])
    path = descend(RIPPLE, starts, rate, 4000)
    goal = np.where(starts < DIVIDE, *RIPPLE.minima)
    np.testing.assert_allclose(path.points[-1], goal, atol=1e-3)
    way = np.sign(goal - starts)
    passed = (path.points - goal) * way
    assert passed.max() < 1e-9, "a run passed its minimum"
    assert (np.diff(path.points, axis=0) * way).min() > -1e-9, "a run turned back"


def test_a_large_rate_moves_the_borders_of_the_triple_well():
    limit = 1.6 / WELL.gradient(2.6)  # one step from 2.6 lands on the maximum at 1
    starts = np.linspace(1.001, 2.6, 801)
    for rate in [0.005, 0.02, 0.99 * limit]:
        np.testing.assert_allclose(ends(WELL, starts, rate, 4000), 2, atol=1e-3)
    over = ends(WELL, starts, 1.05 * limit, 4000)
    assert abs(over[-1]) < 1e-6 and abs(over[0] - 2) < 1e-6
    assert limit < 2 / WELL.hessian(2.0) / 2


def test_restarts_find_the_share_of_the_basin():
    rng = np.random.default_rng(11)
    starts = rng.uniform(-10, 10, size=40_000)
    found = np.abs(ends(RIPPLE, starts, 0.1, 400) - RIPPLE.minima[0]) < 0.01
    assert found.mean() == pytest.approx(SHARE, abs=4 * np.sqrt(SHARE * (1 - SHARE) / 40_000))
    rounds = found.reshape(-1, 20)
    variance = 20 * SHARE * (1 - SHARE)
    assert rounds.sum(axis=1).var() == pytest.approx(variance, rel=0.15)
    for n in [1, 2, 3]:
        failed = ~rounds[:, :n].any(axis=1)
        assert failed.mean() == pytest.approx((1 - SHARE) ** n, abs=0.035)


def test_in_two_dimensions_the_share_is_squared():
    grid = plots.starts(landscapes.ripple_2d, 120)
    found = np.abs(ends(landscapes.ripple_2d, grid, 0.1, 300) + 1.30644).max(axis=1) < 0.01
    assert found.mean() == pytest.approx(((DIVIDE + 6) / 12) ** 2, abs=0.02)


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.5])
def test_the_diagonal_leads_into_the_saddle_and_a_nudge_out_of_it(rate):
    stuck = descend(HILLS, (2, 2), rate, 2000)
    np.testing.assert_allclose(stuck.points[-1], np.pi, atol=1e-9)
    np.testing.assert_allclose(np.linalg.eigvalsh(HILLS.hessian(stuck.points[-1])), [-1, 1])
    nudges = 10.0 ** -np.arange(1, 12)
    freed = descend(HILLS, np.column_stack([0 * nudges + 2, 2 + nudges]), rate, 2000)
    np.testing.assert_allclose(freed.values[-1], -1, atol=1e-9)
    steps = np.argmax(freed.values < -0.5, axis=0)
    per_zero = np.log(10) / np.log(1 + rate)  # the factor along the curvature -1
    assert np.abs(np.diff(steps) - per_zero).max() < 1.1


def test_no_random_start_ends_on_a_saddle_of_the_hills():
    starts = np.random.default_rng(5).uniform(*np.transpose(HILLS.domain), size=(5000, 2))
    path = descend(HILLS, starts, 0.5, 3000, keep="ends")
    np.testing.assert_allclose(path.values[-1], -1, atol=1e-9)


@pytest.fixture(scope="module")
def crossings():
    """For each β = 0, 0.01, ..., 0.99 whether the ball from 8 ends in the lowest minimum."""
    betas = np.arange(100) / 100
    last = [
        descend(RIPPLE, 8.0, optimizers.momentum(0.05, beta), 4000).points[-1] for beta in betas
    ]
    distance = np.abs(np.array(last)[:, None] - RIPPLE.minima)
    assert distance.min(axis=1).max() < 1e-3, "a ball has not come to rest"
    return distance.argmin(axis=1) == 0


def test_momentum_carries_the_ball_over_the_hump_from_a_threshold_on(crossings):
    assert not crossings[:87].any()
    assert crossings[87:97].all()


def test_more_momentum_is_not_always_better(crossings):
    assert not crossings[97] and crossings[98]
    path = descend(RIPPLE, 8.0, optimizers.momentum(0.05, 0.97), 4000)
    sides = path.points < DIVIDE
    assert np.sum(sides[1:] != sides[:-1]) == 2, "over the hump, and back"


def test_no_momentum_lifts_a_ball_higher_than_its_start():
    starts = np.linspace(DIVIDE + 0.01, 4.8, 30)
    assert (RIPPLE(starts) < RIPPLE(DIVIDE)).all()
    for beta in np.arange(0, 1, 0.03):
        path = descend(RIPPLE, starts, optimizers.momentum(0.05, beta), 1500)
        assert (path.points > DIVIDE).all()


def test_linear_regression_lies_below_its_chords_and_the_ripple_does_not():
    rng = np.random.default_rng(3)
    model = models.LinearRegression(rng.standard_normal(30), rng.standard_normal(30))
    for objective, convex in [(model, True), (landscapes.ripple_2d, False)]:
        a, b = rng.uniform(*np.transpose(objective.domain), size=(2, 5000, 2))
        s = rng.uniform(size=(5000, 1))
        chord = (1 - s[:, 0]) * objective(a) + s[:, 0] * objective(b)
        above = np.max(objective((1 - s) * a + s * b) - chord)
        assert (above < 1e-9) == convex


def test_of_random_symmetric_matrices_few_have_only_positive_eigenvalues():
    rng = np.random.default_rng(8)
    exact = {1: 0.5, 2: (2 - np.sqrt(2)) / 4, 3: (np.pi - 2 * np.sqrt(2)) / (4 * np.pi)}
    for d, probability in exact.items():
        a = rng.standard_normal((100_000, d, d))
        positive = np.linalg.eigvalsh(a + a.transpose(0, 2, 1))[:, 0] > 0
        assert positive.mean() == pytest.approx(probability, abs=0.006 if d < 3 else 0.002)


def test_lowering_a_large_rate_collects_runs_in_the_wide_valley():
    starts = np.linspace(-10, 10, 401)
    deep, wide = RIPPLE.hessian(RIPPLE.minima)
    assert deep > wide
    late = descend(RIPPLE, starts, 3.4, 1000).points[-200:]
    assert (late > DIVIDE).all()
