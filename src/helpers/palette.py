"""The colours of the course: one map for heights, one colour and marker for each optimizer.

Plots and the playground both read them, so that a method looks the same on every page.
The optimizer colours are those of Okabe and Ito (2008), told apart with any colour vision,
with the yellow darkened until it stands out from white paper too.
"""

LANDSCAPE_STOPS = (
    "#1b2450",
    "#28447c",
    "#2f6b9a",
    "#3e93a8",
    "#66b8b0",
    "#9fd5bd",
    "#d9eed6",
)
"""Heights from low to high: deep blue valleys, pale summits."""

OPTIMIZER_COLOURS = {
    "plain": "#d55e00",
    "momentum": "#0072b2",
    "nesterov": "#009e73",
    "adagrad": "#cc79a7",
    "rmsprop": "#e69f00",
    "adam": "#56b4e9",
    "adamw": "#a39000",
    "newton": "#808080",
}

OPTIMIZER_MARKERS = {
    "plain": "o",
    "momentum": "s",
    "nesterov": "^",
    "adagrad": "D",
    "rmsprop": "v",
    "adam": "P",
    "adamw": "X",
    "newton": "*",
}
"""Matplotlib's marker codes."""

PATH = "#d55e00"
"""A descent that has no name of its own: as plain descent, which it mostly is."""

START = "#ffffff"
"""The inside of the ring at the start."""

MINIMUM = "#ffd34d"
"""Stars on the minima."""
