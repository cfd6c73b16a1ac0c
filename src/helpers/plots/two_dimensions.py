"""A landscape of two variables seen from above: height as colour, contour lines, paths, arrows.

Taught in chapter 3.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm

from ..checks import count
from .marks import draw_path, legend, mark_minima, note_exits
from .runs import as_runs
from .style import COLOUR_MAP, COLUMN, INK
from .view import box, few_ticks, flat_axes, name_axes, need_dimension, title, within_reach


def contours(
    objective: Any,
    paths: Any = None,
    *,
    ax: Axes | None = None,
    domain: Any = None,
    levels: int = 15,
    field: bool = False,
    minima: bool = True,
) -> Axes:
    """Draw a 2-D objective from above with its contour lines, its minima, and paths.

    paths: a Path, an array of points, a list, or a dict with labels (see `runs.as_runs`).
    ax: where to draw; pyplot's current axes if left out.
    domain: ((low, high), (low, high)); else the objective's own, widened where a run just
    leaves it. levels: how many contour lines. field: also draw the downhill arrows.
    """
    need_dimension(objective, 2)
    count("levels", levels, least=1)
    runs = as_runs(paths, objective)
    bounds = box(objective, runs, domain)
    ax = flat_axes(ax, *_figure_size(bounds))
    x, y, heights = grid_of_heights(objective, bounds)
    norm = height_norm(heights)
    ax.imshow(
        heights,
        extent=bounds.ravel(),
        origin="lower",
        cmap=COLOUR_MAP,
        norm=norm,
        interpolation="bilinear",
        zorder=0,
    )
    lines = np.unique(norm.inverse(np.linspace(0, 1, levels + 2)[1:-1]))
    if np.ptp(heights) > 0:
        ax.contour(
            x,
            y,
            heights,
            levels=lines,
            colors="white",
            alpha=0.45,
            linewidths=0.9,
            linestyles="solid",
            zorder=1,
        )
    if field:
        gradient_field(objective, ax=ax, domain=bounds, colour="white")
    _frame(ax, objective, bounds)
    if minima:
        places = np.reshape(objective.minima, (-1, 2))
        inside = ((places >= bounds[:, 0]) & (places <= bounds[:, 1])).all(axis=-1)
        mark_minima(ax, *places[inside].T)
    _draw_runs(ax, runs, bounds)
    return ax


def gradient_field(
    objective: Any,
    paths: Any = None,
    *,
    ax: Axes | None = None,
    domain: Any = None,
    density: int = 17,
    uphill: bool = False,
    colour: Any = None,
) -> Axes:
    """Draw arrows that point downhill, -f'(x), or uphill; a longer one where it is steeper.

    density: arrows along the longer side. Lengths grow with the fourth root of the slope, or
    the flat parts would be empty. Other arguments as for `contours`.
    """
    need_dimension(objective, 2)
    count("density", density, least=2)
    runs = as_runs(paths, objective)
    bounds = box(objective, runs, domain)
    ax = flat_axes(ax, *_figure_size(bounds))
    width = np.ptp(bounds, axis=-1)
    counts = np.full(2, density)
    if _is_true_to_scale(bounds):
        counts = np.maximum(2, np.round(density * width / width.max()).astype(int))
    cell = width / counts
    x, y = (
        low + (np.arange(n) + 0.5) * c
        for low, n, c in zip(bounds[:, 0], counts, cell, strict=True)
    )
    at = np.stack(np.meshgrid(x, y), axis=-1)
    with np.errstate(all="ignore"):
        arrows = (1 if uphill else -1) * np.asarray(objective.gradient(at), float)
        arrows[~np.isfinite(arrows).all(axis=-1)] = 0
        steepness = np.linalg.norm(arrows, axis=-1)
        lengths = 0.85 * (steepness / (steepness.max() or 1)) ** 0.25
        in_cells = np.abs(arrows / cell).max(axis=-1)
    arrows *= (lengths / np.where(in_cells, in_cells, 1))[..., None]
    ax.quiver(
        at[..., 0],
        at[..., 1],
        arrows[..., 0],
        arrows[..., 1],
        angles="xy",
        pivot="mid",
        scale_units="xy",
        scale=1,
        color=colour or INK,
        alpha=0.75,
        width=0.003,
        headwidth=4.5,
        headlength=5,
        headaxislength=4.5,
        zorder=2,
    )
    _frame(ax, objective, bounds)
    _draw_runs(ax, runs, bounds)
    return ax


def grid_of_heights(
    objective: Any, bounds: np.ndarray, side: int = 201
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return x, y and the finite values of the objective on a grid over the picture."""
    x, y = np.linspace(*bounds[0], side), np.linspace(*bounds[1], side)
    with np.errstate(all="ignore"):
        heights = np.asarray(objective(np.stack(np.meshgrid(x, y), axis=-1)), float)
    return x, y, np.ma.masked_invalid(heights)


def height_norm(heights: np.ndarray) -> Normalize:
    """Return the scale of colours and contour lines: half of the picture lies below its middle.

    A power law between the lowest and the highest value. On a quadratic it is nearly the square
    root, which makes rings at equal distances; on Rosenbrock's valley it opens the flat floor.
    """
    low, high = float(heights.min()), float(heights.max())
    if not high > low:
        return Normalize(low, low + 1)
    middle = (float(np.ma.median(heights)) - low) / (high - low)
    power = np.log(np.clip(middle, 1e-6, 0.5)) / np.log(0.5)
    return PowerNorm(1 / min(power, 8.0), low, high)


def _is_true_to_scale(bounds: np.ndarray) -> bool:
    """Whether both axes have one scale, so that gradients stand upright on contour lines."""
    width = np.ptp(bounds, axis=-1)
    return width.max() <= 3 * width.min()


def _frame(ax: Axes, objective: Any, bounds: np.ndarray) -> None:
    ax.set(xlim=bounds[0], ylim=bounds[1], aspect="equal" if _is_true_to_scale(bounds) else "auto")
    ax.grid(False)
    ax.spines[:].set_visible(False)
    name_axes(ax, objective.variables)
    few_ticks(ax.xaxis)
    few_ticks(ax.yaxis, room=40)
    title(ax, objective)


def _draw_runs(ax: Axes, runs: list, bounds: np.ndarray) -> None:
    for run in runs:
        draw_path(ax, run, *np.moveaxis(within_reach(run.points, bounds), -1, 0))
    note_exits(ax, runs, bounds)
    legend(ax, runs)


def _figure_size(bounds: np.ndarray) -> tuple[float, float]:
    """Return width and height of a new figure, in pixels, without empty sides."""
    width, height = np.ptp(bounds, axis=-1)
    shape = height / width if _is_true_to_scale(bounds) else 0.6
    across = COLUMN if shape < 0.8 else 520
    return across, np.clip(0.9 * across * shape + 60, 260, 620)
