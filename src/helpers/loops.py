"""The three loops behind `descend`: a fast one, a general one, and one for batches.

A point is kept if it is finite and has a finite value and gradient. The first that is not ends
the run.
"""

import itertools
import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

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
    with tqdm(total=n_steps, disable=not progress) as bar:
        for done in range(0, n_steps, CHUNK):
            n = min(CHUNK, n_steps - done)
            chunk = _chunk(objective, float(points[done]), rate, n)
            points[done : done + len(chunk)] = chunk
            bar.update(len(chunk) - 1)
            if chunk[-1] == chunk[-2]:  # a point that stays where it is stays for ever
                points[done + n :] = chunk[-1]
                bar.update(n_steps - done - n)
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
    value, slope, state = objective(x), objective.gradient(x), rule.init(x)
    points, values, ended = [x], [value], ""
    for step in tqdm(range(n_steps + 1), disable=not progress):
        if stop and stop.test(step, x, value, gradient_norm(slope, value)):
            ended = stop.status
            break
        if step == n_steps:
            break
        try:
            change, state = rule.update(sample(x) if sample else slope, state, x)
            x = x + change
            value, slope = objective(x), objective.gradient(x)
        except leaving:
            break
        if not (np.isfinite(value) and np.isfinite(x).all() and np.isfinite(slope).all()):
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
    keep: str,
    watch_values: bool,
) -> Run:
    """Descend from m points at once, x of shape (m,) or (m, d), with any rule.

    A member that ends stays where it is while the others go on. Looking at every value doubles
    the cost: with keep="ends" it can be left until the end, for all whose last value is finite.
    """
    x = np.asfortranarray(x)  # each coordinate contiguous: (m, d) costs what (d, m) would
    m, is_point = len(x), (slice(None), *[None] * (x.ndim - 1))
    going, steps, ended = np.ones(m, bool), np.full(m, n_steps), np.full(m, "", dtype="<U9")
    value, slope, state = objective(x), objective.gradient(x), rule.init(x)
    points, values = [x], [value]
    for step in tqdm(range(n_steps + 1), disable=not progress):
        if stop:
            stopping = going & stop.test(step, x, value, gradient_norm(slope, value))
            steps[stopping], ended[stopping] = step, stop.status
            going = going & ~stopping
        if step == n_steps or not going.any():
            break
        change, state = rule.update(sample(x) if sample else slope, state, x)
        moved = x + change
        moved_slope = objective.gradient(moved)
        moved_value = objective(moved) if watch_values else value
        fine = np.isfinite(moved) & np.isfinite(moved_slope)
        if not (going.all() and fine.all() and np.isfinite(moved_value).all()):
            fine = fine.reshape(m, -1).all(axis=1) & np.isfinite(moved_value)
            steps[going & ~fine] = step
            going = going & fine
            moved = np.where(going[is_point], moved, x)
            moved_slope = np.where(going[is_point], moved_slope, slope)
            moved_value = np.where(going, moved_value, value)
        x, value, slope = moved, moved_value, moved_slope
        if keep == "all":
            points.append(x)
            values.append(value)
    if keep == "ends":
        points, values = [points[0], x], [values[0], np.asarray(objective(x), float)]
    kept = slice(max(int(steps.max()) + 1, 2 if keep == "ends" else 1))
    return Run(np.array(points[kept]), np.array(values[kept]), steps, ended)
