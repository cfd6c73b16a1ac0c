"""Schedules that fall from a first rate, by steps or steadily."""

from .. import checks
from .schedule import Schedule


def step_decay(rate: float, drop: float, every: int) -> Schedule:
    r"""Return the schedule that multiplies the rate by `drop` at every so many steps.

    $\eta_t = \eta_0 \cdot \mathrm{drop}^{\lfloor t/\mathrm{every} \rfloor}$

    Args:
        rate: the first rate $\eta_0$ > 0.
        drop: a factor > 0 and <= 1.
        every: how many steps lie between two drops.

    Raises:
        ValueError: if one of them is out of its range.

    >>> import numpy as np
    >>> step_decay(0.1, drop=0.5, every=10)(np.array([0, 9, 10, 20]))
    array([0.1  , 0.1  , 0.05 , 0.025])
    """
    rate = checks.number("rate", rate, above=0)
    drop = checks.number("drop", drop, above=0, most=1)
    every = checks.count("every", every, least=1)
    return Schedule(
        f"step_decay({rate!r}, drop={drop!r}, every={every!r})",
        lambda step: rate * drop ** (step // every),
    )


def exponential(rate: float, decay: float = 0.96) -> Schedule:
    r"""Return the schedule that falls by the same factor at each step.

    $\eta_t = \eta_0 \cdot \mathrm{decay}^t$

    Args:
        rate: the first rate $\eta_0$ > 0.
        decay: a factor > 0 and <= 1.

    Raises:
        ValueError: if one of them is out of its range.

    >>> exponential(0.1, decay=0.5)(2)
    0.025
    """
    rate = checks.number("rate", rate, above=0)
    decay = checks.number("decay", decay, above=0, most=1)
    return Schedule(f"exponential({rate!r}, decay={decay!r})", lambda step: rate * decay**step)


def inverse_time(rate: float, decay: float) -> Schedule:
    r"""Return the schedule that falls as 1/t does.

    $\eta_t = \eta_0 / (1 + \mathrm{decay} \cdot t)$. With decay > 0 it meets the conditions of
    Robbins and Monro (1951), $\sum \eta_t = \infty$ and $\sum \eta_t^2 < \infty$.

    Args:
        rate: the first rate $\eta_0$ > 0.
        decay: how fast it falls, >= 0.

    Raises:
        ValueError: if one of them is out of its range.

    >>> inverse_time(0.1, decay=1.0)(3)
    0.025
    """
    rate = checks.number("rate", rate, above=0)
    decay = checks.number("decay", decay, least=0)
    return Schedule(
        f"inverse_time({rate!r}, decay={decay!r})", lambda step: rate / (1 + decay * step)
    )


def inverse_sqrt(rate: float) -> Schedule:
    r"""Return the schedule $\eta_t = \eta_0 / \sqrt{t + 1}$.

    It is the $\eta_0 / \sqrt{t}$ of the books, which count their steps from 1.

    Args:
        rate: the first rate $\eta_0$ > 0.

    Raises:
        ValueError: if it is not such a number.

    >>> inverse_sqrt(0.1)(3)
    0.05
    """
    rate = checks.number("rate", rate, above=0)
    return Schedule(f"inverse_sqrt({rate!r})", lambda step: rate / (step + 1) ** 0.5)
