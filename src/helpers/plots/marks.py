"""How a path looks wherever it is drawn, and what is said about it."""

from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..palette import MINIMUM, START
from .runs import Run
from .style import INK, SOFT_INK

CASING = "white"


def draw_path(ax: Axes, run: Run, *coordinates: np.ndarray) -> None:
    """Draw a run: a line through its points, a dot for each, a ring at the start, the end full.

    Args:
        ax: flat or 3-D axes.
        run: whose colour, marker and label are used; the members of a batch are drawn thin.
        *coordinates: x, y (and z) to draw at, each of shape (n + 1, m).
    """
    if not len(coordinates[0]):
        return
    for member in range(coordinates[0].shape[1]):
        at = [values[:, member] for values in coordinates]
        if run.is_batch:
            ax.plot(
                *at,
                color=run.colour,
                linewidth=1.3,
                zorder=4,
                label=run.label if member == 0 and run.label else "_path",
            )
            _dot(
                ax,
                at,
                -1,
                run.marker,
                5,
                markerfacecolor=run.colour,
                markeredgecolor=CASING,
                label="_end",
            )
            continue
        ax.plot(*at, color=CASING, alpha=0.7, linewidth=4.4, zorder=4, label="_casing")
        ax.plot(
            *at,
            color=run.colour,
            linewidth=1.8,
            zorder=5,
            label=run.label or "_path",
            marker=run.marker if len(run.steps) <= 500 else "none",
            markeredgewidth=0,
            markersize=5.5 if len(run.steps) <= 40 else 4.2,
        )
        _dot(
            ax,
            at,
            0,
            "o",
            9,
            markerfacecolor=START,
            markeredgecolor=run.colour,
            markeredgewidth=2.2,
            label="_start",
        )
        _dot(
            ax,
            at,
            -1,
            run.marker,
            10,
            markerfacecolor=run.colour,
            markeredgecolor=CASING,
            markeredgewidth=1.2,
            label="_end",
        )


def _dot(ax: Axes, at: list, k: int, marker: str, size: float, **look: Any) -> None:
    ax.plot(
        *[values[k:][:1] for values in at],
        linestyle="none",
        marker=marker,
        markersize=size,
        zorder=6,
        **look,
    )


def mark_minima(ax: Axes, *coordinates: np.ndarray) -> None:
    """Put stars where the minima are."""
    ax.plot(
        *coordinates,
        linestyle="none",
        marker="*",
        markersize=11,
        color=MINIMUM,
        markeredgecolor=INK,
        markeredgewidth=0.8,
        zorder=3,
        label="_minima",
    )


def note_exits(ax: Axes, runs: list[Run], bounds: np.ndarray) -> None:
    """Say in a corner which runs go out of view, and at which step."""
    lines = []
    for run in runs:
        outside = (
            (run.points < bounds[:, 0]) | (run.points > bounds[:, 1]) | ~np.isfinite(run.points)
        ).any(axis=-1)
        if run.is_batch:
            count = int(outside.any(axis=0).sum())
            if count:
                lines.append(f"{count} of {run.values.shape[1]} go out of view")
        elif outside.any():
            step = run.steps[outside[:, 0].argmax()]
            who = f"{run.label}: " if run.label and len(runs) > 1 else ""
            lines.append(f"{who}out of view at step {step}")
    if lines:
        note(ax, "\n".join(lines))


def note(ax: Axes, text: str, *, low: bool = True) -> None:
    """Write a small remark into the lower (or upper) right corner."""
    width = 72 * ax.get_position().width * ax.figure.get_figwidth()
    text = "\n".join(fill(line, max(16, int(width / 6.5))) for line in text.splitlines())
    write = ax.text2D if ax.name == "3d" else ax.text
    write(
        0.985,
        0.03 if low else 0.97,
        text,
        transform=ax.transAxes,
        ha="right",
        va="bottom" if low else "top",
        fontsize=13,
        color=SOFT_INK,
        zorder=9,
        bbox={"facecolor": "white", "alpha": 0.9, "edgecolor": "none", "pad": 2.5},
    )


def legend(ax: Axes, runs: list[Run], **options: Any) -> None:
    """Explain the labels, if there are any."""
    if any(run.label for run in runs):
        ax.legend(**options)
