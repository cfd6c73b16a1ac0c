"""The gradient at many points, as arrows. Taught in chapter 3."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..checks import count
from .plane import draw_runs, figure_size, frame, is_true_to_scale
from .runs import as_runs
from .style import INK
from .view import box, flat_axes, need_dimension


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

    Lengths grow with the fourth root of the slope, or the flat parts would be empty.

    Args:
        objective: a landscape or a model with two variables.
        paths: as for `contours`.
        ax: where to draw; pyplot's current axes if left out.
        domain: as for `contours`.
        density: arrows along the longer side.
        uphill: whether they follow the gradient instead of descending.
        colour: of the arrows.

    Raises:
        ValueError: if there are not two variables, or an argument makes no sense.
    """
    need_dimension(objective, 2)
    count("density", density, least=2)
    runs = as_runs(paths, objective)
    bounds = box(objective, runs, domain)
    ax = flat_axes(ax, *figure_size(bounds))
    width = np.ptp(bounds, axis=-1)
    counts = np.full(2, density)
    if is_true_to_scale(bounds):
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
    frame(ax, objective, bounds)
    draw_runs(ax, runs, bounds)
    return ax
