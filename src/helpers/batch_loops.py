"""The loops behind `descend` for many starts at once: one that watches, and one that does not."""

from collections.abc import Callable

import numpy as np

from .loops import Run, Stop, counted, is_stopped, slope_at
from .objectives import Objective, gradient_norm
from .optimizers import Optimizer


def watched(
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
    points, values = np.empty((n_steps + 1, *x.shape)), np.empty((n_steps + 1, m))
    value, slope, state = objective(x), slope_at(objective, x), rule.init(x)
    points[0], values[0] = x, value
    steps, stopped = np.full(m, n_steps), np.zeros(m, bool) | is_stopped(stop, 0, x, value, slope)
    steps[stopped] = 0
    going = ~stopped
    for step in counted(range(1, n_steps + 1), progress):
        if not going.any():
            break
        change, state = rule.update(sample(x) if sample else slope, state, x)
        moved = x + change
        moved_value, slope = objective(moved), slope_at(objective, moved)
        fine = _finite(moved, moved_value, slope)
        steps[going & ~fine] = step - 1
        going &= fine
        x = np.where(going[of_member], moved, x)  # those that ended do not need their slope
        value = np.where(going, moved_value, value)
        points[step], values[step] = x, value
        now = going & is_stopped(stop, step, x, value, slope)
        steps[now] = step
        stopped |= now
        going &= ~now
    kept = slice(int(steps.max()) + 1)
    ended = np.where(stopped, stop.status if stop else "", "")
    return Run(points[kept], values[kept], steps, ended)


def unwatched(
    objective: Objective, x: np.ndarray, rule: Optimizer, n_steps: int, progress: bool
) -> Run:
    """Descend from m points at once and keep only where they end.

    Nothing is looked at on the way. Members whose end is not finite, in its point, value or
    gradient, are descended once more, with care.
    """
    end = np.asfortranarray(x)  # each coordinate contiguous, as NumPy likes it
    state = rule.init(end)
    for _ in counted(range(n_steps), progress):
        change, state = rule.update(slope_at(objective, end), state, end)
        end = end + change
    value = np.array(objective(end), float)
    again = np.flatnonzero(~_finite(end, value, slope_at(objective, end)))
    steps = np.full(len(x), n_steps)
    if len(again):
        careful = watched(objective, x[again], rule, n_steps, None, None, progress)
        end[again], value[again] = careful.points[-1], careful.values[-1]
        steps[again] = careful.steps
    points, values = np.array([x, end]), np.array([objective(x), value])
    return Run(points, values, steps, np.full(len(x), ""))


def _finite(points: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Whether each member of a batch is finite, and its value, and the length of its gradient."""
    finite = np.isfinite(points).reshape(len(points), -1).all(axis=1)
    return finite & np.isfinite(values) & np.isfinite(gradient_norm(slopes, values))
