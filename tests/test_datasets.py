import numpy as np
import pytest

from helpers import datasets


def both_kinds():
    return np.random.default_rng(0), np.random.RandomState(0)


def test_a_line_has_the_noise_it_is_given():
    x, y = datasets.line(np.random.default_rng(0), n=20000, noise=0.5)
    residuals = y - 2 * x - 1
    assert x[0] == -2 and x[-1] == 2 and np.allclose(np.diff(x), x[1] - x[0])
    assert residuals.mean() == pytest.approx(0, abs=0.02)
    assert residuals.std() == pytest.approx(0.5, abs=0.02)


def test_a_parabola_has_the_noise_it_is_given():
    x, y = datasets.noisy_parabola(np.random.default_rng(0), n=20000, noise=0.3)
    assert (y - x**2).std() == pytest.approx(0.3, abs=0.02)


def test_the_regression_data_are_those_of_numpys_seed_42():
    x, y = datasets.regression_42()
    np.random.seed(42)
    expected = np.random.randn(200, 1)
    targets = 3 * expected + 2 + 0.5 * np.random.randn(200, 1)
    np.testing.assert_array_equal(x, expected[:, 0])
    np.testing.assert_array_equal(y, targets[:, 0])


def test_the_twelve_points_are_the_known_ones():
    points, classes = datasets.twelve_points()
    assert points.shape == (12, 2) and classes.tolist() == [-1] * 6 + [1] * 6
    assert points[2].tolist() == [-1.5, -2] and points[-1].tolist() == [0.8, 0.9]
    assert (np.sign(points.sum(axis=1)) == classes).all()


def test_blobs_gather_around_their_centres():
    points, classes = datasets.blobs(np.random.default_rng(0), n=5000, spread=0.6)
    for k, centre in enumerate([(-2, -1), (2, -1), (0, 2)]):
        np.testing.assert_allclose(points[classes == k].mean(axis=0), centre, atol=0.05)
        np.testing.assert_allclose(points[classes == k].std(axis=0), 0.6, atol=0.03)


def test_a_spirals_arms_are_the_same_arm_turned():
    points, classes = datasets.spiral(np.random.default_rng(0), n=50, n_classes=2, noise=0)
    np.testing.assert_allclose(points[classes == 1], -points[classes == 0], atol=1e-15)
    np.testing.assert_allclose(np.hypot(*points[classes == 0].T), np.linspace(0, 1, 50))


@pytest.mark.parametrize(
    "make", [datasets.line, datasets.noisy_parabola, datasets.blobs, datasets.spiral]
)
def test_the_same_seed_gives_the_same_data(make):
    for rng, again in zip(both_kinds(), both_kinds(), strict=True):
        for ours, theirs in zip(make(rng), make(again), strict=True):
            np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("n", "size", "sizes"), [(10, 4, [4, 4, 2]), (10, 5, [5, 5]), (3, 3, [3])]
)
def test_batches_are_an_epoch(n, size, sizes):
    for rng in both_kinds():
        batches = datasets.batches(n, size, rng)
        assert [len(batch) for batch in batches] == sizes
        assert sorted(np.concatenate(batches).tolist()) == list(range(n))
        dropped = datasets.batches(n, size, rng, drop_last=True)
        assert [len(batch) for batch in dropped] == [b for b in sizes if b == size]


def test_ten_thousand_examples_in_batches_of_32_are_313_iterations():
    assert len(datasets.batches(10_000, 32, np.random.default_rng(0))) == 313


def test_batches_are_shuffled_anew_each_epoch_unless_told_otherwise():
    rng = np.random.RandomState(0)
    first, second = (np.concatenate(datasets.batches(100, 10, rng)) for _ in range(2))
    assert first.tolist() != second.tolist() != list(range(100))
    kept = datasets.batches(100, 10, rng, shuffle=False)
    assert np.concatenate(kept).tolist() == list(range(100))
    again = np.random.RandomState(0)
    assert first.tolist() == again.permutation(100).tolist()


RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: datasets.batches(10, 11, RNG), "batch_size must be a whole number from 1 to 10"),
        (lambda: datasets.batches(10, 0, RNG), "batch_size must be a whole number from 1 to 10"),
        (lambda: datasets.batches(0, 1, RNG), "n must be a whole number >= 1, not 0"),
        (lambda: datasets.batches(10, 2, 42), "rng must be a NumPy Generator or RandomState"),
        (lambda: datasets.line(42), "rng must be a NumPy Generator or RandomState"),
        (lambda: datasets.line(RNG, n=1), "n must be a whole number >= 2, not 1"),
        (lambda: datasets.line(RNG, noise=-1), "noise must be a finite number >= 0, not -1"),
        (lambda: datasets.line(RNG, low=2, high=1), "high must be a finite number > 2, not 1"),
        (lambda: datasets.noisy_parabola(RNG, noise="a"), "noise must be a finite number >= 0"),
        (lambda: datasets.blobs(RNG, centres=(1, 2)), r"centres must have shape \(k, d\)"),
        (lambda: datasets.blobs(RNG, n=0), "n must be a whole number >= 1, not 0"),
        (lambda: datasets.spiral(RNG, n_classes=0), "n_classes must be a whole number >= 1"),
    ],
)
def test_data_that_make_no_sense_are_refused(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()
