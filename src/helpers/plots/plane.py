"""What every picture of two variables seen from above has in common."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .labels import few_ticks, name_axes, title
from .marks import draw_path, legend, note_exits
from .style import COLUMN
from .view import within_reach


def is_true_to_scale(bounds: np.ndarray) -> bool:
    """Whether both axes have one scale, so that gradients stand upright on contour lines."""
    width = np.ptp(bounds, axis=-1)
    return width.max() <= 3 * width.min()


def frame(ax: Axes, objective: Any, bounds: np.ndarray) -> None:
    """Set limits, scale, names and title."""
    ax.set(xlim=bounds[0], ylim=bounds[1], aspect="equal" if is_true_to_scale(bounds) else "auto")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    name_axes(ax, objective.variables)
    few_ticks(ax.xaxis)
    few_ticks(ax.yaxis, room=40)
    title(ax, objective)


def draw_runs(ax: Axes, runs: list, bounds: np.ndarray) -> None:
    """Draw paths, and say which of them leave."""
    for run in runs:
        draw_path(ax, run, *np.moveaxis(within_reach(run.points, bounds), -1, 0))
    note_exits(ax, runs, bounds)
    legend(ax, runs)


def figure_size(bounds: np.ndarray) -> tuple[float, float]:
    """Return width and height of a new figure, in pixels, without empty sides."""
    width, height = np.ptp(bounds, axis=-1)
    shape = height / width if is_true_to_scale(bounds) else 0.6
    across = COLUMN if shape < 0.8 else 520
    return across, np.clip(0.9 * across * shape + 60, 260, 620)
