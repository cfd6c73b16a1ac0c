"""What is written around the axes: variables, ticks, the formula."""

import re
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.mathtext import MathTextParser
from matplotlib.textpath import TextPath
from matplotlib.ticker import MaxNLocator


def name_axes(ax: Axes, variables: tuple[str, ...]) -> None:
    """Write the variables beside the axes: w1 as w with an index."""
    for axis, name in zip((ax.xaxis, ax.yaxis), variables, strict=False):
        axis.set_label_text(symbol(name))


def few_ticks(axis: Axis, *, room: float = 52, integer: bool = False) -> None:
    """Put ticks at round numbers, no closer than `room` pixels."""
    ax, across = axis.axes, axis.axis_name != "y"
    place, (width, height) = ax.get_position(), ax.figure.get_size_inches()
    length = 72 * (place.width * width if across or ax.name == "3d" else place.height * height)
    bins = int(np.clip(length / room, 2, 8))
    axis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 5, 10], integer=integer))


def symbol(name: str) -> str:
    """Return the mathematics of a variable's name.

    >>> symbol("w1")
    '$w_{1}$'
    """
    stem = name.rstrip("0123456789")
    index = name[len(stem) :]
    return f"${stem}_{{{index}}}$" if stem and index else f"${name}$"


def title(ax: Axes, objective: Any) -> None:
    """Write the formula above the axes, smaller if it is long; the name if there is no room.

    A model's loss has a name instead: its sum over the data would tower above the axes.
    """
    name = str(getattr(objective, "name", "")).replace("_", " ").capitalize()
    heading = ax.set_title(name)
    text = f"${_spaced(objective.latex)}$"
    if hasattr(objective, "predict") or not _is_readable(text):
        return
    room = ax.get_position().width * ax.figure.get_figwidth() * 72 * 0.95
    font = heading.get_fontproperties()
    length = TextPath((0, 0), text, size=font.get_size(), prop=font).get_extents().width
    if length <= 1.5 * room:
        heading.set_text(text)
        heading.set_fontsize(font.get_size() * min(1, room / length))


def _spaced(latex: str) -> str:
    r"""Put the small space between factors that matplotlib leaves out before a function's name.

    >>> print(_spaced(r"\sin x \sin y"))
    \sin x\,\sin y
    """
    return re.sub(r"(?<=[\w})]) (?=\\(?:sin|cos|tan|exp|log)\b)", r"\\,", latex)


def _is_readable(text: str) -> bool:
    """Whether matplotlib can set this formula."""
    try:
        MathTextParser("path").parse(text)
    except ValueError:
        return False
    return True
