"""How much of a loss curve is shown: axes that stay readable whatever the run does."""

import numpy as np
from matplotlib.axes import Axes

from .marks import note
from .runs import Run

DECADES_BELOW = 18
"""A logarithmic axis reaches this far down from its top: below it is only rounding."""

HEADROOM = {"log": 1e6, "linear": 2.0}
"""Beside runs that stay, a run that diverges is shown up to this many times the first loss."""

ALONE = {"log": 1e20, "linear": 20.0}
"""The same where every run diverges."""

LARGEST = 1e300
"""Numbers beyond are not shown: the axis itself has to be computed with."""


def ratio(above: list[np.ndarray]) -> float:
    """Return the largest distance to the minimum, in units of the smallest."""
    every = _numbers(above, positive=True)
    with np.errstate(over="ignore"):
        return float(every.max() / every.min()) if len(every) else 1.0


def _numbers(above: list[np.ndarray], positive: bool) -> np.ndarray:
    """Return all losses that this axis can show, in a row."""
    every = np.concatenate([np.empty(0), *(losses.ravel() for losses in above)])
    every = every[np.abs(every) < LARGEST]
    return every[every > 0] if positive else every


def set_heights(ax: Axes, runs: list[Run], above: list[np.ndarray], log: bool) -> None:
    """Show every run that stays whole, and runs that diverge up to a limit."""
    staying = [losses[:, ~run.diverged] for run, losses in zip(runs, above, strict=True)]
    first = _numbers([losses[:1] for losses in above], log)
    every, kept = _numbers(above, log), _numbers(staying, log)
    if not len(every):
        ax.set_ylim(0.1, 1)
        return
    shown = np.concatenate([first, kept]) if len(kept) else every
    top, bottom = shown.max(), shown.min()
    if log:
        bottom = max(bottom, top * 10.0**-DECADES_BELOW)
    if len(first) and any(run.diverged.any() for run in runs):
        limit = np.abs(first).max() * (HEADROOM if len(kept) else ALONE)[ax.get_yscale()]
        top = max(top, min(every.max(), limit)) if len(kept) else min(top, limit)
    if log:
        ax.set_ylim(min(bottom, first.min() if len(first) else bottom) / 2, top * 2)
    else:
        room = (top - bottom) or abs(top) or 1.0
        ax.set_ylim(bottom - 0.05 * room, top + 0.05 * room)


def note_cut(
    ax: Axes, runs: list[Run], across: list[np.ndarray], above: list[np.ndarray], unit: str
) -> float:
    """Say which losses leave through the top, and when; return how far the others go."""
    top = ax.get_ylim()[1]
    lines, ends = [], [0.0]
    for run, at, losses in zip(runs, across, above, strict=True):
        out = ~(losses <= top)
        gone = out.all(axis=1)
        ends += [1.25 * at[gone.argmax()] if gone.any() else at[-1]] if len(at) else []
        if out.any() and not run.is_batch:
            k = int(out[:, 0].argmax())
            who = f"{run.label}: " if run.label and len(runs) > 1 else ""
            lines.append(f"{who}off the top from {unit} {at[k]:g} on")
            ax.plot(
                [at[k]],
                [0.975],
                marker="^",
                color=run.colour,
                markersize=8,
                markeredgecolor="white",
                transform=ax.get_xaxis_transform(),
                zorder=6,
                label="_cut",
            )
    if lines:
        note(ax, "\n".join(lines), low=all(run.diverged.any() for run in runs))
    return float(min(max(ends), max((at[-1] for at in across if len(at)), default=0.0)))
