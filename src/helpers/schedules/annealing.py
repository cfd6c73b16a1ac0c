"""Schedules that fall along half a cosine, start again, or begin slowly."""

from collections.abc import Callable

import numpy as np

from .. import checks
from .schedule import Schedule, of


def cosine(rate: float, n_steps: int) -> Schedule:
    r"""Return cosine annealing, $\eta_t = \eta_0 (1 + \cos(\pi t/T)) / 2$.

    After T steps the rate stays 0. Loshchilov and Hutter (2017).

    Args:
        rate: the first rate $\eta_0$ > 0.
        n_steps: T, the step at which the rate is 0.

    Raises:
        ValueError: if one of them is out of its range.

    >>> cosine(0.1, n_steps=10)(np.array([0, 5, 10, 11])).round(12)
    array([0.1 , 0.05, 0.  , 0.  ])
    """
    rate = checks.number("rate", rate, above=0)
    n_steps = checks.count("n_steps", n_steps, least=1)
    return Schedule(
        f"cosine({rate!r}, n_steps={n_steps!r})",
        lambda step: _half_cosine(rate, np.minimum(step, n_steps) / n_steps),
    )


def warm_restarts(rate: float, period: int, factor: int = 1) -> Schedule:
    r"""Return cosine annealing that starts again and again.

    In period i, of length $T_i = T_0 \cdot \mathrm{factor}^i$, the rate is
    $\eta_0 (1 + \cos(\pi s/T_i)) / 2$, where s counts the steps since the last restart.
    Loshchilov and Hutter (2017).

    Args:
        rate: the rate $\eta_0$ > 0 at each restart.
        period: $T_0$, the number of steps to the first restart.
        factor: a whole number >= 1; how many times as long each period is as the one before.

    Raises:
        ValueError: if one of them is out of its range.

    >>> warm_restarts(0.1, period=2, factor=2)(np.arange(7)).round(4)
    array([0.1   , 0.05  , 0.1   , 0.0854, 0.05  , 0.0146, 0.1   ])
    """
    rate = checks.number("rate", rate, above=0)
    period = checks.count("period", period, least=1)
    factor = checks.count("factor", factor, least=1)

    def phase(step):
        if factor == 1:
            return step % period / period
        # The first i periods together last T0 (factor^i - 1) / (factor - 1) steps.
        growth = np.asarray(step) * (factor - 1) / period + 1
        i = np.floor(np.log(growth) / np.log(factor) + 1e-12)
        length = period * factor**i
        return (step - (length - period) / (factor - 1)) / length

    return Schedule(
        f"warm_restarts({rate!r}, period={period!r}, factor={factor!r})",
        lambda step: _half_cosine(rate, phase(step)),
    )


def warm_up(schedule: float | Callable, n_steps: int) -> Schedule:
    r"""Return a schedule that begins with small rates and then follows another.

    $\eta_t = \frac{t + 1}{n} \eta(0)$ for $t < n$, then $\eta(t - n)$.

    Args:
        schedule: $\eta$, a schedule or a number > 0.
        n_steps: n, how many steps the rise takes.

    Raises:
        ValueError: if one of them is out of its range.

    >>> warm_up(0.1, n_steps=2)(np.arange(4))
    array([0.05, 0.1 , 0.1 , 0.1 ])
    """
    schedule = of(schedule)
    n_steps = checks.count("n_steps", n_steps, least=1)

    def rate(step):
        later = schedule(np.maximum(step - n_steps, 0))
        return later * np.minimum((step + 1) / n_steps, 1)

    return Schedule(f"warm_up({schedule!r}, n_steps={n_steps!r})", rate)


def _half_cosine(rate: float, phase):
    """Fall from `rate` at phase 0 to 0 at phase 1."""
    return rate * (1 + np.cos(np.pi * phase)) / 2
