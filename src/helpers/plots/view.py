"""Which part of the world a figure shows, and on which axes."""

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..checks import array
from .style import COLUMN, size

FAR = 50
"""A line is drawn no further than this many half-widths from the middle of the picture."""


def flat_axes(ax: Axes | None, width: float = COLUMN, height: float = 380) -> Axes:
    """Return `ax`, or else pyplot's current axes as seaborn does, in a new figure if need be.

    Args:
        ax: what the caller was given.
        width: of a new figure, in pixels.
        height: of a new figure, in pixels.

    Raises:
        ValueError: if the axes are 3-D.
    """
    if ax is None:
        if not plt.get_fignums() or _has_solid_axes(plt.gcf()):
            plt.figure(figsize=size(width, height))
        return plt.gca()
    if ax.name == "3d":
        raise ValueError("ax must be flat axes, not 3-D ones")
    return ax


def solid_axes(ax: Axes | None) -> Axes:
    """Return `ax`, or else pyplot's current axes if these are 3-D, or else new ones.

    Raises:
        ValueError: if the axes are flat.
    """
    if ax is None:
        if plt.get_fignums() and _has_solid_axes(plt.gcf()):
            return plt.gca()
        if not plt.get_fignums() or plt.gcf().axes:
            plt.figure(figsize=size(560, 440))
        return plt.gcf().add_subplot(projection="3d")
    if ax.name != "3d":
        raise ValueError('ax must be 3-D, such as plt.subplot(projection="3d"), not flat axes')
    return ax


def _has_solid_axes(figure: Figure) -> bool:
    return bool(figure.axes) and figure.gca().name == "3d"


def need_dimension(objective: Any, dimension: int) -> None:
    """Raise a ValueError where this picture cannot show this objective."""
    if objective.dimension != dimension:
        raise ValueError(
            f"this figure shows objectives of dimension {dimension}, not {objective.dimension}"
        )


def box(objective: Any, runs: list, domain: Any = None) -> np.ndarray:
    """Return what is shown, shape (d, 2): the domain, made wider where points lie outside it.

    Starts count, and every point of a run that does not diverge, unless it is further outside
    than the domain is wide. A curve follows a diverging run too, for half a width.

    Args:
        objective: gives the domain.
        runs: what will be drawn.
        domain: exactly what to show, instead.

    Raises:
        ValueError: if `domain` is not one for this objective.
    """
    d = objective.dimension
    if domain is not None:
        bounds = array("domain", domain, finite=True)
        if bounds.size != 2 * d or not (np.diff(bounds.reshape(d, 2)) > 0).all():
            raise ValueError(
                f"domain must be (low, high) for each of the {d} variables, not {domain!r}"
            )
        return bounds.reshape(d, 2)
    bounds = np.asarray(objective.domain, float).reshape(d, 2)
    width = np.ptp(bounds, axis=-1)
    inside = [_near(run.points[:1], bounds, width) for run in runs]
    for run in runs:
        inside.append(_near(run.points[:, ~run.diverged], bounds, width))
        if d == 1:
            inside.append(_near(run.points[:, run.diverged], bounds, width / 2))
    points = np.concatenate([bounds.mean(axis=-1)[None], *inside])
    margin = width / 30
    low, high = points.min(axis=0) - margin, points.max(axis=0) + margin
    return np.stack([np.minimum(bounds[:, 0], low), np.maximum(bounds[:, 1], high)], axis=-1)


def _near(points: np.ndarray, bounds: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Return the points that are at most so far outside, shape (k, d)."""
    points = points.reshape(-1, len(bounds))
    return points[((points >= bounds[:, 0] - reach) & (points <= bounds[:, 1] + reach)).all(-1)]


def within_reach(points: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return points (n + 1, m, d) for drawing: NaN after a run has gone far out of the picture.

    The first far point is drawn nearer, on the same line, so that the way out is seen.
    """
    middle, half = bounds.mean(axis=-1), np.ptp(bounds, axis=-1) / 2
    with np.errstate(all="ignore"):
        far = ~(np.abs((points - middle) / half).max(axis=-1) <= FAR)
        gone = np.logical_or.accumulate(far, axis=0)
        drawn = np.where(gone[..., None], np.nan, points)
        for member in np.flatnonzero(gone[-1] & ~gone[0]) if len(points) else ():
            k = gone[:, member].argmax()
            step = points[k, member] - points[k - 1, member]
            step *= FAR / np.abs(step / half).max()
            drawn[k, member] = points[k - 1, member] + step
    return drawn
