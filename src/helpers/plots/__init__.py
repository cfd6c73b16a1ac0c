"""Figures of landscapes, descents, data and schedules: axes in, axes out.

Every function draws into `ax`, or into pyplot's current axes, and returns them. The notebooks'
first cell calls `use_style()`; nothing here changes matplotlib's settings without being asked.
Where paths are asked for, give a Path, an array of points, a list of these, or a dict from
labels to these; see `runs.as_runs`.
"""

from .attraction import basins, starts
from .field import gradient_field
from .figures import compare, run
from .fits import data_and_line
from .losses import learning_curve, loss_curve
from .one_dimension import curve, secants, tangent
from .pictures import png, use_style
from .rates import schedule_curves
from .slices import loss_slices
from .style import COLOUR_MAP, COLUMN, STYLE, size, style
from .three_dimensions import surface
from .two_dimensions import contours

__all__ = [
    "COLOUR_MAP",
    "COLUMN",
    "STYLE",
    "basins",
    "compare",
    "contours",
    "curve",
    "data_and_line",
    "gradient_field",
    "learning_curve",
    "loss_curve",
    "loss_slices",
    "png",
    "run",
    "schedule_curves",
    "secants",
    "size",
    "starts",
    "style",
    "surface",
    "tangent",
    "use_style",
]
