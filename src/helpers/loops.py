"""The loops behind `descend` for a single start: a general one, and a fast one.

A point is kept if it is finite and has a finite value and gradient. The first that is not ends
the run.
"""

import itertools
import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from .objectives import Objective, at_points, gradient_norm
from .optimizers import Optimizer

CHUNK = 10_000  # steps of the fast loop between two looks at where it is


class Run(NamedTuple):
    """What a loop leaves behind; the fields are those of Path."""

    points: Any
    values: Any
    steps: Any
    ended: Any = ""


class Stop(NamedTuple):
    """A stopping test of step, point, value and gradient norm, and the status it gives."""

    status: str
    test: Callable


def plain_rate(rule: Optimizer) -> float | None:
    """Return the learning rate of plain descent at one rate throughout, None of other rules."""
    settings = rule.hyperparameters
    rate = settings.get("learning_rate")
    is_plain = rule.name == "plain" and len(settings) == 1 and isinstance(rate, float)
    return rate if is_plain else None


def is_fast(objective: Objective, x: Any, rule: Optimizer) -> bool:
    """Whether the fast loop will do: one number, plain descent, one rate throughout."""
    has_step = getattr(objective, "descent_step", None) is not None
    return isinstance(x, float) and has_step and plain_rate(rule) is not None


def fast(objective: Objective, x: float, rate: float, n_steps: int, progress: bool) -> Run:
    """Descend plainly from one point in one dimension, with the objective's own `descent_step`.

    The standard library's accumulate calls that one compiled function and NumPy stores what
    comes, so that no Python statement runs between two steps.
    """
    points = np.empty(n_steps + 1)
    points[0] = x
    for done in counted(range(0, n_steps, CHUNK), progress):
        n = min(CHUNK, n_steps - done)
        chunk = _chunk(objective, float(points[done]), rate, n)
        points[done : done + len(chunk)] = chunk
        if chunk[-1] == chunk[-2]:  # a point that stays where it is stays for ever
            points[done + n :] = chunk[-1]
            break
        if not math.isfinite(chunk[-1]):
            points = points[: done + len(chunk)]
            break
    values = at_points(objective, objective, points)
    unusable = np.flatnonzero(~np.isfinite(points) | ~np.isfinite(values))
    end = int(unusable[0]) if len(unusable) else len(points)
    while not np.isfinite(objective.gradient(points[end - 1])):
        end -= 1
    return Run(points[:end], values[:end], end - 1)


def _chunk(objective, x: float, rate: float, n: int) -> np.ndarray:
    walk = itertools.accumulate(itertools.repeat(rate, n), objective.descent_step, initial=x)
    try:
        return np.fromiter(walk, float, n + 1)
    except (ArithmeticError, ValueError):  # the math module raises where NumPy says inf or NaN
        careful = [x]
        while len(careful) <= n and math.isfinite(careful[-1]):
            careful.append(careful[-1] - rate * objective.gradient(careful[-1]))
        return np.array(careful)


def single(
    objective: Objective,
    x: Any,
    rule: Optimizer,
    n_steps: int,
    sample: Callable | None,
    stop: Stop | None,
    progress: bool,
) -> Run:
    """Descend from one point, a float or an array of shape (d,), with any rule."""
    # Floats leave their range by an exception, arrays by inf or NaN.
    leaving = (ArithmeticError, ValueError) if isinstance(x, float) else ArithmeticError
    value, slope, state = objective(x), slope_at(objective, x), rule.init(x)
    points, values, ended = [x], [value], is_stopped(stop, 0, x, value, slope)
    for step in counted(range(1, n_steps + 1), progress):
        if ended:
            break
        try:
            change, state = rule.update(sample(x) if sample else slope, state, x)
            x = x + change
            value, slope = objective(x), slope_at(objective, x)
            norm = gradient_norm(slope, value)
            if not (np.isfinite(x).all() and math.isfinite(value) and math.isfinite(norm)):
                break
        except leaving:
            break
        points.append(x)
        values.append(value)
        ended = is_stopped(stop, step, x, value, slope)
    status = stop.status if ended else ""
    return Run(np.array(points), np.array(values, float), len(points) - 1, status)


def slope_at(objective: Objective, x):
    """Return the gradient, as a float or an array even where an objective returns a list."""
    gradient = objective.gradient(x)
    return gradient if isinstance(x, float) else np.asarray(gradient, float)


def is_stopped(stop: Stop | None, step: int, x, value, slope):
    """Whether the stopping test holds; of a batch, for each member."""
    return False if stop is None else stop.test(step, x, value, gradient_norm(slope, value))


def counted(steps: range, progress: bool) -> Iterable[int]:
    """Return the steps, with a bar that shows how many have been taken if asked for."""
    if not progress:
        return steps
    from tqdm import tqdm

    return tqdm(steps, unit=" steps", unit_scale=steps.step)
