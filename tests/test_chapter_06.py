"""What the chapter on batch, stochastic and mini-batch descent claims, over grids of settings."""

from itertools import combinations

import numpy as np
import pytest

from helpers import datasets, descend, landscapes, models, noise, schedules, stochastic

X, Y = datasets.regression_42()
N = len(X)
MODEL = models.LinearRegression(X, Y, half=True)
BEST = MODEL.minima[0]
LEAST = MODEL(BEST)
INPUTS = np.stack([X, np.ones(N)], axis=1)
CURVATURES = INPUTS[:, :, None] * INPUTS[:, None, :]
AT_BEST = (MODEL.predict(BEST, X) - Y)[:, None] * INPUTS


def rows_at(theta):
    """The gradient of each row alone."""
    return (INPUTS @ np.asarray(theta) - Y)[:, None] * INPUTS


def spread(gradients):
    return np.mean(np.sum((gradients - gradients.mean(axis=0)) ** 2, axis=1))


def step(theta, batch, rate):
    """One update of many runs at once; theta: (runs, 2), batch: row numbers (runs, B)."""
    errors = theta[:, :1] * X[batch] + theta[:, 1:] - Y[batch]
    slopes = [np.mean(errors * X[batch], axis=1), np.mean(errors, axis=1)]
    return theta - rate * np.stack(slopes, axis=1)


def squared_distances(rows, rates, start):
    """Squared distances to the minimum of many runs at once; rows: (steps, runs, B)."""
    theta, distances = np.tile(start, (rows.shape[1], 1)), []
    for batch, rate in zip(rows, rates, strict=True):
        theta = step(theta, batch, rate)
        distances.append(np.sum((theta - BEST) ** 2, axis=1))
    return np.array(distances)


def loss_by_floor(rate, c):
    """The long-run loss above the minimum from the stationary equation of the second moments."""
    h, one = CURVATURES.mean(axis=0), np.eye(2)
    pairs = np.mean([np.kron(a, a) for a in CURVATURES], axis=0)
    drift = rate * (np.kron(h, one) + np.kron(one, h))
    left = drift - rate**2 * ((1 - c) * np.kron(h, h) + c * pairs)
    noise_at_best = AT_BEST.T @ AT_BEST / N
    sigma = np.linalg.solve(left, rate**2 * c * noise_at_best.ravel())
    return np.trace(h @ sigma.reshape(2, 2)) / 2


def test_batch_descent_ends_where_the_syllabus_says():
    end = descend(MODEL, (0, 0), 0.1, 100).points[-1]
    np.testing.assert_allclose(end, [3.04999022, 2.0448391], atol=5e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("size", "rate"), [(1, 0.01), (32, 0.05), (N, 0.1)])
def test_every_variant_ends_near_the_least_squares_line(size, rate, seed):
    rng, n_steps = np.random.RandomState(seed), 100 * -(-N // size)
    run = descend(stochastic.Minibatches(MODEL, size), (0, 0), rate, n_steps, rng=rng)
    assert np.abs(run.points[-1] - BEST).max() < 0.1


def test_a_batch_of_everything_is_batch_descent():
    rng = np.random.RandomState(3)
    run = descend(stochastic.Minibatches(MODEL, N), (0, 0), 0.1, 50, rng=rng)
    np.testing.assert_allclose(run.points, descend(MODEL, (0, 0), 0.1, 50).points, atol=1e-12)


@pytest.mark.parametrize("size", range(1, 8))
@pytest.mark.parametrize("theta", [(0.0, 0.0), (3.0, -1.0)])
def test_all_batches_together_are_unbiased_and_have_the_exact_variance(theta, size):
    few = models.LinearRegression(X[:7], Y[:7], half=True)
    batches = [np.array(chosen) for chosen in combinations(range(7), size)]
    gradients = np.array([few.rows_gradient(theta, rows) for rows in batches])
    np.testing.assert_allclose(gradients.mean(axis=0), few.gradient(theta), atol=1e-12)
    expected = spread(rows_at(theta)[:7]) / size * (7 - size) / (7 - 1)
    np.testing.assert_allclose(spread(gradients), expected, atol=1e-12)


@pytest.mark.parametrize("size", [1, 8, 32, 128, 190])
def test_sampled_gradients_have_the_variance_with_the_finite_population_factor(size):
    model = models.LinearRegression(X, Y, half=True, batch_size=size)
    rng = np.random.RandomState(0)
    gradients = np.array([model.sample_gradient((0.0, 0.0), rng) for _ in range(3000)])
    expected = spread(rows_at((0, 0))) / size * (N - size) / (N - 1)
    np.testing.assert_allclose(spread(gradients), expected, rtol=0.12)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1, 4, 32])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.9])
def test_the_mean_squared_distance_stays_below_the_bound(share, size, seed):
    # E|g|^2 <= 2 E|A d|^2 + 2 E|xi|^2, where batch gradients are A d + xi: so M and sigma^2.
    h = CURVATURES.mean(axis=0)
    squares = np.mean(CURVATURES @ CURVATURES, axis=0)
    m = 2 * np.linalg.eigvalsh(h @ h + (squares - h @ h) / size)[-1]
    sigma2 = 2 * spread(AT_BEST) / size
    mu = MODEL.curvatures[0]
    rate = share * 2 * mu / m
    rows = np.random.default_rng(seed).integers(N, size=(300, 400, size))
    measured = squared_distances(rows, np.full(300, rate), np.zeros(2))
    t = np.arange(1, 301)
    factor = 1 - 2 * mu * rate + m * rate**2
    bound = factor**t * np.sum(BEST**2) + rate * sigma2 / (2 * mu - m * rate)
    by_chance = 4 * measured.std(axis=1) / 400**0.5
    assert (measured.mean(axis=1) <= bound + by_chance).all()


@pytest.mark.parametrize("size", [1, 8])
@pytest.mark.parametrize("rate", [0.02, 0.1, 0.3])
def test_independent_draws_hover_at_the_exact_floor(rate, size):
    rows = np.random.default_rng(1).integers(N, size=(1000, 300, size))
    losses, theta = [], np.tile(BEST, (300, 1))
    for batch in rows:
        theta = step(theta, batch, rate)
        losses.append(np.mean(MODEL(theta)) - LEAST)
    np.testing.assert_allclose(np.mean(losses[300:]), loss_by_floor(rate, 1 / size), rtol=0.1)


@pytest.mark.parametrize("c", [1.0, 1 / 8, (N - 32) / (32 * (N - 1))])
def test_the_floor_is_proportional_to_the_rate_to_first_order(c):
    first_order = c * spread(AT_BEST) / 4
    for rate in (1e-2, 1e-3, 1e-4):
        floor = loss_by_floor(rate, c)
        assert abs(floor / (rate * first_order) - 1) < 3 * rate


def test_reshuffled_epochs_hover_by_the_square_of_a_small_rate_and_lower_at_their_ends():
    rng, means, ends = np.random.default_rng(0), [], []
    packs = rng.permuted(np.tile(np.arange(N), (100, 20, 1)), axis=2).reshape(100, -1)
    for rate in (0.001, 0.002):
        theta, losses = np.tile(BEST, (100, 1)), []
        for batch in packs.T[:, :, None]:
            theta = step(theta, batch, rate)
            losses.append(np.mean(MODEL(theta)) - LEAST)
        means.append(np.mean(losses[5 * N :]))
        ends.append(np.mean(losses[6 * N - 1 :: N]))
        assert means[-1] < 0.2 * loss_by_floor(rate, 1.0)
        assert ends[-1] < 0.2 * means[-1]
    assert 3 < means[1] / means[0] < 5


@pytest.mark.parametrize("seed", range(2))
def test_the_last_batch_of_an_epoch_fits_worse_than_the_whole(seed):
    rng, excess = np.random.default_rng(seed), []
    for _ in range(3000):
        theta = BEST
        for rows in datasets.batches(N, 40, rng):
            loss = np.mean((MODEL.predict(theta, X[rows]) - Y[rows]) ** 2) / 2
            excess.append(loss - MODEL(theta))
            theta = theta - 0.6 * MODEL.rows_gradient(theta, rows)
    excess = np.reshape(excess, (-1, 5))
    error = excess.std(axis=0) / len(excess) ** 0.5
    assert abs(excess[:, 0].mean()) < 4 * error[0]
    assert excess[:, -1].mean() > 3 * error[-1]


def test_unshuffled_sorted_rows_end_far_from_the_line():
    order = np.argsort(Y)
    by_target = models.LinearRegression(X[order], Y[order], half=True)
    ends = {}
    for shuffle in (True, False):
        batches = stochastic.Minibatches(by_target, 1, shuffle=shuffle)
        run = descend(batches, (0, 0), 0.05, 20 * N, rng=np.random.RandomState(0))
        ends[shuffle] = np.mean(run.values[-5 * N :]) - LEAST
    assert ends[False] > 3 * ends[True]


def test_falling_rates_do_what_their_sums_say():
    steps = np.arange(6000)
    rows = np.random.default_rng(0).integers(N, size=(len(steps), 100, 1))
    rates = {
        "constant": np.full(len(steps), 0.05),
        "1/t": schedules.inverse_time(0.1, decay=0.05)(steps),
        "exponential": schedules.exponential(0.1, decay=0.96)(steps),
    }
    ends = {
        name: squared_distances(rows, rate, np.zeros(2))[-1].mean() for name, rate in rates.items()
    }
    assert ends["1/t"] < ends["constant"] / 20
    # What is left at a total rate of 0.1 / (1 - 0.96) = 2.5, if there were no noise at all.
    left = np.exp(-2.5 * 2 * MODEL.curvatures[-1]) * np.sum(BEST**2)
    assert 0.5 * left < ends["exponential"] < 5 * left


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.2])
def test_without_disagreement_a_constant_rate_converges(rate):
    exact = models.LinearRegression(X, 3 * X + 2, half=True)
    batches = stochastic.Minibatches(exact, 1)
    run = descend(batches, (0, 0), rate, 4000, rng=np.random.RandomState(0))
    np.testing.assert_allclose(run.points[-1], (3, 2), atol=1e-9)


def test_noise_leaves_the_shallow_minimum_and_the_saddle():
    deep, shallow = landscapes.ripple.minima
    rng = np.random.default_rng(0)
    out = {}
    for start in (shallow, deep):
        noisy = noise.Noisy(landscapes.ripple, 3)
        ends = descend(noisy, np.full(500, start), 0.1, 200, rng=rng, keep="ends").points[-1]
        out[start] = np.mean((ends < 1.977383) != (start < 1.977383))
    assert out[shallow] > 0.4 and out[deep] < 0.1
    for sigma, expected in ((0, 0.0), (1e-3, 1.0)):
        noisy = noise.Noisy(landscapes.hills, sigma)
        run = descend(noisy, np.full((200, 2), 2.0), 0.1, 200, rng=rng, keep="ends")
        assert abs(np.mean(run.values[-1] < -0.9) - expected) < 0.05
