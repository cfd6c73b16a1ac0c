"""A landscape of two variables as a surface, with the path on it. Taught in chapter 3."""

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LightSource

from .labels import few_ticks, name_axes, title
from .marks import draw_path, legend, note_exits
from .runs import as_runs
from .style import COLOUR_MAP, HAIR
from .two_dimensions import grid_of_heights, height_norm
from .view import box, need_dimension, solid_axes

SIDE = 91
"""So many points along each side; more is not seen, and takes longer to draw."""


def surface(
    objective: Any,
    paths: Any = None,
    *,
    ax: Axes | None = None,
    domain: Any = None,
    elevation: float = 45,
    azimuth: float = -60,
) -> Axes:
    """Draw a 2-D objective as a surface, and paths a little above it.

    Args:
        objective: a landscape or a model with two variables.
        paths: as for `contours`. What leaves the domain is not drawn.
        ax: 3-D axes; if left out, pyplot's current ones where these are 3-D, or new ones.
        domain: as for `contours`.
        elevation: how high the eye stands, in degrees.
        azimuth: from where it looks, in degrees.

    Raises:
        ValueError: if there are not two variables, or the axes are flat.
    """
    need_dimension(objective, 2)
    runs = as_runs(paths, objective)
    bounds = box(objective, runs, domain)
    ax = solid_axes(ax)
    x, y, heights = grid_of_heights(objective, bounds, SIDE)
    low, high = float(heights.min()), float(heights.max())
    colours = COLOUR_MAP(height_norm(heights)(heights.filled(high)))
    steepness = 0.5 * SIDE / ((high - low) or 1.0)
    relief = LightSource(azdeg=315, altdeg=55).hillshade(heights.filled(high), steepness)
    colours[..., :3] = np.clip(colours[..., :3] * (0.8 + 0.3 * relief[..., None]), 0, 1)
    ax.computed_zorder = False
    ax.plot_surface(
        *np.meshgrid(x, y),
        heights.filled(np.nan),
        facecolors=colours,
        rcount=SIDE,
        ccount=SIDE,
        linewidth=0,
        antialiased=False,
        shade=False,
        zorder=1,
    )
    for run in runs:
        inside = ((run.points >= bounds[:, 0]) & (run.points <= bounds[:, 1])).all(axis=-1)
        points = np.where(inside[..., None], run.points, np.nan)
        with np.errstate(all="ignore"):
            above = np.asarray(objective(points), float) + 0.015 * (high - low)
        draw_path(ax, run, *np.moveaxis(points, -1, 0), above)
    ax.set(xlim=bounds[0], ylim=bounds[1], zlim=(low, high if high > low else low + 1))
    ax.view_init(elevation, azimuth)
    ax.set_box_aspect(
        (1, np.clip(np.ptp(bounds[1]) / np.ptp(bounds[0]), 0.6, 1.6), 0.46), zoom=1.15
    )
    for axis in (ax.xaxis, ax.yaxis, ax.zaxis):
        axis.set_pane_color("white")
        axis.line.set_color(HAIR)
        few_ticks(axis, room=140)
    name_axes(ax, objective.variables)
    title(ax, objective)
    note_exits(ax, runs, bounds)
    legend(ax, runs)
    return ax
