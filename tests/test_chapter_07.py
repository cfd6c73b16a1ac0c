"""The bounds of the chapter on convergence, held against runs over grids of κ, η and seeds."""

import numpy as np
import pytest

from helpers import descend, landscapes, noise, optimizers, schedules

KAPPAS = (1.0, 2.0, 5.0, 10.0, 100.0)
SHARES = (0.05, 0.3, 0.7, 1.0)  # of the rate 1 / L
SEEDS = range(5)
ROUNDING = 1 + 1e-9
SOFT = landscapes.define("0.1*x**2 + log(1 + exp(x - 4))", domain=(-6, 11))
SOFT_MU, SOFT_L = 0.2, 0.45
STRAIGHT = landscapes.define("sqrt(1 + x**2) - 1", domain=(-10, 10))


class Quadratic:
    """Half of the sum of curvature times coordinate squared, in axes turned at random."""

    def __init__(self, curvatures, seed):
        turn, _ = np.linalg.qr(np.random.RandomState(seed).randn(len(curvatures), len(curvatures)))
        self.matrix = turn @ np.diag(curvatures) @ turn.T

    def __call__(self, w):
        return 0.5 * np.einsum("...i,ij,...j->...", w, self.matrix, w)

    def gradient(self, w):
        return np.asarray(w) @ self.matrix


def quadratic(kappa, seed, dimension=6):
    between = np.random.RandomState(seed + 100).uniform(1, kappa, dimension - 2)
    return Quadratic(np.array([1.0, *between, kappa]), seed)


def start_of(seed, dimension=6):
    return np.random.RandomState(seed + 200).uniform(-3, 3, dimension)


def accelerated(gradient, start, smoothness, n_steps, ahead):
    points, y = [np.asarray(start, float)], np.asarray(start, float)
    for t in range(1, n_steps + 1):
        w = y - gradient(y) / smoothness
        y = w + ahead(t) * (w - points[-1])
        points.append(w)
    return np.array(points)


def sliding(t):
    return (t - 1) / (t + 2)


def chain(n):
    """The tridiagonal matrix and the pull of the lower bound's worst function, with L = 4."""
    return 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1), np.eye(n)[0]


# -- known answers


@pytest.mark.parametrize("kappa", KAPPAS)
def test_at_the_best_rate_a_bowl_runs_exactly_along_its_bound(kappa):
    path = descend(landscapes.stretched_bowl(kappa), (4, 2.5), 2 / (1 + kappa), 30)
    factor = (kappa - 1) / (kappa + 1)
    expected = path.values[0] * factor ** (2 * np.arange(31))
    np.testing.assert_allclose(path.values, expected, rtol=1e-9, atol=1e-25)


@pytest.mark.parametrize("power", [4, 6, 10])
def test_a_flat_minimum_is_approached_by_its_own_power_of_t(power):
    flat = landscapes.define(f"x**{power}", domain=(-1.2, 1.2))
    path = descend(flat, 1.0, 1 / (power * (power - 1)), 20_000)
    slope = np.log(path.values[20_000] / path.values[5_000]) / np.log(4)
    assert slope == pytest.approx(-power / (power - 2), rel=0.01)


@pytest.mark.parametrize("n", [1, 4, 30])
def test_a_worst_convex_function_reaches_half_of_the_bound(n):
    tau, x = 1 / (2 * n + 1), 1.0
    for _ in range(n):
        x -= np.clip(x, -tau, tau)
    assert tau * x - tau**2 / 2 == pytest.approx(1 / (4 * n + 2))
    assert tau * x - tau**2 / 2 <= 1 / (2 * n)


@pytest.mark.parametrize("eta", [0.2, 0.1, 0.05])
def test_the_noise_floor_is_the_exact_one(eta):
    noisy = noise.Noisy(landscapes.stretched_bowl(5), sigma=1.0)
    starts = np.tile([4.0, 2.5], (300, 1))
    path = descend(noisy, starts, eta, 500, rng=np.random.RandomState(4))
    exact = sum(eta / (2 * (2 - eta * curvature)) for curvature in (1, 5))
    assert path.values[300:].mean() == pytest.approx(exact, rel=0.05)


def test_the_chain_has_the_minimum_that_the_proof_says():
    for n in (1, 2, 5, 21):
        matrix, pull = chain(n)
        lowest = np.linalg.solve(matrix, pull)
        np.testing.assert_allclose(lowest, 1 - np.arange(1, n + 1) / (n + 1))
        value = lowest @ matrix @ lowest / 2 - lowest[0]
        assert value == pytest.approx(-0.5 * (1 - 1 / (n + 1)))
        assert 0 < np.linalg.eigvalsh(matrix).min() <= np.linalg.eigvalsh(matrix).max() < 4


# -- the bounds


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("share", [0.1, 0.5, 1.0, 1.5, 1.9, 2.1])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_quadratic_exceeds_its_bound(kappa, share, seed):
    f, start, eta = quadratic(kappa, seed), start_of(seed), share / kappa
    path = descend(f, start, eta, 60)
    factor = max(abs(1 - eta), abs(1 - eta * kappa)) ** np.arange(61)
    distance = np.linalg.norm(path.points, axis=-1)
    tiny = 1e-14 * distance[0]  # where the factor is 0, rounding is left
    assert (distance <= factor * distance[0] * ROUNDING + tiny).all()
    assert (path.values <= factor**2 * path.values[0] * ROUNDING + tiny**2 * kappa).all()


@pytest.mark.parametrize("kappa", KAPPAS)
def test_no_rate_has_a_smaller_factor_than_the_best(kappa):
    rates = np.linspace(0.01, 3, 4001)
    factors = np.maximum(abs(1 - rates), abs(1 - rates * kappa))
    assert (factors >= (kappa - 1) / (kappa + 1) - 1e-12).all()


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", SEEDS)
def test_quadratics_keep_the_convex_and_the_strongly_convex_bound(kappa, share, seed):
    f, start, eta = quadratic(kappa, seed), start_of(seed), share / kappa
    path = descend(f, start, eta, 200)
    t, first = np.arange(201), start @ start
    squared = np.sum(path.points**2, axis=-1)
    tiny = 1e-28 * first
    assert (squared <= (1 - eta) ** t * first * ROUNDING + tiny).all()
    assert (path.values[1:] <= first / (2 * eta * t[1:]) * ROUNDING).all()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("start", [-30.0, -1.0, 3.0, 6.0, 40.0])
def test_a_function_that_is_no_quadratic_keeps_them_too(share, start):
    eta, lowest = share / SOFT_L, SOFT.minima[0]
    path = descend(SOFT, start, eta, 300)
    t, squared = np.arange(301), (path.points - lowest) ** 2
    rounding = 1e-22 * (1 + squared[0])
    assert (squared <= (1 - eta * SOFT_MU) ** t * squared[0] + rounding).all()
    gap = path.values - SOFT(lowest)
    assert (gap[1:] <= squared[0] / (2 * eta * t[1:]) + 1e-12).all()
    best = descend(SOFT, start, 2 / (SOFT_MU + SOFT_L), 300)
    kappa = SOFT_L / SOFT_MU
    allowed = ((kappa - 1) / (kappa + 1)) ** t * abs(start - lowest)
    assert (abs(best.points - lowest) <= allowed + 1e-10).all()
    assert (gap <= path.gradient_norms**2 / (2 * SOFT_MU) + 1e-12).all()


@pytest.mark.parametrize("power", [4, 6, 10])
@pytest.mark.parametrize("reach", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("share", SHARES)
def test_merely_convex_powers_keep_the_convex_bound(power, reach, share):
    eta = share / (power * (power - 1) * reach ** (power - 2))
    path = descend(landscapes.define(f"x**{power}", domain=(-3, 3)), reach, eta, 2000)
    t = np.arange(1, 2001)
    assert (abs(path.points) <= reach).all()
    assert (path.values[1:] <= reach**2 / (2 * eta * t)).all()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("seed", SEEDS)
def test_without_convexity_the_least_gradient_keeps_its_bound(share, seed):
    start = np.random.RandomState(seed).uniform(-6, 6, 2)
    for f, smoothness, low in [(landscapes.hills, 1.0, -1.0), (landscapes.ripple_2d, 1.2, -2.0)]:
        eta = share / smoothness
        path = descend(f, start, eta, 300)
        least = np.minimum.accumulate(path.gradient_norms[:300] ** 2)
        t = np.arange(1, 301)
        assert (least <= 2 * (path.values[0] - low) / (eta * t)).all()
        falls = path.values[:-1] - path.values[1:]
        assert (falls >= eta / 2 * path.gradient_norms[:-1] ** 2 - 1e-12).all()


@pytest.mark.parametrize("kappa", KAPPAS[1:])
@pytest.mark.parametrize("sigma", [0.3, 2.0])
@pytest.mark.parametrize("seed", range(3))
def test_noisy_runs_keep_their_bounds_on_average(kappa, sigma, seed):
    """The mean of 200 runs; for single runs the theorems promise nothing."""
    noisy = noise.Noisy(landscapes.stretched_bowl(kappa), sigma=sigma)
    starts = np.tile([4.0, 2.5], (200, 1))
    t, first, variance = np.arange(401), 22.25, 2 * sigma**2

    def mean(rate):
        rule = optimizers.plain(rate)
        path = descend(noisy, starts, rule, 400, rng=np.random.RandomState(seed))
        return np.mean(np.sum(path.points**2, axis=-1), axis=-1)

    for share in SHARES:
        eta = share / kappa
        assert (mean(eta) <= (1 - eta) ** t * first * ROUNDING + eta * variance).all()
    falling = schedules.inverse_time(1 / kappa, decay=1 / (2 * kappa))
    assert falling(7) == pytest.approx(2 / (7 + 2 * kappa))
    promised = max(2 * kappa * first, 4 * variance) / (t + 2 * kappa)
    assert (mean(falling) <= promised * ROUNDING).all()


@pytest.mark.parametrize("eta0", [0.1, 1.0, 5.0])
@pytest.mark.parametrize("sigma", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(3))
def test_the_average_of_noisy_convex_runs_keeps_its_bound(eta0, sigma, seed):
    noisy, t = noise.Noisy(STRAIGHT, sigma=sigma), np.arange(1, 1001)
    rule = optimizers.plain(schedules.inverse_sqrt(eta0))
    path = descend(noisy, np.full(200, 5.0), rule, 1000, rng=np.random.RandomState(seed))
    rates = (eta0 / np.sqrt(t))[:, None]
    average = np.cumsum(rates * path.points[:1000], axis=0) / np.cumsum(rates, axis=0)
    square = 1 + sigma**2  # slopes of at most 1
    bound = (25 + eta0**2 * square * (1 + np.log(t))) / (2 * eta0 * np.sqrt(t))
    assert (STRAIGHT(average).mean(axis=1) <= bound).all()


@pytest.mark.parametrize("kappa", KAPPAS)
@pytest.mark.parametrize("seed", SEEDS)
def test_accelerated_runs_keep_their_bounds(kappa, seed):
    f, start, t = quadratic(kappa, seed), start_of(seed), np.arange(1, 301)
    first = start @ start
    gap = f(accelerated(f.gradient, start, kappa, 300, sliding))[1:]
    assert (gap <= 2 * kappa * first / (t + 1) ** 2).all()
    beta = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
    gap = f(accelerated(f.gradient, start, kappa, 300, lambda t: beta))[1:]
    allowed = (1 - 1 / np.sqrt(kappa)) ** t * (f(start) + first / 2)
    assert (gap <= allowed * ROUNDING + 1e-24).all()


@pytest.mark.parametrize("start", [-30.0, 3.0, 40.0])
def test_accelerated_runs_keep_their_bound_where_f_is_no_quadratic(start):
    lowest, t = SOFT.minima[0], np.arange(1, 301)
    points = accelerated(SOFT.gradient, start, SOFT_L, 300, sliding)[1:]
    bound = 2 * SOFT_L * (start - lowest) ** 2 / (t + 1) ** 2
    assert (SOFT(points) - SOFT(lowest) <= bound + 1e-12).all()


@pytest.mark.parametrize("t", [1, 2, 10, 40])
def test_no_method_gets_below_the_lower_bound(t):
    n = 2 * t + 1
    matrix, pull = chain(n)
    lowest = np.linalg.solve(matrix, pull)

    def f(w):
        return w @ matrix @ w / 2 - w[0]

    def gradient(w):
        return matrix @ w - pull

    plain = np.zeros(n)
    for _ in range(t):
        plain = plain - gradient(plain) / 4
    fast = accelerated(gradient, np.zeros(n), 4, t, sliding)[-1]
    best = np.zeros(n)  # of all combinations of the first t gradients
    best[:t] = np.linalg.solve(matrix[:t, :t], pull[:t])
    bound = 3 * 4 * (lowest @ lowest) / (32 * (t + 1) ** 2)
    for w in (plain, fast, best):
        assert (w[t:] == 0).all()
        assert f(w) - f(lowest) >= bound
    assert f(best) - f(lowest) == pytest.approx(0.5 * (1 / (t + 1) - 1 / (n + 1)))
