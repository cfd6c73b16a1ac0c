"""What a schedule is, and the simplest one."""

from collections.abc import Callable
from typing import NamedTuple

from .. import checks


class Schedule(NamedTuple):
    """A learning rate for each step, and the line of Python that makes it.

    >>> constant(0.1)(7)
    0.1
    >>> constant(0.1)
    constant(0.1)
    """

    description: str
    rate: Callable

    def __call__(self, step):
        """Return the learning rate at `step`, a number or an array."""
        return self.rate(step)

    def __repr__(self) -> str:
        return self.description


def of(learning_rate: float | Callable) -> Callable:
    """Return a schedule as it is, and a number as the schedule that never changes.

    Args:
        learning_rate: a number > 0, or any function from the step to a number.

    Raises:
        ValueError: if it is neither.

    >>> of(0.1)(1000)
    0.1
    """
    return learning_rate if callable(learning_rate) else constant(learning_rate)


def constant(rate: float) -> Schedule:
    r"""Return the schedule that never changes, $\eta_t = \eta$.

    Args:
        rate: $\eta$ > 0.

    Raises:
        ValueError: if it is not such a number.

    >>> import numpy as np
    >>> constant(0.5)(np.arange(3))
    array([0.5, 0.5, 0.5])
    """
    rate = checks.number("learning_rate", rate, above=0)
    return Schedule(f"constant({rate!r})", lambda step: rate + 0 * step)
