"""What can be descended: anything with a value and a gradient.

Landscapes and models are objectives, and so is any object of yours that is called for its value
and has a method `gradient`.
"""

import math
from typing import Any, Protocol

import numpy as np

from . import checks


class Objective(Protocol):
    """What `descend` asks of the thing it descends.

    Optional: `sample_gradient(x, rng)`, a random estimate of the gradient, used when descend is
    given an rng; `dimension`, which promises that value and gradient take points of shape
    (..., d), or any shape in one dimension, all at once; `hessian`, `minima`, `domain`,
    `curvatures`, which figures use.
    """

    def __call__(self, x) -> Any:
        """Return the value at x."""

    def gradient(self, x) -> Any:
        """Return the gradient at x, shaped like x."""


def checked_start(objective: Objective, start: Any):
    """Return the start as a float or an array, if the objective is finite there.

    Args:
        objective: the objective.
        start: a number; a point of shape (d,); or a batch, of shape (m,) or (m, d).

    Raises:
        ValueError: if there is no method `gradient`, or the start has the wrong shape, is not
            finite, or has no finite value and gradient.

    >>> from helpers import landscapes
    >>> checked_start(landscapes.parabola, 3)
    3.0
    """
    checks.function("objective", objective)
    checks.function("objective.gradient", getattr(objective, "gradient", None))
    start = checks.array("start", start, finite=True)
    x = float(start) if start.ndim == 0 else start
    with np.errstate(all="ignore"):
        try:
            value, gradient = objective(x), objective.gradient(x)
        except ArithmeticError:
            value, gradient = math.nan, np.full(start.shape, math.nan)
    value, gradient = np.asarray(value, float), np.asarray(gradient, float)
    points = start.shape if value.shape == start.shape else start.shape[:-1]
    if start.size == 0 or value.shape != points or value.ndim > 1 or gradient.shape != start.shape:
        raise ValueError(
            "start must be a number, a point of shape (d,) or a batch of shape (m,) or (m, d) "
            f"that the objective takes, not an array of shape {start.shape}; the value there has "
            f"shape {value.shape} and the gradient {gradient.shape}"
        )
    if not (np.isfinite(value).all() and np.isfinite(gradient).all()):
        raise ValueError(
            f"start must be where value and gradient are finite, not {start.tolist()!r}, where "
            f"they are {value.tolist()!r} and {gradient.tolist()!r}"
        )
    return x


def at_points(objective: Objective, function, points: np.ndarray) -> np.ndarray:
    """Return a function of the objective at every point of a path, NaN where it fails.

    An objective that has a `dimension` takes all points at once; any other is asked for one
    step of the path after the other.

    >>> at_points(math.sqrt, math.sqrt, np.array([4.0, -1.0]))
    array([ 2., nan])
    """
    with np.errstate(all="ignore"):
        if hasattr(objective, "dimension"):
            return np.asarray(function(points), float)
        steps = points.tolist() if points.ndim == 1 else points
        return np.array([_or_nan(function, x) for x in steps], float)


def gradient_norm(gradient, value):
    """Return the lengths of gradients of an objective whose values are shaped like `value`.

    >>> gradient_norm(np.array([[3.0, 4.0], [0.0, 1.0]]), np.zeros(2))
    array([5., 1.])
    """
    if np.shape(gradient) == np.shape(value):
        return abs(gradient)
    with np.errstate(over="ignore", invalid="ignore"):
        return np.hypot.reduce(gradient, axis=-1)


def _or_nan(function, x):
    try:
        return function(x)
    except (ArithmeticError, ValueError):  # math.exp(1000), math.log(-1)
        return math.nan
