"""A line fitted to data: the picture in the space of the data. Taught in chapter 1."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .labels import symbol
from .runs import as_runs
from .style import SOFT_INK
from .view import flat_axes

IN_BETWEEN = 6
"""So many lines show the way from the first to the last."""

STEEPEST = 1e9
"""Larger parameters make lines that look the same."""


def data_and_line(
    model: Any,
    fit: Any = None,
    *,
    ax: Axes | None = None,
    truth: Any = None,
    residuals: bool = True,
) -> Axes:
    """Draw a model's data, its line, and how far each point lies above or below it.

    Args:
        model: a LinearRegression: has x, y and predict(theta, x).
        fit: parameters (w, b), or a Path, of which the last line is drawn bold, the first
            dashed, and a few in between pale; or a dict of these with labels.
        ax: where to draw; pyplot's current axes if left out.
        truth: a function of x to draw thin, from which the data came.
        residuals: whether the last line's residuals are drawn.
    """
    runs = as_runs(_as_paths(fit), model)
    ax = flat_axes(ax)
    x, y = np.ravel(model.x), np.ravel(model.y)
    ends = np.array([x.min(), x.max()])
    ends = ends + np.array([-0.05, 0.05]) * ((ends[1] - ends[0]) or 1.0)
    ax.plot(
        x,
        y,
        "o",
        color=SOFT_INK,
        alpha=0.75,
        markersize=5,
        markeredgewidth=0,
        zorder=3,
        label="_data",
    )
    if truth is not None:
        fine = np.linspace(*ends, 200)
        ax.plot(
            fine,
            truth(fine),
            color=SOFT_INK,
            linestyle=(0, (1, 1.5)),
            zorder=2,
            label="where the data came from",
        )
    room = (y.max() - y.min()) or 1.0
    ax.set(
        xlim=ends,
        ylim=(y.min() - 0.12 * room, y.max() + 0.12 * room),
        xlabel=symbol("x"),
        ylabel=symbol("y"),
    )
    for run in runs:
        thetas = run.points[:, 0]
        thetas = _drawable(thetas[np.isfinite(thetas).all(axis=-1)])
        if not len(thetas):
            continue
        if residuals and len(runs) == 1 and _stays(model, thetas[-1], x, ax):
            ax.vlines(
                x,
                y,
                model.predict(thetas[-1], x),
                color=run.colour,
                alpha=0.35,
                linewidth=1,
                zorder=2,
                label="_residuals",
            )
        for k in _milestones(len(thetas)):
            ax.plot(
                ends,
                model.predict(thetas[k], ends),
                color=run.colour,
                alpha=0.3,
                linewidth=1.2,
                zorder=3,
                label="_between",
            )
        if len(thetas) > 1:
            ax.plot(
                ends,
                model.predict(thetas[0], ends),
                color=run.colour,
                linewidth=1.6,
                linestyle="dashed",
                zorder=4,
                label="_first",
            )
        ax.plot(
            ends,
            model.predict(thetas[-1], ends),
            color=run.colour,
            linewidth=2.6,
            zorder=5,
            label=run.label or "_line",
        )
    if truth is not None or any(run.label for run in runs):
        ax.legend()
    return ax


def _as_paths(fit: Any) -> Any:
    """Make a path of one point of bare parameters."""
    if isinstance(fit, Mapping):
        return {key: _as_paths(value) for key, value in fit.items()}
    if fit is None or hasattr(fit, "points"):
        return fit
    fit = np.asarray(fit, float)
    return fit[None] if fit.ndim == 1 else fit


def _drawable(thetas: np.ndarray) -> np.ndarray:
    """Return lines that can be computed with; one far steeper than any is drawn less steep."""
    sizes = np.abs(thetas).max(axis=-1, initial=STEEPEST, keepdims=True)
    return thetas * (STEEPEST / sizes)


def _milestones(length: int) -> np.ndarray:
    """Choose points between the first and the last, the early ones denser."""
    return np.unique(np.geomspace(1, max(length - 1, 1), IN_BETWEEN + 1).astype(int))[:-1]


def _stays(model: Any, theta: np.ndarray, x: np.ndarray, ax: Axes) -> bool:
    """Whether the line is no more than a picture's height away from the picture."""
    low, high = ax.get_ylim()
    heights = model.predict(theta, x)
    return bool(((heights > 2 * low - high) & (heights < 2 * high - low)).all())
