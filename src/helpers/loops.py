"""The three loops behind `descend`: a fast one, a general one, and one for batches.

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


def fast(objective: Objective, x: float, rate: float, n_steps: int, progress: bool) -> Run:
    """Descend plainly from one point in one dimension, with the objective's own `descent_step`.

    The standard library's accumulate calls that one compiled function and NumPy stores what
    comes, so that no Python statement runs between two steps.
    """
    points = np.empty(n_steps + 1)
    points[0] = x
    for done in _counted(range(0, n_steps, CHUNK), progress):
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
    value, slope, state = objective(x), _slope(objective, x), rule.init(x)
    points, values, ended = [x], [value], ""
    for step in _counted(range(n_steps + 1), progress):
        if stop and stop.test(step, x, value, gradient_norm(slope, value)):
            ended = stop.status
            break
        if step == n_steps:
            break
        try:
            change, state = rule.update(sample(x) if sample else slope, state, x)
            x = x + change
            value, slope = objective(x), _slope(objective, x)
            norm = gradient_norm(slope, value)
            if not (np.isfinite(x).all() and math.isfinite(value) and math.isfinite(norm)):
                break
        except leaving:
            break
        points.append(x)
        values.append(value)
    return Run(np.array(points), np.array(values, float), len(points) - 1, ended)


def batch(
    objective: Objective,
    x: np.ndarray,
    rule: Optimizer,
    n_steps: int,
    sample: Callable | None,
    stop: Stop | None,
    progress: bool,
) -> Run:
    """Descend from m points at once, x of shape (m,) or (m, d), with any rule.

    A member that ends stays where it is while the others go on.
    """
    m, of_member = len(x), (slice(None), *[None] * (x.ndim - 1))
    going, steps, ended = np.ones(m, bool), np.full(m, n_steps), np.full(m, "", dtype="<U9")
    value, slope, state = objective(x), _slope(objective, x), rule.init(x)
    points, values = np.empty((n_steps + 1, *x.shape)), np.empty((n_steps + 1, m))
    for step in _counted(range(n_steps + 1), progress):
        points[step], values[step] = x, value
        if stop:
            stopping = going & stop.test(step, x, value, gradient_norm(slope, value))
            steps[stopping], ended[stopping] = step, stop.status
            going = going & ~stopping
        if step == n_steps or not going.any():
            break
        change, state = rule.update(sample(x) if sample else slope, state, x)
        moved = x + change
        moved_value, moved_slope = objective(moved), _slope(objective, moved)
        fine = _finite(moved, moved_value, moved_slope)
        steps[going & ~fine] = step
        going = going & fine
        x = np.where(going[of_member], moved, x)
        slope = np.where(going[of_member], moved_slope, slope)
        value = np.where(going, moved_value, value)
    kept = slice(int(steps.max()) + 1)
    return Run(points[kept], values[kept], steps, ended)


def batch_ends(
    objective: Objective, x: np.ndarray, rule: Optimizer, n_steps: int, progress: bool
) -> Run:
    """Descend from m points at once and keep only where they end.

    Nothing is looked at on the way. Members whose end is not finite, in its point, value or
    gradient, are descended once more, with care.
    """
    end = np.asfortranarray(x)  # each coordinate contiguous, as NumPy likes it
    state = rule.init(end)
    for _ in _counted(range(n_steps), progress):
        change, state = rule.update(_slope(objective, end), state, end)
        end = end + change
    value = np.array(objective(end), float)
    again = np.flatnonzero(~_finite(end, value, _slope(objective, end)))
    steps = np.full(len(x), n_steps)
    if len(again):
        careful = batch(objective, x[again], rule, n_steps, None, None, progress)
        end[again], value[again] = careful.points[-1], careful.values[-1]
        steps[again] = careful.steps
    points, values = np.array([x, end]), np.array([objective(x), value])
    return Run(points, values, steps, np.full(len(x), ""))


def _slope(objective: Objective, x):
    gradient = objective.gradient(x)
    return gradient if isinstance(x, float) else np.asarray(gradient, float)


def _finite(points: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Whether each member of a batch is finite, and its value, and the length of its gradient."""
    finite = np.isfinite(points).reshape(len(points), -1).all(axis=1)
    return finite & np.isfinite(values) & np.isfinite(gradient_norm(slopes, values))


def _counted(steps: range, progress: bool) -> Iterable[int]:
    """Return the steps, with a bar that shows how many have been taken if asked for."""
    if not progress:
        return steps
    from tqdm import tqdm

    return tqdm(steps, unit=" steps", unit_scale=steps.step)
