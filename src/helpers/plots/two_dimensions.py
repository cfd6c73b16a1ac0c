"""A landscape of two variables seen from above: height as colour, contour lines, paths, arrows.

Taught in chapter 3.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Normalize, PowerNorm

from ..checks import count
from .field import gradient_field
from .marks import mark_minima
from .plane import draw_runs, figure_size, frame
from .runs import as_runs
from .style import COLOUR_MAP
from .view import box, flat_axes, need_dimension


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

    Args:
        objective: a landscape or a model with two variables.
        paths: a Path, an array of points, a list, or a dict with labels (see `runs.as_runs`).
        ax: where to draw; pyplot's current axes if left out.
        domain: ((low, high), (low, high)); else the objective's own, widened where a run just
            leaves it.
        levels: how many contour lines.
        field: whether arrows show where it goes downhill.
        minima: whether stars show the minima.

    Raises:
        ValueError: if there are not two variables, or an argument makes no sense.
    """
    need_dimension(objective, 2)
    count("levels", levels, least=1)
    runs = as_runs(paths, objective)
    bounds = box(objective, runs, domain)
    ax = flat_axes(ax, *figure_size(bounds))
    x, y, heights = grid_of_heights(objective, bounds)
    norm = height_norm(heights)
    ax.imshow(
        heights,
        extent=bounds.ravel(),
        origin="lower",
        cmap=COLOUR_MAP,
        norm=norm,
        interpolation="bilinear",
        interpolation_stage="data",
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
    frame(ax, objective, bounds)
    if minima:
        places = np.reshape(objective.minima, (-1, 2))
        inside = ((places >= bounds[:, 0]) & (places <= bounds[:, 1])).all(axis=-1)
        mark_minima(ax, *places[inside].T)
    draw_runs(ax, runs, bounds)
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
