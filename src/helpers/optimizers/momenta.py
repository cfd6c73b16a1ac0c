"""Rules that remember the gradients they have seen, as a ball keeps its speed."""

from typing import Any, NamedTuple

from .. import checks, schedules
from .rule import LearningRate, Optimizer, hyperparameters


class Velocity(NamedTuple):
    """The state of momentum: the step's number and the running sum of gradients."""

    step: int
    velocity: Any


def momentum(learning_rate: LearningRate, beta: float = 0.9) -> Optimizer:
    r"""Return heavy-ball momentum, $v \leftarrow \beta v + g$, $x \leftarrow x - \eta v$.

    Polyak (1964). In this form, torch's, the learning rate stands outside v.

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        beta: $\beta$ >= 0 and < 1, the share of the velocity that is kept.

    Raises:
        ValueError: if one of them is out of its range.

    >>> rule = momentum(0.1, beta=0.5)
    >>> step, state = rule.update(1.0, rule.init(0.0), 0.0)
    >>> rule.update(1.0, state, 0.0 + step)
    (-0.15000000000000002, Velocity(step=2, velocity=1.5))
    """
    rate = schedules.of(learning_rate)
    beta = checks.number("beta", beta, least=0, below=1)

    def update(gradient, state, x):
        velocity = beta * state.velocity + gradient
        return -rate(state.step) * velocity, Velocity(state.step + 1, velocity)

    return Optimizer(
        "momentum",
        lambda x: Velocity(0, x * 0.0),
        update,
        hyperparameters(learning_rate, beta=beta),
    )


def nesterov(learning_rate: LearningRate, beta: float = 0.9) -> Optimizer:
    r"""Return Nesterov's momentum, which looks ahead along the velocity.

    $v \leftarrow \beta v + g$, $x \leftarrow x - \eta (g + \beta v)$. Nesterov (1983), in the
    form of Sutskever et al. (2013), rewritten as in torch so that g is taken at x.

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        beta: $\beta$ >= 0 and < 1, the share of the velocity that is kept.

    Raises:
        ValueError: if one of them is out of its range.

    >>> rule = nesterov(0.1, beta=0.5)
    >>> rule.update(1.0, rule.init(0.0), 0.0)
    (-0.15000000000000002, Velocity(step=1, velocity=1.0))
    """
    rate = schedules.of(learning_rate)
    beta = checks.number("beta", beta, least=0, below=1)

    def update(gradient, state, x):
        velocity = beta * state.velocity + gradient
        step = -rate(state.step) * (gradient + beta * velocity)
        return step, Velocity(state.step + 1, velocity)

    return Optimizer(
        "nesterov",
        lambda x: Velocity(0, x * 0.0),
        update,
        hyperparameters(learning_rate, beta=beta),
    )
