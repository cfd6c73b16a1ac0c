r"""The descent itself: from a start, one step after another.

    for step in range(n_steps):
        x = x - learning_rate * gradient(x)

is the whole algorithm. What is added here: any update rule in place of the plain one, many
starts at once, stopping tests, and care for runs that leave the finite numbers.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from . import batch_loops, checks, loops, optimizers
from .objectives import Objective, checked_start
from .paths import Path
from .schedules import Schedule


def descend(
    objective: Objective,
    start: Any,
    optimizer: float | optimizers.Optimizer,
    n_steps: int,
    *,
    rng: np.random.Generator | np.random.RandomState | None = None,
    progress: bool = False,
    stop: float | Callable | None = None,
    keep: str = "all",
) -> Path:
    r"""Return the path of a descent, $x_{t+1} = x_t - \eta \nabla f(x_t)$ or another rule's.

    Args:
        objective: a landscape, a model, or anything with a value and a gradient.
        start: a number, a point of shape (d,), or a batch of m starts, of shape (m,) in one
            dimension and (m, d) in d, which are descended at once.
        optimizer: a learning rate > 0, for plain descent, or a rule from `optimizers`.
        n_steps: how many steps to take, at most.
        rng: where given, each step follows objective.sample_gradient(x, rng).
        progress: whether to show a progress bar.
        stop: a gradient norm at which to stop, as "converged"; or, for a single start, a
            function of step, point, value and gradient norm that returns whether to stop.
        keep: "all" points, or only the "ends" of the path, for large batches.

    Returns:
        The path. A run that leaves the finite numbers ends at its last finite point and its
        status is "diverged"; it neither warns nor raises.

    Raises:
        ValueError: if an argument is not of the kind described.

    >>> from helpers import landscapes
    >>> descend(landscapes.bowl, (4, 2.5), 0.08, 30).points[-1].round(4) + 0.0
    array([0.0214, 0.    ])
    """
    n_steps = checks.count("n_steps", n_steps)
    checks.known("keep", keep, ("all", "ends"))
    rule = _rule(optimizer)
    x = checked_start(objective, start)
    is_batch = np.ndim(objective(x)) == 1
    sample = _sample(objective, rng)
    test = _stop(stop, is_batch)
    with np.errstate(all="ignore"):
        if is_batch and keep == "ends" and not sample and not test:
            run = batch_loops.unwatched(objective, x, rule, n_steps, progress)
        elif is_batch:
            run = batch_loops.watched(objective, x, rule, n_steps, sample, test, progress)
        elif loops.is_fast(objective, x, rule) and not sample and not test:
            run = loops.fast(objective, x, loops.plain_rate(rule), n_steps, progress)
        else:
            run = loops.single(objective, x, rule, n_steps, sample, test, progress)
    if keep == "ends":
        run = run._replace(points=run.points[[0, -1]], values=run.values[[0, -1]])
    return Path(*run[:3], objective, rule, n_steps, keep, run.ended)


def _rule(optimizer) -> optimizers.Optimizer:
    if isinstance(optimizer, optimizers.Optimizer):
        return optimizer
    if isinstance(optimizer, Schedule) or not callable(optimizer):
        return optimizers.plain(optimizer)
    raise ValueError(
        "optimizer must be a learning rate > 0 or a rule such as optimizers.momentum(0.1), "
        f"not {optimizer!r}"
    )


def _sample(objective, rng) -> Callable | None:
    if rng is None:
        return None
    rng = checks.generator("rng", rng)
    if not hasattr(objective, "sample_gradient"):
        raise ValueError(
            "rng is for an objective with sample_gradient(x, rng), such as a model of data; "
            f"{objective!r} has none"
        )
    return lambda x: objective.sample_gradient(x, rng)


def _stop(stop, is_batch: bool) -> loops.Stop | None:
    if stop is None:
        return None
    if not callable(stop):
        tolerance = checks.number("stop", stop, least=0)
        return loops.Stop("converged", lambda step, x, value, norm: norm <= tolerance)
    if is_batch:
        raise ValueError(f"stop must be a gradient norm for a batch of starts, not {stop!r}")
    return loops.Stop("stopped", stop)
