"""Newton's method, which also asks how the gradient itself changes."""

from collections.abc import Callable

import numpy as np

from .. import checks, schedules
from .rule import LearningRate, Optimizer, hyperparameters


def newton(
    hessian: Callable, learning_rate: LearningRate = 1.0, damping: float = 0.0
) -> Optimizer:
    r"""Return Newton's method, $x \leftarrow x - \eta (H + \mu I)^{-1} g$.

    On a quadratic one undamped step arrives; elsewhere it may as well go to a saddle or a
    maximum. Taught in the chapter on second-order methods.

    Args:
        hessian: a function of x, such as landscapes.bowl.hessian.
        learning_rate: $\eta$, a number > 0 or a schedule.
        damping: $\mu$ >= 0, which shortens the step where the curvature is small.

    Raises:
        ValueError: if one of them is not of its kind or out of its range.

    >>> from helpers import landscapes
    >>> rule = newton(landscapes.parabola.hessian)
    >>> float(rule.update(-10.0, rule.init(-5.0), -5.0)[0])
    5.0
    """
    rate = schedules.of(learning_rate)
    checks.function("hessian", hessian)
    damping = checks.number("damping", damping, least=0)

    def update(gradient, step, x):
        direction = _solve(hessian(x), damping, gradient)
        return -rate(step) * direction, step + 1

    return Optimizer(
        "newton", lambda x: 0, update, hyperparameters(learning_rate, damping=damping)
    )


def _solve(hessian, damping: float, gradient):
    """Return (H + damping I)^-1 g, infinite where there is no such thing."""
    if np.ndim(hessian) == np.ndim(gradient):  # one dimension: H is a number for each x
        return np.divide(gradient, hessian + damping)
    identity = np.eye(hessian.shape[-1])
    matrix = hessian + damping * identity
    regular = np.linalg.matrix_rank(matrix) == len(identity)
    solvable = np.where(regular[..., None, None], matrix, identity)
    solution = np.linalg.solve(solvable, gradient[..., None])[..., 0]
    return np.where(regular[..., None], solution, np.inf)
