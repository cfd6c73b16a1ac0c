"""Basins of attraction: where a descent ends, as a colour at the place where it started.

Taught in chapter 4.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from ..checks import count
from .marks import mark_minima
from .one_dimension import curve
from .style import CYCLE
from .two_dimensions import contours

HUES = (CYCLE[1], CYCLE[0], CYCLE[2], CYCLE[4], CYCLE[3], CYCLE[5], CYCLE[6])
NOWHERE = "#d4d7dd"

NEAR = 0.02
"""A descent has reached a minimum that is this near, in units of the domain's width."""


def starts(objective: Any, number: int = 200, *, domain: Any = None) -> np.ndarray:
    """Return starts all over the domain, for a descent from each in one call.

    Args:
        objective: gives the domain.
        number: of starts along each axis.
        domain: another domain.

    Returns:
        shape (number,) in one dimension, else (number ** d, d).
    """
    count("number", number, least=2)
    bounds = np.reshape(objective.domain if domain is None else domain, (-1, 2))
    axes = [np.linspace(low, high, number) for low, high in bounds]
    if len(axes) == 1:
        return axes[0]
    return np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, len(axes))


def basins(objective: Any, path: Any, *, ax: Axes | None = None) -> Axes:
    """Colour each start by the minimum at which its descent ended.

    In one dimension a strip below the curve; in two a map where the starts form a grid, and
    dots where they do not. Grey is where a descent reached no minimum.

    Args:
        objective: a landscape of one or two variables.
        path: the Path of a batch of starts.
        ax: where to draw; pyplot's current axes if left out.

    Raises:
        ValueError: if the path is not that of a batch.
    """
    d = objective.dimension
    points = np.asarray(getattr(path, "points", path), float)
    if d not in (1, 2) or points.ndim != (2 if d == 1 else 3):
        raise ValueError(
            f"basins needs the path of a batch of starts on a landscape of one or two variables, "
            f"not points of shape {points.shape} in {d} dimensions"
        )
    begin, end = points[0].reshape(-1, d), points[-1].reshape(-1, d)
    minima = np.reshape(objective.minima, (-1, d))
    reached = _reached(objective, end, minima)
    colours = ListedColormap([NOWHERE, *(HUES[k % len(HUES)] for k in range(len(minima)))])
    look = {"cmap": colours, "vmin": -1.5, "vmax": len(minima) - 0.5}
    if d == 1:
        return _strip(objective, begin[:, 0], reached, minima[:, 0], ax, look)
    return _map(objective, begin, reached, minima, ax, look)


def _reached(objective: Any, end: np.ndarray, minima: np.ndarray) -> np.ndarray:
    """Return for each end the number of its minimum, or -1."""
    if not len(minima):
        return np.full(len(end), -1)
    width = np.ptp(np.reshape(objective.domain, (-1, 2)), axis=-1)
    distance = np.abs((end[:, None] - minima) / width).max(axis=-1)
    nearest = distance.argmin(axis=1)
    return np.where(distance.min(axis=1) <= NEAR, nearest, -1)


def _strip(
    landscape: Any,
    begin: np.ndarray,
    reached: np.ndarray,
    minima: np.ndarray,
    ax: Axes | None,
    look: dict,
) -> Axes:
    ax = curve(landscape, ax=ax, minima=False)
    order = np.argsort(begin)
    begin, reached = begin[order], reached[order]
    edges = np.concatenate([begin[:1], (begin[1:] + begin[:-1]) / 2, begin[-1:]])
    ax.pcolormesh(
        edges, [0, 0.07], reached[None], transform=ax.get_xaxis_transform(), zorder=1, **look
    )
    low, high = ax.get_ylim()
    ax.set_ylim(low - 0.06 * (high - low), high)
    for k, place in enumerate(minima):
        ax.plot(
            [place],
            landscape(np.array([place])),
            "o",
            markersize=12,
            zorder=4,
            color=look["cmap"](k + 1),
            markeredgecolor="white",
            markeredgewidth=1.5,
            label="_minimum",
        )
    return ax


def _map(
    objective: Any,
    begin: np.ndarray,
    reached: np.ndarray,
    minima: np.ndarray,
    ax: Axes | None,
    look: dict,
) -> Axes:
    x, y = (np.unique(values) for values in begin.T)
    is_grid = len(x) * len(y) == len(begin) and min(len(x), len(y)) > 1
    ax = contours(objective, ax=ax, minima=False)
    if is_grid:
        image = np.empty((len(y), len(x)))
        image[np.searchsorted(y, begin[:, 1]), np.searchsorted(x, begin[:, 0])] = reached
        ax.images[-1].set_visible(False)
        ax.pcolormesh(x, y, image, shading="nearest", alpha=0.75, zorder=0, **look)
    else:
        ax.images[-1].set_alpha(0.35)
        ax.scatter(*begin.T, c=reached, s=42, edgecolor="white", linewidth=0.8, zorder=3, **look)
    mark_minima(ax, *minima.T)
    return ax
