"""The loss along one parameter: a cut through the loss surface. Taught in chapter 1."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from .labels import symbol
from .style import CYCLE
from .view import flat_axes


def loss_slices(
    models: Any, *, along: int | str = 0, ax: Axes | None = None, width: float | None = None
) -> Axes:
    """Draw the loss along one parameter through each model's minimum, the others held fixed.

    Args:
        models: a model, or a dict from labels to models.
        along: which parameter: its number or its name.
        ax: where to draw; pyplot's current axes if left out.
        width: how far to either side of the outermost minima; else as far as they are apart,
            at least 2.

    Raises:
        ValueError: if there is no such parameter.
    """
    models = models if isinstance(models, Mapping) else {None: models}
    names = list(next(iter(models.values())).variables)
    if along not in names and along not in range(len(names)):
        raise ValueError(f"along must be one of {names} or its number, not {along!r}")
    k = names.index(along) if along in names else int(along)
    ax = flat_axes(ax, height=340)
    minima = [np.reshape(model.minima, (-1, len(names)))[0] for model in models.values()]
    places = [minimum[k] for minimum in minima]
    width = max(2.0, np.ptp(places)) if width is None else width
    t = np.linspace(min(places) - width, max(places) + width, 300)
    for (label, model), minimum, colour in zip(models.items(), minima, CYCLE, strict=False):
        points = np.repeat(minimum[None], len(t), axis=0)
        points[:, k] = t
        ax.plot(t, model(points), color=colour, linewidth=2.2, label=label)
        ax.plot(
            [minimum[k]],
            [model(minimum)],
            "o",
            color=colour,
            markersize=9,
            markeredgecolor="white",
            markeredgewidth=1.2,
            zorder=5,
            label="_minimum",
        )
    ax.set(xlim=(t[0], t[-1]), xlabel=symbol(names[k]), ylabel="loss")
    ax.set_ylim(bottom=min(0.0, ax.get_ylim()[0]))
    if None not in models:
        ax.legend()
    return ax
