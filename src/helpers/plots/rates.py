"""Schedules as curves: the learning rate at each iteration. Taught in chapter 5."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..checks import count, function
from .style import CYCLE
from .view import flat_axes


def schedule_curves(
    schedules: Mapping[str, Callable] | Callable,
    n_steps: int,
    *,
    ax: Axes | None = None,
    log: bool = False,
) -> Axes:
    """Draw the learning rate that each schedule gives, from step 0 to the last.

    Args:
        schedules: a schedule, or a dict from labels to schedules.
        n_steps: how many steps.
        ax: where to draw; pyplot's current axes if left out.
        log: whether the axis is logarithmic.
    """
    count("n_steps", n_steps, least=1)
    labelled = schedules if isinstance(schedules, Mapping) else {None: schedules}
    for label, schedule in labelled.items():
        function(f"schedule {label!r}" if label else "schedule", schedule)
    ax = flat_axes(ax, height=320)
    steps = np.arange(n_steps)
    for (label, schedule), colour in zip(labelled.items(), _colours(len(labelled)), strict=True):
        rates = [float(schedule(step)) for step in steps]
        ax.step(
            steps, rates, where="post", color=colour, linewidth=2.2, label=label or "_schedule"
        )
    ax.set(
        xlim=(0, max(n_steps - 1, 1)),
        xlabel="iteration",
        ylabel=r"learning rate $\eta$",
        yscale="log" if log else "linear",
    )
    if not log:
        ax.set_ylim(bottom=0)
    if isinstance(schedules, Mapping):
        ax.legend()
    return ax


def _colours(number: int) -> list[Any]:
    return [CYCLE[k % len(CYCLE)] for k in range(number)]
