"""Small data sets to fit, each made anew from a random number generator or written out.

Every `rng` may be a NumPy Generator or the legacy RandomState, whose numbers the built page can
reproduce.
"""

import numpy as np

from . import checks


def line(
    rng,
    n: int = 100,
    *,
    slope: float = 2.0,
    intercept: float = 1.0,
    noise: float = 0.5,
    low: float = -2.0,
    high: float = 2.0,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return n points near a line, $y = \mathrm{slope} \cdot x + \mathrm{intercept} + \epsilon$.

    Args:
        rng: draws the noise, normal with standard deviation `noise`.
        n: how many points.
        slope: the line's slope.
        intercept: the line's value at 0.
        noise: standard deviation of the noise.
        low: the first x.
        high: the last x; between them x is evenly spaced.

    Returns:
        x and y, each of shape (n,). Taught in the chapter on the training loop.

    >>> x, y = line(np.random.default_rng(0), n=5, noise=0)
    >>> y
    array([-3., -1.,  1.,  3.,  5.])
    """
    x = _evenly(n, low, high)
    return x, slope * x + intercept + _noise(rng, noise, x.shape)


def noisy_parabola(
    rng, n: int = 100, *, noise: float = 0.5, low: float = -2.0, high: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return n points near the parabola $y = x^2$: what no line can fit.

    >>> noisy_parabola(np.random.default_rng(0), n=5, noise=0)[1]
    array([4., 1., 0., 1., 4.])
    """
    x = _evenly(n, low, high)
    return x, x**2 + _noise(rng, noise, x.shape)


def regression_42() -> tuple[np.ndarray, np.ndarray]:
    r"""Return the 200 points of the chapter on mini-batches: $y = 3x + 2 + 0.5 \epsilon$.

    >>> regression_42()[0][:2].round(4)
    array([ 0.4967, -0.1383])
    """
    rng = np.random.RandomState(42)
    x = rng.standard_normal((200, 1))
    y = 3 * x + 2 + 0.5 * rng.standard_normal((200, 1))
    return x[:, 0], y[:, 0]


def twelve_points() -> tuple[np.ndarray, np.ndarray]:
    """Return twelve points of the plane, shape (12, 2), and their classes, -1 or 1, shape (12,).

    Taught in the chapter on loss functions.

    >>> twelve_points()[1]
    array([-1, -1, -1, -1, -1, -1,  1,  1,  1,  1,  1,  1])
    """
    negative = [(-1, -1), (-2, -1.5), (-1.5, -2), (-0.75, -2.5), (-3, -1.5), (0, -0.5)]
    positive = [(1, 1), (2.25, 1.5), (1.5, 2), (0.5, 2.5), (1.8, 1.5), (0.8, 0.9)]
    return np.array(negative + positive), np.repeat([-1, 1], 6)


def blobs(
    rng, n: int = 50, *, centres=((-2.0, -1.0), (2.0, -1.0), (0.0, 2.0)), spread: float = 0.6
) -> tuple[np.ndarray, np.ndarray]:
    """Return round clouds of n points each, shape (k * n, d), and the number of each one's cloud.

    >>> points, classes = blobs(np.random.default_rng(0), n=2, spread=0)
    >>> points[2], classes
    (array([ 2., -1.]), array([0, 0, 1, 1, 2, 2]))
    """
    n = checks.count("n", n, least=1)
    centres = checks.array("centres", centres, finite=True)
    if centres.ndim != 2 or centres.size == 0:
        raise ValueError(f"centres must have shape (k, d), not {centres.shape}")
    points = np.repeat(centres, n, axis=0)
    return points + _noise(rng, spread, points.shape), np.repeat(np.arange(len(centres)), n)


def spiral(
    rng, n: int = 100, *, n_classes: int = 2, turns: float = 0.75, noise: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Return interleaved spiral arms of n points each, shape (k * n, 2), and each one's arm.

    Radii run from 0 to 1, angles through `turns` full turns with normal noise (in radians).
    Taught in the chapter that trains a neural network.

    >>> points, classes = spiral(np.random.default_rng(0), n=2, turns=1, noise=0)
    >>> (points.round(12) + 0.0).tolist(), classes.tolist()
    ([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0], [-1.0, 0.0]], [0, 0, 1, 1])
    """
    n = checks.count("n", n, least=2)
    n_classes = checks.count("n_classes", n_classes, least=1)
    turns = checks.number("turns", turns)
    radius = np.tile(np.linspace(0, 1, n), n_classes)
    classes = np.repeat(np.arange(n_classes), n)
    angle = 2 * np.pi * (turns * radius + classes / n_classes) + _noise(rng, noise, radius.shape)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), classes


def batches(
    n: int, batch_size: int, rng, *, shuffle: bool = True, drop_last: bool = False
) -> list[np.ndarray]:
    """Return the batches of one epoch, each an array of the numbers of its examples.

    Args:
        n: how many examples there are.
        batch_size: how many a batch holds; the last may hold fewer.
        rng: shuffles the examples.
        shuffle: False keeps them in order.
        drop_last: whether to leave out a last batch that is not full.

    Raises:
        ValueError: if a batch would be larger than the data.

    >>> batches(5, 2, np.random.default_rng(0), shuffle=False)
    [array([0, 1]), array([2, 3]), array([4])]
    """
    n = checks.count("n", n, least=1)
    batch_size = checks.count("batch_size", batch_size, least=1, most=n)
    order = checks.generator("rng", rng).permutation(n) if shuffle else np.arange(n)
    end = n - n % batch_size if drop_last else n
    return [order[first : first + batch_size] for first in range(0, end, batch_size)]


def _evenly(n: int, low: float, high: float) -> np.ndarray:
    n = checks.count("n", n, least=2)
    low = checks.number("low", low)
    return np.linspace(low, checks.number("high", high, above=low), n)


def _noise(rng, scale: float, shape: tuple) -> np.ndarray:
    scale = checks.number("noise", scale, least=0)
    return scale * checks.generator("rng", rng).standard_normal(shape)
