"""Gradient descent itself, and a limit on how steep a gradient it may see."""

import numpy as np

from .. import checks, schedules
from .rule import LearningRate, Optimizer, hyperparameters


def plain(learning_rate: LearningRate) -> Optimizer:
    r"""Return gradient descent, $x \leftarrow x - \eta g$.

    Cauchy (1847). Taught from the first chapter on.

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.

    Raises:
        ValueError: if one of them is out of its range.

    >>> rule = plain(0.1)
    >>> rule.update(-10.0, rule.init(-5.0), -5.0)
    (1.0, 1)
    """
    rate = schedules.of(learning_rate)
    return Optimizer(
        "plain",
        lambda x: 0,
        lambda gradient, step, x: (-rate(step) * gradient, step + 1),
        hyperparameters(learning_rate),
    )


def clip(optimizer: Optimizer, limit: float) -> Optimizer:
    r"""Return the same rule with each component of the gradient first cut to [-limit, limit].

    Args:
        optimizer: any rule.
        limit: a number > 0.

    Raises:
        ValueError: if one of them is not of its kind.

    >>> rule = clip(plain(0.1), limit=10)
    >>> rule.update(-50.0, rule.init(0.0), 0.0)
    (1.0, 1)
    """
    if not isinstance(optimizer, Optimizer):
        raise ValueError(f"clip takes an Optimizer such as plain(0.1), not {optimizer!r}")
    limit = checks.number("limit", limit, above=0)

    def update(gradient, state, x):
        if isinstance(gradient, float):
            clipped = min(max(gradient, -limit), limit)
        else:
            clipped = np.clip(gradient, -limit, limit)
        return optimizer.update(clipped, state, x)

    return Optimizer(
        optimizer.name, optimizer.init, update, {**optimizer.hyperparameters, "clip": limit}
    )
