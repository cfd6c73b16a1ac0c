"""Where a landscape's local minima lie, found by Newton's method from a grid of starts.

Second-order methods are taught in their own chapter; here they mark the bottoms on the figures.
"""

import math

import numpy as np

N_STARTS = 900  # in all, spread over the domain as a grid
N_DESCENT, N_POLISH = 60, 20
SAME = 1e-6  # minima nearer to each other than this, relative to the domain, are one
NEARBY = 1e-4  # how far away, relative to the domain, a minimum must be seen to rise


def find_minima(landscape, domain, dimension: int) -> np.ndarray:
    """Return the isolated local minima inside the domain, lowest first, then by position.

    Args:
        landscape: vectorised value, gradient and Hessian.
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
    size = high - low
    f = _OfPoints(landscape, dimension)
    with np.errstate(all="ignore"):
        points = _grid(low, high, max(3, round(N_STARTS ** (1 / dimension))))
        points = points[np.isfinite(f.value(points))]
        for _ in range(N_DESCENT):
            points = _downhill(f, points, size)
        for _ in range(N_POLISH):
            points = _polished(f, points)
        points = points[((points >= low) & (points <= high)).all(axis=1)]
        points = points[_is_minimum(f, points, NEARBY * size)]
    points = _distinct(points, SAME * size)
    values = f.value(points)
    # Equal values differ by rounding; to the tenth digit they are the same, and position decides.
    order = np.lexsort((*points.T[::-1], np.round(values, 10)))
    return points[order, 0] if dimension == 1 else points[order]


class _OfPoints:
    """The landscape over points of shape (m, d), whatever d is."""

    def __init__(self, landscape, dimension: int):
        self.landscape, self.dimension = landscape, dimension

    def value(self, points):
        return self.landscape(points[:, 0] if self.dimension == 1 else points)

    def gradient(self, points):
        if self.dimension == 1:
            return self.landscape.gradient(points[:, 0])[:, None]
        return self.landscape.gradient(points)

    def hessian(self, points):
        if self.dimension == 1:
            return self.landscape.hessian(points[:, 0])[:, None, None]
        return self.landscape.hessian(points)


def _grid(low, high, n: int) -> np.ndarray:
    # Off the middle by an irrational share, so that symmetric saddles are no starts.
    axes = [a + (b - a) * (np.arange(n) + math.sqrt(0.2)) / n for a, b in zip(low, high, strict=True)]
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))


def _downhill(f: _OfPoints, points, size):
    """Move each point by a Newton step made to go down, halved until the value falls."""
    gradient, hessian = f.gradient(points), f.hessian(points)
    usable = np.isfinite(gradient).all(axis=1) & np.isfinite(hessian).all(axis=(1, 2))
    curvatures, axes = np.linalg.eigh(np.where(usable[:, None, None], hessian, np.eye(len(size))))
    along = np.einsum("mji,mj->mi", axes, np.where(usable[:, None], gradient, 0))
    stiffness = np.maximum(np.abs(curvatures), 1e-12 * np.abs(curvatures).max(axis=1, keepdims=True))
    step = -np.einsum("mij,mj->mi", axes, along / np.where(stiffness > 0, stiffness, 1))
    reach = (np.abs(step) / (0.05 * size)).max(axis=1, keepdims=True)
    step /= np.maximum(reach, 1)
    before = f.value(points)
    for _ in range(8):
        better = f.value(points + step) < before
        if better.all():
            break
        step = np.where(better[:, None], step, step / 4)
    return np.where(better[:, None], points + step, points)


def _polished(f: _OfPoints, points):
    """Move each point by a plain Newton step where that makes the gradient smaller."""
    gradient, hessian = f.gradient(points), f.hessian(points)
    usable = np.isfinite(hessian).all(axis=(1, 2)) & (np.linalg.matrix_rank(np.nan_to_num(hessian)) == points.shape[1])
    safe = np.where(usable[:, None, None], hessian, np.eye(points.shape[1]))
    moved = points - np.linalg.solve(safe, gradient[..., None])[..., 0]
    better = np.abs(f.gradient(moved)).max(axis=1) < np.abs(gradient).max(axis=1)
    return np.where((better & usable)[:, None], moved, points)


def _is_minimum(f: _OfPoints, points, radius):
    """Whether the value rises from a point in every direction tried."""
    dimension = points.shape[1]
    directions = np.stack(np.meshgrid(*[[-1, 0, 1]] * dimension), axis=-1).reshape(-1, dimension)
    middle = f.value(points)
    rises = np.ones(len(points), bool)
    for direction in directions[np.any(directions != 0, axis=1)]:
        rises &= f.value(points + radius * direction) > middle
    return rises


def _distinct(points, tolerance):
    kept: list[np.ndarray] = []
    for point in points:
        if not any((np.abs(point - other) <= tolerance).all() for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, points.shape[1])
