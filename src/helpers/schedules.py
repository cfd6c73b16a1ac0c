r"""A schedule is a function from the step t = 0, 1, 2, ... to the learning rate of that step.

Taught in the chapter on tuning the learning rate. Every schedule here takes one step or an
array of steps, so that it can be plotted as it is called.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import checks


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


def of(learning_rate: "float | Callable") -> Callable:
    """Return a schedule as it is, and a number > 0 as the schedule that never changes.

    Raises:
        ValueError: if it is neither.

    >>> of(0.1)(1000)
    0.1
    """
    return learning_rate if callable(learning_rate) else constant(learning_rate)


def constant(rate: float) -> Schedule:
    r"""Return the schedule $\eta_t = \eta$.

    >>> constant(0.5)(np.arange(3))
    array([0.5, 0.5, 0.5])
    """
    rate = checks.number("learning_rate", rate, above=0)
    return Schedule(
        f"constant({rate!r})",
        lambda step: rate if np.ndim(step) == 0 else np.full(np.shape(step), rate),
    )


def step_decay(rate: float, drop: float, every: int) -> Schedule:
    r"""Return the schedule that multiplies the rate by `drop` at every so many steps.

    $\eta_t = \eta_0 \cdot \mathrm{drop}^{\lfloor t/\mathrm{every} \rfloor}$

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
    r"""Return the schedule $\eta_t = \eta_0 \cdot \mathrm{decay}^t$.

    >>> exponential(0.1, decay=0.5)(2)
    0.025
    """
    rate = checks.number("rate", rate, above=0)
    decay = checks.number("decay", decay, above=0, most=1)
    return Schedule(f"exponential({rate!r}, decay={decay!r})", lambda step: rate * decay**step)


def inverse_time(rate: float, decay: float) -> Schedule:
    r"""Return the schedule $\eta_t = \eta_0 / (1 + \mathrm{decay} \cdot t)$.

    It satisfies the conditions of Robbins and Monro (1951): $\sum \eta_t = \infty$,
    $\sum \eta_t^2 < \infty$.

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

    The usual $\eta_0 / \sqrt{t}$ counts steps from 1, this one from 0.

    >>> inverse_sqrt(0.1)(3)
    0.05
    """
    rate = checks.number("rate", rate, above=0)
    return Schedule(f"inverse_sqrt({rate!r})", lambda step: rate / (step + 1) ** 0.5)


def cosine(rate: float, n_steps: int) -> Schedule:
    r"""Return cosine annealing, $\eta_t = \eta_0 (1 + \cos(\pi t/T)) / 2$, and 0 after T steps.

    Loshchilov and Hutter (2017), SGDR.

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
    r"""Return cosine annealing that starts again, each period `factor` times as long.

    Within period i, of length $T_i = T_0 \cdot \mathrm{factor}^i$, the rate is
    $\eta_0 (1 + \cos(\pi s/T_i)) / 2$, where s counts the steps since the restart.
    Loshchilov and Hutter (2017), SGDR.

    >>> warm_restarts(0.1, period=2, factor=2)(np.arange(7)).round(12)
    array([0.1       , 0.05      , 0.1       , 0.08535534, 0.05      ,
           0.01464466, 0.1       ])
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


def warm_up(schedule: "float | Callable", n_steps: int) -> Schedule:
    r"""Return a schedule that rises linearly to the given one during the first `n_steps` steps.

    $\eta_t = \frac{t + 1}{n} \eta(0)$ for $t < n$, then $\eta(t - n)$.

    >>> warm_up(0.1, n_steps=2)(np.arange(4))
    array([0.05, 0.1 , 0.1 , 0.1 ])
    """
    schedule = of(schedule)
    n_steps = checks.count("n_steps", n_steps, least=1)

    def rate(step):
        later = schedule(np.maximum(step - n_steps, 0))
        return later * np.minimum((step + 1) / n_steps, 1)

    return Schedule(f"warm_up({schedule!r}, n_steps={n_steps!r})", rate)


def range_test(lowest: float, highest: float, n_steps: int) -> Schedule:
    r"""Return rates that grow evenly on a logarithmic scale, to see which is the first too large.

    $\eta_t = \eta_{\min} (\eta_{\max} / \eta_{\min})^{t/(T-1)}$ for $t = 0, \dots, T - 1$.
    Smith (2017).

    >>> range_test(0.001, highest=0.1, n_steps=3)(np.arange(3)).round(6)
    array([0.001, 0.01 , 0.1  ])
    """
    lowest = checks.number("lowest", lowest, above=0)
    highest = checks.number("highest", highest, above=lowest)
    n_steps = checks.count("n_steps", n_steps, least=1)
    return Schedule(
        f"range_test({lowest!r}, highest={highest!r}, n_steps={n_steps!r})",
        lambda step: lowest * (highest / lowest) ** (step / max(1, n_steps - 1)),
    )


def _half_cosine(rate: float, phase):
    """Fall from `rate` at phase 0 to 0 at phase 1."""
    return rate * (1 + np.cos(np.pi * phase)) / 2
