"""How every figure of the course looks: one style, one colour map, one width.

A point is a CSS pixel here: a figure of 704 points fills the book's text column, and letters of
15 points stand beside letters of 15 pixels. Pictures are stored at twice that density.
"""

from contextlib import AbstractContextManager

import matplotlib as mpl
from cycler import cycler
from matplotlib.colors import LinearSegmentedColormap

from ..palette import LANDSCAPE_STOPS, OPTIMIZER_COLOURS

COLUMN = 704
"""Width of the book's text column, in pixels."""

COLOUR_MAP = LinearSegmentedColormap.from_list("downhill", LANDSCAPE_STOPS)
"""Heights: dark valleys, pale summits, even steps of lightness."""

INK, SOFT_INK, HAIR = "#1f2633", "#5b6474", "#e3e6eb"

CYCLE = tuple(OPTIMIZER_COLOURS.values())
"""Colours of what is neither an optimizer nor a learning rate."""

RAMP = LinearSegmentedColormap.from_list("rates", ("#f2b13c", "#e0662f", "#b3233f", "#4f0f35"))
"""Learning rates from small to large: all of it warm, so that it stands out from the map."""


def size(width: float = COLUMN, height: float = 380) -> tuple[float, float]:
    """Return `figsize` in inches for a figure that is shown `width` by `height` pixels large.

    >>> size(720, 360)
    (10.0, 5.0)
    """
    return width / 72, height / 72


STYLE = {
    "figure.figsize": size(),
    "figure.dpi": 72,
    "savefig.dpi": 144,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "figure.constrained_layout.use": True,
    # STIX comes with matplotlib, so a figure is the same on every machine, letters and formulas.
    "font.family": "STIXGeneral",
    "mathtext.fontset": "stix",
    "font.size": 15,
    "axes.titlesize": 17,
    "axes.titlelocation": "left",
    "axes.titlepad": 9,
    "axes.labelsize": 16,
    "axes.labelpad": 5,
    "xtick.labelsize": 14,
    "ytick.labelsize": 14,
    "legend.fontsize": 14,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "xtick.color": SOFT_INK,
    "ytick.color": SOFT_INK,
    "axes.edgecolor": SOFT_INK,
    "axes.facecolor": "white",
    "axes.linewidth": 0.9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": HAIR,
    "grid.linewidth": 1,
    "axes.prop_cycle": cycler(color=CYCLE),
    "axes.formatter.use_mathtext": True,
    "axes.formatter.limits": (-4, 5),
    "xtick.direction": "out",
    "xtick.major.size": 4,
    "ytick.major.size": 4,
    "xtick.minor.size": 0,
    "ytick.minor.size": 0,
    "lines.linewidth": 2,
    "lines.solid_capstyle": "round",
    "lines.solid_joinstyle": "round",
    "legend.frameon": True,
    "legend.framealpha": 0.9,
    "legend.edgecolor": "none",
    "legend.fancybox": False,
    "legend.handlelength": 1.6,
    "legend.borderpad": 0.35,
    "legend.labelspacing": 0.3,
}


def style() -> AbstractContextManager:
    """Return a context in which figures have the course's look, and after which nothing has.

    >>> with style():
    ...     mpl.rcParams["font.size"]
    15.0
    """
    return mpl.rc_context(STYLE)
