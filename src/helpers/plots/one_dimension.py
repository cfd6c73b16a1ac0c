"""A landscape of one variable as a curve, with the descent that runs along it.

Taught in chapter 2.
"""

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .labels import few_ticks, name_axes, title
from .marks import draw_path, legend, mark_minima, note_exits
from .runs import as_runs
from .style import INK, RAMP
from .view import box, flat_axes, need_dimension, within_reach


def curve(
    landscape: Any,
    paths: Any = None,
    *,
    ax: Axes | None = None,
    domain: tuple[float, float] | None = None,
    tangent_at: float | None = None,
    minima: bool = True,
) -> Axes:
    """Draw a 1-D landscape, its minima, and paths as points on it.

    Args:
        landscape: of one variable.
        paths: a Path, an array of points, a list, or a dict with labels (see `runs.as_runs`).
        ax: where to draw; pyplot's current axes if left out.
        domain: the part to show; else the landscape's own, widened where a run leaves it.
        tangent_at: a point at which the tangent is drawn too.
        minima: whether stars show the minima.

    Raises:
        ValueError: if there is more than one variable, or the domain is none.
    """
    need_dimension(landscape, 1)
    runs = as_runs(paths, landscape)
    bounds = box(landscape, runs, domain)
    ax = flat_axes(ax)
    x = np.linspace(*bounds[0], 600)
    y = landscape(x)
    ax.plot(x, y, color=INK, linewidth=2, zorder=2)
    low, high = np.nanmin(y), np.nanmax(y)
    room = (high - low) or 1.0
    ax.set(xlim=bounds[0], ylim=(low - 0.08 * room, high + 0.05 * room))
    name_axes(ax, landscape.variables)
    few_ticks(ax.xaxis)
    few_ticks(ax.yaxis, room=40)
    ax.set_ylabel(f"$f({landscape.variables[0]})$")
    title(ax, landscape)
    if minima:
        places = np.ravel(landscape.minima)
        places = places[(places >= bounds[0, 0]) & (places <= bounds[0, 1])]
        mark_minima(ax, places, landscape(places))
    for run in runs:
        flat = within_reach(run.points, bounds)[..., 0]
        draw_path(ax, run, flat, landscape(flat))
    if tangent_at is not None:
        tangent(landscape, tangent_at, ax=ax)
    note_exits(ax, runs, bounds)
    legend(ax, runs)
    return ax


def tangent(
    landscape: Any, at: float, *, ax: Axes | None = None, colour: Any = None, length: float = 0.3
) -> Axes:
    """Draw the tangent at a point: the straight line with the slope f'(at).

    Args:
        landscape: of one variable.
        at: the point.
        ax: where to draw; pyplot's current axes if left out. The curve should be there already.
        colour: of the line.
        length: of the line on the screen, as a share of the width of the axes.
    """
    need_dimension(landscape, 1)
    ax = flat_axes(ax)
    value, slope = landscape(float(at)), landscape.gradient(float(at))
    _line_through(ax, at, value, slope, length, color=colour or RAMP(0.55), label="_tangent")
    ax.plot(
        [at],
        [value],
        "o",
        color=colour or RAMP(0.55),
        markersize=8,
        markeredgecolor="white",
        zorder=5,
        label="_touch",
    )
    return ax


def secants(
    landscape: Any,
    at: float,
    widths: tuple[float, ...] = (3.0, 1.5, 0.5),
    *,
    ax: Axes | None = None,
    domain: tuple[float, float] | None = None,
) -> Axes:
    """Draw lines through the curve at `at` and at `at + h`, and the tangent that they turn into.

    (f(at + h) - f(at)) / h -> f'(at) for h -> 0; the legend gives each line's slope.

    Args:
        landscape: of one variable.
        at: the point that all lines go through.
        widths: the h, not 0.
        ax: where to draw; pyplot's current axes if left out.
        domain: the part of the curve to show.

    Raises:
        ValueError: if a width is 0 or there are none.
    """
    if not len(widths) or not np.all(np.asarray(widths, float) != 0):
        raise ValueError(f"widths are numbers other than 0, not {widths!r}")
    ax = curve(landscape, ax=ax, domain=domain, minima=False)
    at, value = float(at), landscape(float(at))
    ends = np.array(ax.get_xlim())  # lines right across: a short one may miss its second point
    for k, h in enumerate(widths):
        colour = RAMP(k / (len(widths) + 0.5))
        other = landscape(at + h)
        slope = (other - value) / h
        ax.plot(
            ends,
            value + slope * (ends - at),
            color=colour,
            linewidth=1.6,
            zorder=4,
            label=f"$h = {h:g}$, slope ${slope:.2f}$",
        )
        ax.plot(
            [at + h], [other], "o", color=colour, markersize=7, markeredgecolor="white", zorder=5
        )
    slope = landscape.gradient(at)
    ax.plot(
        ends,
        value + slope * (ends - at),
        color=RAMP(1.0),
        linewidth=2.4,
        zorder=4,
        label=f"tangent, slope ${slope:.2f}$",
    )
    ax.plot([at], [value], "o", color=RAMP(1.0), markersize=9, markeredgecolor="white", zorder=6)
    ax.legend()
    return ax


def _line_through(ax: Axes, x: float, y: float, slope: float, length: float, **look: Any) -> None:
    """Draw a line around (x, y) that is `length` axes widths long on the screen."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    width, height = ax.bbox.width, ax.bbox.height
    on_screen = np.hypot(width / (right - left), slope * height / (top - bottom))
    reach = length * width / on_screen / 2
    ax.plot(
        [x - reach, x + reach],
        [y - slope * reach, y + slope * reach],
        **{"linewidth": 2.2, "zorder": 4, **look},
    )
