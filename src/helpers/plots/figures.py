"""Whole figures: one run beside its loss curve, and the same landscape several times over."""

from collections.abc import Mapping
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.figure import Figure

from ..checks import count, known
from .fits import data_and_line
from .losses import loss_curve
from .one_dimension import curve
from .runs import as_runs
from .style import COLUMN, size, style
from .three_dimensions import surface
from .two_dimensions import contours
from .view import box

VIEWS = {"curve": curve, "contours": contours, "surface": surface}


def run(
    objective: Any, path: Any, *, view: str = "auto", width: float = COLUMN, height: float = 300
) -> Figure:
    """Return a figure of its own (unknown to pyplot): a descent, and beside it the loss curve.

    It is what a playground shows where no script runs.

    Args:
        objective: a landscape or a model.
        path: a Path, or several as for `contours`.
        view: "curve", "contours", "surface", "line" (data and line beside the loss surface),
            or "auto": what fits the objective.
        width: of the figure, in pixels.
        height: of the figure, in pixels.

    Raises:
        ValueError: if the view is unknown or does not fit the objective.
    """
    view = _view(objective, view)
    with style():
        figure = Figure(figsize=size(width, height))
        runs = as_runs(path, objective)
        share = _share(objective, runs, view, width, height)
        left, right = figure.add_gridspec(1, 2, width_ratios=(share, 1 - share), wspace=0.04)
        if view == "line":
            words_ax = data_and_line(objective, path, ax=figure.add_subplot(left))
            contours(objective, runs, ax=figure.add_subplot(right))
        else:
            solid = {"projection": "3d"} if view == "surface" else {}
            VIEWS[view](objective, runs, ax=figure.add_subplot(left, **solid))
            words_ax = loss_curve(runs, objective, ax=figure.add_subplot(right))
        if len(runs) == 1 and runs[0].verdict:
            words_ax.set_title(runs[0].verdict, fontsize=15)
    return figure


def _share(objective: Any, runs: list, view: str, width: float, height: float) -> float:
    """Return which part of the width the left panel needs to stand as high as the right one."""
    if view != "contours":
        return 0.5
    across, up = np.ptp(box(objective, runs), axis=-1)
    return float(np.clip(((height - 75) * across / up + 55) / width, 0.4, 0.62))


def compare(
    objective: Any,
    paths: Mapping,
    *,
    view: str = "auto",
    columns: int = 2,
    losses: bool = False,
    figure: Figure | None = None,
) -> np.ndarray:
    """Draw the same objective once for each path, on the same axes, with how the run ended.

    Args:
        objective: a landscape or a model.
        paths: a dict from labels (a number is a learning rate) to Paths.
        view: "curve", "contours", "surface" or "auto".
        columns: panels side by side.
        losses: whether all loss curves come in one more panel below.
        figure: where to draw; a new pyplot figure if left out.

    Returns:
        the axes, one for each path, and last those of the loss curves if asked for.

    Raises:
        ValueError: if `paths` is not a dict, or a view does not fit.
    """
    if not isinstance(paths, Mapping) or not paths:
        raise ValueError(f"paths must be a dict from labels to paths, not {paths!r}")
    columns = min(count("columns", columns, least=1), len(paths))
    view = _view(objective, view)
    if view == "line":
        view = "contours"
    rows = -(-len(paths) // columns)
    runs = as_runs(paths, objective)
    bounds = _shared_box(objective, runs)
    heights = [_panel_height(bounds, view, columns)] * rows + [280] * losses
    figure = figure or plt.figure(figsize=size(COLUMN, sum(heights) + 30))
    grid = figure.add_gridspec(len(heights), columns, height_ratios=heights)
    solid = {"projection": "3d"} if view == "surface" else {}
    panels = []
    for k, each in enumerate(runs):
        ax = figure.add_subplot(grid[k // columns, k % columns], **solid)
        VIEWS[view](objective, each, ax=ax, domain=bounds)
        ax.get_legend().remove()
        glue = ", " if columns < 3 else "\n"
        ax.set_title(glue.join(filter(None, [each.label, each.verdict])), fontsize=15)
        panels.append(ax)
    if losses:
        panels.append(loss_curve(runs, objective, ax=figure.add_subplot(grid[-1, :])))
    return np.array(panels, dtype=object)


def _shared_box(objective: Any, runs: list) -> np.ndarray:
    """Return what all panels show: what the runs need that stay."""
    staying = [run for run in runs if not run.diverged.any()]
    return box(objective, staying or runs)


def _panel_height(bounds: np.ndarray, view: str, columns: int) -> float:
    """Return the height of a panel, its title and labels included, in pixels."""
    shape = {"curve": 0.55, "surface": 0.85}.get(view)
    if shape is None:
        across, up = np.ptp(bounds, axis=-1)
        shape = up / across if 1 / 3 <= up / across <= 3 else 0.7
    return (COLUMN / columns - 55) * shape + (72 if columns < 3 else 90)


def _view(objective: Any, view: str) -> str:
    fits = {1: ["curve"], 2: ["contours", "surface"]}.get(objective.dimension, [])
    if hasattr(objective, "predict"):
        fits = ["line", *fits]
    if not fits:
        raise ValueError(f"no view shows an objective of dimension {objective.dimension}")
    return fits[0] if view == "auto" else known("view", view, ["auto", *fits])
