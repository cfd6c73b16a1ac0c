"""The loss against the iteration, on axes that stay readable whatever the run does.

Taught in chapters 1 and 5.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..checks import number
from .labels import few_ticks
from .limits import LARGEST, note_cut, ratio, set_heights
from .marks import legend
from .runs import Run, as_runs
from .view import flat_axes


def loss_curve(
    paths: Any,
    objective: Any = None,
    *,
    ax: Axes | None = None,
    log: bool | None = None,
    minimum: float | None = None,
    x: Any = None,
    unit: str = "iteration",
) -> Axes:
    """Draw how the loss falls, as its distance to the minimum where that is known.

    Args:
        paths: a Path, a sequence of losses, a list, or a dict with labels (see `as_runs`).
        objective: gives the minimum; without one losses are drawn as they are.
        ax: where to draw; pyplot's current axes if left out.
        log: whether the axis is logarithmic; if left out, where the minimum is known and the
            distance to it shrinks or grows a hundredfold. The smallest loss seen will not do
            instead of the minimum: it would pull the curve down at its end.
        minimum: the smallest possible loss, instead of the objective's.
        x: what to draw against instead of the iteration (examples seen, seconds), an array or
            a dict with the labels of `paths`.
        unit: what x counts.

    Raises:
        ValueError: if `x` is not as long as the losses.
    """
    runs = as_runs(paths)
    if minimum is not None:
        minimum = number("minimum", minimum)
    elif objective is not None and len(objective.minima):
        minimum = float(np.min(objective(objective.minima)))
    ax = flat_axes(ax, height=340)
    above = [run.values - (minimum or 0.0) for run in runs]
    if log is None:
        log = minimum is not None and ratio(above) >= 100
    across = [_across(run, x, key) for run, key in zip(runs, _keys(paths, runs), strict=True)]
    ax.set(
        xlabel=unit,
        ylabel="loss above the minimum" if minimum else "loss",
        yscale="log" if log else "linear",
    )
    set_heights(ax, runs, above, log)
    for run, at, losses in zip(runs, across, above, strict=True):
        _draw(ax, run, at, losses)
    shown = note_cut(ax, runs, across, above, unit)
    ax.set_xlim(0, shown or 1)
    few_ticks(ax.xaxis, integer=x is None)
    legend(ax, runs)
    return ax


def learning_curve(
    losses: Any,
    *,
    ax: Axes | None = None,
    log: bool = False,
    x: Any = None,
    unit: str = "epoch",
) -> Axes:
    """Draw losses as they are, training beside validation for instance, against the epoch.

    Args:
        losses: a sequence of losses, a Path, a list, or a dict with labels.
        ax: where to draw; pyplot's current axes if left out.
        log: whether the axis is logarithmic.
        x: what to draw against, as for `loss_curve`.
        unit: what x counts.
    """
    return loss_curve(losses, ax=ax, log=log, x=x, unit=unit)


def _keys(paths: Any, runs: list[Run]) -> list:
    return list(paths) if isinstance(paths, Mapping) else [None] * len(runs)


def _across(run: Run, x: Any, key: Any) -> np.ndarray:
    """Return what this run is drawn against."""
    if x is None:
        return run.steps
    at = np.asarray(x[key] if isinstance(x, Mapping) else x, float)
    if len(at) != run.count:
        raise ValueError(f"x must have an entry for each of the {run.count} losses, not {len(at)}")
    return at[run.steps]


def _draw(ax: Axes, run: Run, at: np.ndarray, losses: np.ndarray) -> None:
    marks = {
        "marker": run.marker,
        "markersize": 6,
        "markeredgewidth": 0,
        "markevery": max(1, len(at) // 8),
    }
    finite = np.where(np.abs(losses) < LARGEST, losses, np.nan)
    look = {"color": run.colour, "linewidth": 2.2, **(marks if run.label else {})}
    if run.is_batch:
        look = {"color": run.colour, "linewidth": 1, "alpha": 0.6}
    for member in range(losses.shape[1]):
        label = run.label if member == 0 and run.label else "_losses"
        ax.plot(at, finite[:, member], label=label, **look)
