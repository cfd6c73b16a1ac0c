"""Where a landscape's local minima lie, for the marks on the figures.

From a grid of starts, Newton's method made to go downhill finds the bottoms roughly, and plain
Newton's method makes them exact. Both are taught in the chapter on second-order methods.
"""

import math

import numpy as np

N_STARTS = 900  # in all, as a grid over the domain
N_DESCENT, N_POLISH = 60, 60
SAME = 1e-3  # minima nearer to each other than this share of the domain are one
NEARBY = 1e-4  # at this share of the domain around a minimum the value must be higher


def find_minima(landscape, domain, dimension: int) -> np.ndarray:
    """Return the isolated local minima inside the domain, lowest first, then by position.

    Args:
        landscape: value, gradient and Hessian, for many points at once.
        domain: (low, high), or a pair for each variable.
        dimension: the number of variables d.

    Returns:
        Array of shape (k,) in one dimension, else (k, d), exact to about 1e-12 where the
        Hessian is positive definite.

    >>> from helpers import landscapes
    >>> find_minima(landscapes.triple_well, (-2.6, 2.6), 1).round(9) + 0.0
    array([-2.,  2.,  0.])
    """
    low, high = np.array(domain, float).reshape(dimension, 2).T
    f = landscape if dimension > 1 else _AsColumn(landscape)
    with np.errstate(all="ignore"):
        points = _grid(low, high, max(3, round(N_STARTS ** (1 / dimension))))
        points = points[np.isfinite(f(points))]
        for _ in range(N_DESCENT):
            before, points = points, _downhill(f, points, 0.05 * (high - low))
            if np.array_equal(before, points):
                break
        points = _distinct(f, points, SAME * (high - low))
        for _ in range(N_POLISH):
            points = _polished(f, points)
        points = _distinct(f, points, SAME * (high - low))
        inside = ((points >= low) & (points <= high)).all(axis=1)
        points = points[inside & _is_minimum(f, points, NEARBY * (high - low))]
    # Values that differ only by rounding count as equal, so that position decides.
    order = np.lexsort((*points.T[::-1], np.round(f(points), 10)))
    return points[order, 0] if dimension == 1 else points[order]


class _AsColumn:
    """A landscape of one dimension over points of shape (m, 1), like those of d dimensions."""

    def __init__(self, landscape):
        self.landscape = landscape

    def __call__(self, points):
        return self.landscape(points[:, 0])

    def gradient(self, points):
        return self.landscape.gradient(points)

    def hessian(self, points):
        return self.landscape.hessian(points)[..., None]


def _grid(low, high, n: int) -> np.ndarray:
    # An irrational share off the middle, where symmetric landscapes have their saddles.
    shares = (np.arange(n) + math.sqrt(0.2)) / n
    axes = [a + (b - a) * shares for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _downhill(f, points, longest):
    """Move each point by Newton's step with |curvatures|, shortened until the value falls."""
    gradient, hessian = np.nan_to_num(f.gradient(points)), np.nan_to_num(f.hessian(points))
    curvatures, axes = np.linalg.eigh(hessian)
    curvatures = np.maximum(np.abs(curvatures), np.finfo(float).tiny)
    along = np.einsum("mji,mj->mi", axes, gradient) / curvatures
    step = -np.einsum("mij,mj->mi", axes, along)
    step /= np.maximum(np.abs(step / longest).max(axis=1, keepdims=True), 1)
    value = f(points)
    for _ in range(8):
        falls = f(points + step) < value
        if falls.all():
            break
        step[~falls] /= 4
    return np.where(falls[:, None], points + step, points)


def _polished(f, points):
    """Move each point by Newton's plain step where that makes the gradient smaller."""
    gradient = f.gradient(points)
    inverse = np.linalg.pinv(np.nan_to_num(f.hessian(points)), hermitian=True)
    moved = points - np.einsum("mij,mj->mi", inverse, gradient)
    flatter = np.abs(f.gradient(moved)).max(axis=1) < np.abs(gradient).max(axis=1)
    return np.where(flatter[:, None], moved, points)


def _distinct(f, points, tolerance):
    """Return the points without those that lie near a lower one."""
    kept = points[:0]
    for point in points[np.argsort(f(points), kind="stable")]:
        if not (np.abs(kept - point) <= tolerance).all(axis=1).any():
            kept = np.vstack([kept, point])
    return kept


def _is_minimum(f, points, radius):
    """Whether the value rises from each point in every direction of the grid around it."""
    d = points.shape[1]
    around = np.stack(np.meshgrid(*[[-1, 0, 1]] * d), axis=-1).reshape(-1, d)
    neighbours = points[:, None] + radius * around[(around != 0).any(axis=1)]
    values = f(neighbours.reshape(-1, d)).reshape(len(points), -1)
    return (values > f(points)[:, None]).all(axis=1)
