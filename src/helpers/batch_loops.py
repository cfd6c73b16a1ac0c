"""The loops behind `descend` for many starts at once: one that watches, and one that does not."""

from collections.abc import Callable, Iterable

import numpy as np

from .loops import Run, Stop, counted, is_stopped, plain_rate, slope_at
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
    steps = counted(range(n_steps), progress)
    rate = plain_rate(rule)
    if rate is not None and hasattr(objective, "batch_step"):
        end = _plain_end(objective, x, rate, steps)
    else:
        end = _end(objective, x, rule, steps)
    value, taken = np.array(objective(end), float), np.full(len(x), n_steps)
    again = np.flatnonzero(~_finite(end, value, slope_at(objective, end)))
    if len(again):
        careful = watched(objective, x[again], rule, n_steps, None, None, progress)
        end[again], value[again] = careful.points[-1], careful.values[-1]
        taken[again] = careful.steps
    points, values = np.array([x, end]), np.array([objective(x), value])
    return Run(points, values, taken, np.full(len(x), ""))


def _plain_end(objective, x: np.ndarray, rate: float, steps: Iterable[int]) -> np.ndarray:
    """Return where plain descent ends, with the objective's own compiled `batch_step`."""
    coordinates = [column.copy() for column in x.reshape(len(x), -1).T]
    for _ in steps:
        coordinates = objective.batch_step(*coordinates, rate)
    return np.stack(coordinates, axis=-1).reshape(x.shape)


def _end(objective, x: np.ndarray, rule: Optimizer, steps: Iterable[int]) -> np.ndarray:
    """Return where any rule ends."""
    end = np.array(x, order="F")  # each coordinate contiguous, as NumPy likes it
    state = rule.init(end)
    for _ in steps:
        change, state = rule.update(slope_at(objective, end), state, end)
        end = end + change
    return end


def _finite(points: np.ndarray, values: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Whether each member of a batch is finite, and its value, and the length of its gradient."""
    finite = np.isfinite(points).reshape(len(points), -1).all(axis=1)
    return finite & np.isfinite(values) & np.isfinite(gradient_norm(slopes, values))
