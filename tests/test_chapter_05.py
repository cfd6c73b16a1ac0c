"""What chapter 5 says of learning rates holds over grids of condition numbers, rates and seeds."""

import math

import numpy as np
import pytest

from helpers import descend, landscapes, optimizers, schedules

KAPPAS = [1, 1.5, 2, 5, 10, 100]
SHARES = [0.02, 0.3, 0.5, 0.9, 0.99, 1.0, 1.02]  # of the limit 2/λmax
SEEDS = range(5)
VALLEY, START = landscapes.valley, (4, 2.5)


class Quadratic:
    """½ wᵀAw − bᵀw."""

    def __init__(self, A, b=0.0):
        self.A, self.b = np.asarray(A), b

    def __call__(self, w):
        return 0.5 * np.sum(w * self.gradient(w, 2), axis=-1)

    def gradient(self, w, times=1):
        return np.asarray(w) @ self.A - times * self.b


def rotation(d, rng):
    return np.linalg.qr(rng.standard_normal((d, d)))[0]


def bowl(kappa, d, seed):
    """A bowl of that condition number that stands askew, its eigenvalues and a random start."""
    rng = np.random.default_rng(seed)
    eigenvalues = np.sort(np.r_[1, kappa, rng.uniform(1, kappa, d - 2)])
    axes = rotation(d, rng)
    return Quadratic((axes * eigenvalues) @ axes.T), eigenvalues, axes, rng.standard_normal(d)


def worst_factor(eigenvalues, rate):
    return np.abs(1 - rate * eigenvalues).max()


# -- the limit


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("d", [2, 7])
@pytest.mark.parametrize("kappa", [1, 20])
def test_descent_converges_from_every_start_just_below_the_limit_and_not_just_above(
    kappa, d, seed
):
    quadratic, eigenvalues, axes, start = bowl(kappa, d, seed)
    quadratic.b = np.random.default_rng(100 + seed).standard_normal(d)
    minimum = np.linalg.solve(quadratic.A, quadratic.b)
    limit = 2 / eigenvalues[-1]

    def error(start, rate):
        return np.linalg.norm(descend(quadratic, start, rate, 2000).points[-1] - minimum)

    for point in [start, minimum + axes[:, -1], minimum + axes[:, 0]]:
        assert error(point, 0.99 * limit) < 1e-9
    assert error(minimum + axes[:, -1], 1.01 * limit) > 1e6
    assert error(start, 1.01 * limit) > 1e6


@pytest.mark.parametrize("seed", SEEDS)
def test_at_the_limit_the_steepest_share_changes_its_sign_for_ever_and_the_rest_dies(seed):
    quadratic, eigenvalues, axes, start = bowl(4, 3, seed)
    path = descend(quadratic, start, 2 / eigenvalues[-1], 1000)
    along = path.points @ axes
    np.testing.assert_allclose(along[:, -1], along[0, -1] * (-1.0) ** np.arange(1001), rtol=1e-9)
    assert np.abs(along[-1, :-1]).max() < 1e-12
    assert path.status == "circling"
    assert (np.diff(path.values) <= 1e-12 * path.values[0]).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_trough_is_descended_to_the_minimum_nearest_to_the_start(seed):
    rng = np.random.default_rng(seed)
    axes = rotation(4, rng)
    A = (axes * [0, 0, 1, 5]) @ axes.T
    start, b = rng.standard_normal(4), A @ rng.standard_normal(4)
    nearest = start + np.linalg.pinv(A) @ (b - A @ start)
    end = descend(Quadratic(A, b), start, 0.99 * 2 / 5, 2000).points[-1]
    np.testing.assert_allclose(end, nearest, atol=1e-9)
    beyond = descend(Quadratic(A, b), nearest + axes[:, -1], 1.01 * 2 / 5, 1000)
    assert beyond.status == "diverged"


@pytest.mark.parametrize("rate", [0.001, 0.1, 0.39, 0.41])
def test_a_trough_without_a_bottom_and_a_saddle_are_never_settled(rate):
    axes = rotation(3, np.random.default_rng(0))
    slope = Quadratic((axes * [0, 1, 5]) @ axes.T, b=axes[:, 0])
    points = descend(slope, (1, 2, 3), rate, 100).points @ axes[:, 0]
    np.testing.assert_allclose(np.diff(points), rate, rtol=1e-9)
    saddle = Quadratic((axes * [-1, 1, 5]) @ axes.T)
    away = np.abs(descend(saddle, (1, 2, 3), rate, 100).points @ axes[:, 0])
    np.testing.assert_allclose(away[1:] / away[:-1], 1 + rate, rtol=1e-9)


# -- the best constant rate


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("kappa", KAPPAS)
def test_no_run_exceeds_the_bound_on_distance_and_loss(kappa, share, seed):
    quadratic, eigenvalues, _, start = bowl(kappa, 4, seed)
    rate = share * 2 / eigenvalues[-1]
    path = descend(quadratic, start, rate, 200)
    t = np.arange(path.steps + 1)
    factor = worst_factor(eigenvalues, rate)
    rounding = 1e-12 * np.linalg.norm(start)
    distances = np.linalg.norm(path.points, axis=1)
    assert (distances <= factor**t * distances[0] * (1 + 1e-9) + rounding).all()
    assert (path.values <= factor ** (2 * t) * path.values[0] * (1 + 1e-9) + rounding**2).all()


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("kappa", KAPPAS)
def test_the_bound_is_reached_from_one_of_the_two_extreme_eigenvectors(kappa, share):
    quadratic = Quadratic(np.diag([1.0, kappa]))
    rate = share * 2 / kappa
    factor = worst_factor(np.array([1, kappa]), rate)
    runs = [descend(quadratic, start, rate, 50) for start in [(1, 0), (0, 1)]]
    slowest = np.maximum(*(np.linalg.norm(run.points, axis=1) for run in runs))
    np.testing.assert_allclose(slowest, factor ** np.arange(51), rtol=1e-9, atol=1e-300)


@pytest.mark.parametrize("kappa", KAPPAS)
def test_the_best_rate_has_the_smallest_worst_factor_and_no_other_has(kappa):
    eigenvalues = np.array([1, kappa])
    best = 2 / (1 + kappa)
    least = (kappa - 1) / (kappa + 1)
    assert worst_factor(eigenvalues, best) == pytest.approx(least, abs=1e-15)
    for rate in best * np.array([0.5, 0.9, 0.999, 1.001, 1.1, 2]):
        assert worst_factor(eigenvalues, rate) > least


@pytest.mark.parametrize("T", [1, 5, 20, 100])
def test_the_best_rate_minimises_the_worst_loss_over_all_starts(T):
    angles = np.linspace(0, 2 * np.pi, 720, endpoint=False)
    ring = np.column_stack([np.cos(angles), np.sin(angles) / np.sqrt(10)])  # of loss 1
    worst = {
        rate: descend(VALLEY, ring, rate, T, keep="ends").values[-1].max()
        for rate in [0.08, 0.09, 1 / 11, 0.0918, 0.095]
    }
    assert min(worst, key=worst.get) == 1 / 11
    assert worst[1 / 11] == pytest.approx((9 / 11) ** (2 * T), rel=1e-9)


@pytest.mark.parametrize("fraction", [0.5, 1e-2, 1e-6])
@pytest.mark.parametrize("kappa", KAPPAS)
def test_half_kappa_times_the_logarithm_is_enough_iterations(kappa, fraction):
    t = math.ceil(kappa / 2 * math.log(1 / fraction))
    path = descend(Quadratic(np.diag([1.0, kappa])), (1, 1), 2 / (1 + kappa), t)
    assert np.linalg.norm(path.points[-1]) <= fraction * np.linalg.norm(path.points[0])


def loss_of_rate(rates, start, T):
    """The logarithm of the valley's loss after T iterations, up to a constant."""
    with np.errstate(divide="ignore"):
        flat = T * np.log(np.abs(1 - 2 * rates)) + np.log(abs(start[0]))
        steep = T * np.log(np.abs(1 - 20 * rates)) + np.log(abs(start[1]) * np.sqrt(10))
    return np.logaddexp(2 * flat, 2 * steep)


@pytest.mark.parametrize("start", [START, (0.04, 2.5), (4, 0.025), (-1, 1)])
def test_the_best_rate_of_a_long_run_is_the_best_rate_of_the_worst_case(start):
    rates = np.linspace(0.02, 0.2, 180_001)
    best = [rates[loss_of_rate(rates, start, T).argmin()] for T in [1, 100, 10_000]]
    away = np.abs(np.array(best) - 1 / 11)
    assert away[0] > 0.01 and away[1] < 0.0025 and away[2] < 0.0001


# -- beyond quadratics


def test_the_bumpy_bowl_bends_by_ten_and_a_half_at_most():
    grid = np.stack(np.meshgrid(np.linspace(-3, 3, 301), np.linspace(-2, 2, 201)), axis=-1)
    curvatures = np.linalg.eigvalsh(landscapes.bumpy_bowl.hessian(grid))
    assert 10.49 < curvatures.max() <= 10.5
    sharpest = landscapes.bumpy_bowl.hessian((np.pi / 6, -np.pi / 6))
    assert np.linalg.eigvalsh(sharpest)[-1] == pytest.approx(10.5)


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.15, 0.19, 0.25])
def test_a_step_falls_by_at_least_what_the_sharpest_bend_allows(rate):
    bumpy = landscapes.bumpy_bowl
    points = np.random.default_rng(0).uniform((-3, -2), (3, 2), size=(2000, 2))
    slopes = bumpy.gradient(points)
    fall = bumpy(points) - bumpy(points - rate * slopes)
    promised = rate * (1 - rate * 10.5 / 2) * np.sum(slopes**2, axis=1)
    assert (fall >= promised - 1e-12).all()


@pytest.mark.parametrize("name", ["ripple_2d", "bumpy_bowl", "rosenbrock", "himmelblau"])
def test_near_a_minimum_rates_below_its_limit_converge_and_rates_above_leave(name):
    landscape = landscapes.LANDSCAPES[name]
    minimum = landscape.minima[0]
    curvatures, axes = np.linalg.eigh(landscape.hessian(minimum))
    near = minimum + 1e-4 * axes @ (1, 1)
    below, above = (
        np.linalg.norm(
            descend(landscape, near, share * 2 / curvatures[-1], 200).points - minimum, axis=1
        )
        for share in [0.95, 1.05]
    )
    assert below[-1] <= below[0] * (1 + 1e-3) and below.max() < 2e-4
    assert above.max() > 5e-3


# -- schedules


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.exponential(0.02, decay=0.96),
        schedules.step_decay(0.02, drop=0.5, every=10),
        schedules.cosine(0.02, n_steps=60),
    ],
)
def test_a_schedule_with_a_finite_sum_leaves_a_share_for_ever(schedule):
    total = schedule(np.arange(5000)).sum()
    assert total < 1
    share = descend(VALLEY, START, schedule, 5000).points[-1] / START
    for left, curvature in zip(share, VALLEY.curvatures, strict=True):
        assert math.exp(-2 * curvature * total) <= left <= math.exp(-curvature * total)


@pytest.mark.parametrize(
    "schedule",
    [
        schedules.constant(0.04),
        schedules.inverse_sqrt(0.04),
        schedules.inverse_time(0.04, decay=0.01),
        schedules.warm_restarts(0.04, period=50),
        schedules.warm_up(0.04, n_steps=30),
    ],
)
def test_a_schedule_with_an_infinite_sum_gets_as_near_as_one_likes(schedule):
    path = descend(VALLEY, START, schedule, 50_000, stop=1e-6)
    assert path.status == "converged" and path.gradient_norms[-1] <= 1e-6


def test_a_schedule_may_begin_beyond_the_limit_and_beat_the_best_constant_rate():
    rates = schedules.exponential(0.28, decay=0.96)(np.arange(50))
    curvatures = np.linspace(2, 20, 1801)  # whatever lies between the two
    share = np.abs(np.prod(1 - np.outer(curvatures, rates), axis=1))
    assert share.max() < (9 / 11) ** 50 / 10


@pytest.mark.parametrize("seed", SEEDS)
def test_d_rates_that_suit_the_d_curvatures_arrive_in_d_steps(seed):
    quadratic, eigenvalues, _, start = bowl(10, 4, seed)
    rule = optimizers.plain(lambda t: 1 / eigenvalues[::-1][t])
    end = descend(quadratic, start, rule, 4).points[-1]
    assert np.abs(end).max() < 1e-11


@pytest.mark.parametrize(("share", "arrives"), [(0.99, True), (1.01, False)])
def test_warm_up_survives_where_a_constant_rate_does_only_below_two_seventeenths(share, arrives):
    walls = landscapes.define("x**2/2 + x**4/4", domain=(-5, 5))
    assert (descend(walls, 4, share * 2 / 17, 300).status == "converged") is arrives
    assert descend(walls, 4, schedules.warm_up(1.0, n_steps=20), 300).status == "converged"


# -- the experiments' figures


def test_of_five_guesses_on_the_valley_none_arrives_and_two_diverge():
    runs = {rate: descend(VALLEY, START, rate, 100) for rate in [0.001, 0.01, 0.1, 1, 10]}
    assert not any((path.values < 1e-4).any() for path in runs.values())
    assert [rate for rate, path in runs.items() if path.status == "diverged"] == [1, 10]
    for rate, path in runs.items():
        t = np.arange(path.steps + 1)[:, None]
        closed_form = (1 - rate * VALLEY.curvatures) ** t * START
        np.testing.assert_allclose(path.points, closed_form, rtol=1e-9, atol=1e-300)


def test_on_the_valley_a_tenth_jumps_between_two_heights_for_ever():
    path = descend(VALLEY, START, 0.1, 100)
    assert path.points[:, 1].tolist() == [2.5, -2.5] * 50 + [2.5]
    assert path.status == "circling" and path.values[-1] == pytest.approx(62.5)


@pytest.mark.parametrize(
    ("rate", "status"),
    [(0.005, "running"), (0.04, "running"), (0.09, "converged"), (0.105, "diverged")],
)
def test_four_rates_in_the_valley_end_as_the_chapter_says(rate, status):
    assert descend(VALLEY, START, rate, 50).status == status


def test_the_tilted_bowl_diverges_beyond_ten_to_the_eighteen():
    path = descend(landscapes.tilted_bowl, (4, 4), 0.5, 50)
    assert path.status == "diverged" and path.values[-1] > 1e18
