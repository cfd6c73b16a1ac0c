"""A schedule is a function from the step t = 0, 1, 2, ... to the learning rate of that step.

Every schedule here takes one step or an array of steps, so that it can be plotted as it is
called, and refuses settings out of their range with a ValueError. Taught in the chapter on
tuning the learning rate.
"""

from .annealing import cosine, warm_restarts, warm_up
from .decay import exponential, inverse_sqrt, inverse_time, step_decay
from .rising import range_test
from .schedule import Schedule, constant, of

__all__ = [
    "Schedule",
    "constant",
    "cosine",
    "exponential",
    "inverse_sqrt",
    "inverse_time",
    "of",
    "range_test",
    "step_decay",
    "warm_restarts",
    "warm_up",
]
