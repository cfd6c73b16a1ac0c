r"""Update rules: from a gradient to the step that is taken.

A rule is made by a factory and is a pair of pure functions: `init(x)` returns the rule's state
before the first step, `update(gradient, state, x)` returns the step and the next state. The next
point is x + step. All rules work for floats and for arrays of any shape, and follow the
conventions of torch.optim exactly.

In the formulas g is the gradient at the point x, and t = 0, 1, 2, ... counts the steps. Every
`learning_rate` may be a number > 0 or a schedule. Taught in the chapter on momentum and adaptive
methods; the shape of a rule is that of optax.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from . import checks, schedules


class Optimizer(NamedTuple):
    """An update rule: its name, its two functions, and its hyperparameters."""

    name: str
    init: Callable[[Any], Any]
    update: Callable[[Any, Any, Any], tuple[Any, Any]]
    hyperparameters: dict

    def __repr__(self) -> str:
        settings = ", ".join(f"{key}={value!r}" for key, value in self.hyperparameters.items())
        return f"{self.name}({settings})"


class Velocity(NamedTuple):
    """The state of momentum: the step's number and the running sum of gradients."""

    step: int
    velocity: Any


class Squares(NamedTuple):
    """The state of AdaGrad and RMSProp: the step's number and the gathered squared gradients."""

    step: int
    squares: Any


class Moments(NamedTuple):
    """The state of Adam: the step's number, and the means of the gradients and their squares."""

    step: int
    mean: Any
    squares: Any


def plain(learning_rate: "float | Callable") -> Optimizer:
    r"""Return gradient descent, $x \leftarrow x - \eta g$.

    Cauchy (1847). Taught from the first chapter on.

    >>> rule = plain(0.1)
    >>> rule.update(-10.0, rule.init(-5.0), -5.0)
    (1.0, 1)
    """
    rate = schedules.of(learning_rate)
    return Optimizer(
        "plain",
        lambda x: 0,
        lambda gradient, step, x: (-rate(step) * gradient, step + 1),
        _hyperparameters(learning_rate),
    )


def momentum(learning_rate: "float | Callable", beta: float = 0.9) -> Optimizer:
    r"""Return heavy-ball momentum, $v \leftarrow \beta v + g$, $x \leftarrow x - \eta v$.

    Polyak (1964). In this form, torch's, the learning rate stands outside v.

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
        _hyperparameters(learning_rate, beta=beta),
    )


def nesterov(learning_rate: "float | Callable", beta: float = 0.9) -> Optimizer:
    r"""Return Nesterov's momentum, $v \leftarrow \beta v + g$, $x \leftarrow x - \eta (g + \beta v)$.

    Nesterov (1983), in the form of Sutskever et al. (2013) that torch uses: g is taken at x.

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
        _hyperparameters(learning_rate, beta=beta),
    )


def adagrad(learning_rate: "float | Callable", eps: float = 1e-10) -> Optimizer:
    r"""Return AdaGrad, $s \leftarrow s + g^2$, $x \leftarrow x - \eta g / (\sqrt s + \epsilon)$.

    Duchi, Hazan and Singer (2011).

    >>> rule = adagrad(0.1)
    >>> rule.update(2.0, rule.init(0.0), 0.0)[0]
    -0.099999999995
    """
    rate = schedules.of(learning_rate)
    eps = checks.number("eps", eps, above=0)

    def update(gradient, state, x):
        squares = state.squares + gradient * gradient
        step = -rate(state.step) * gradient / (squares**0.5 + eps)
        return step, Squares(state.step + 1, squares)

    return Optimizer(
        "adagrad",
        lambda x: Squares(0, x * 0.0),
        update,
        _hyperparameters(learning_rate, eps=eps),
    )


def rmsprop(
    learning_rate: "float | Callable", decay: float = 0.99, eps: float = 1e-8
) -> Optimizer:
    r"""Return RMSProp: AdaGrad with a mean that forgets.

    $s \leftarrow \rho s + (1 - \rho) g^2$, $x \leftarrow x - \eta g / (\sqrt s + \epsilon)$, where
    $\rho$ is `decay`. Tieleman and Hinton (2012).

    >>> rule = rmsprop(0.1, decay=0.75)
    >>> round(rule.update(2.0, rule.init(0.0), 0.0)[0], 6)
    -0.2
    """
    rate = schedules.of(learning_rate)
    decay = checks.number("decay", decay, least=0, below=1)
    eps = checks.number("eps", eps, above=0)

    def update(gradient, state, x):
        squares = decay * state.squares + (1 - decay) * gradient * gradient
        step = -rate(state.step) * gradient / (squares**0.5 + eps)
        return step, Squares(state.step + 1, squares)

    return Optimizer(
        "rmsprop",
        lambda x: Squares(0, x * 0.0),
        update,
        _hyperparameters(learning_rate, decay=decay, eps=eps),
    )


def adam(
    learning_rate: "float | Callable", b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> Optimizer:
    r"""Return Adam: momentum and RMSProp, both corrected for starting at zero.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $s \leftarrow \beta_2 s + (1 - \beta_2) g^2$,
    $x \leftarrow x - \eta \hat m / (\sqrt{\hat s} + \epsilon)$ with
    $\hat m = m / (1 - \beta_1^{t+1})$ and $\hat s = s / (1 - \beta_2^{t+1})$.
    Kingma and Ba (2015).

    >>> rule = adam(0.1)
    >>> round(rule.update(2.0, rule.init(0.0), 0.0)[0], 6)
    -0.1
    """
    return _adam("adam", learning_rate, b1, b2, eps)


def adamw(
    learning_rate: "float | Callable",
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    r"""Return Adam with decoupled weight decay: every step also shrinks x by $\eta \lambda x$.

    Loshchilov and Hutter (2019); $\lambda$ is `weight_decay`.

    >>> rule = adamw(0.1, weight_decay=0.5)
    >>> round(rule.update(2.0, rule.init(1.0), 1.0)[0], 6)
    -0.15
    """
    weight_decay = checks.number("weight_decay", weight_decay, least=0)
    return _adam("adamw", learning_rate, b1, b2, eps, weight_decay=weight_decay)


def _adam(name, learning_rate, b1, b2, eps, **decay) -> Optimizer:
    rate = schedules.of(learning_rate)
    b1 = checks.number("b1", b1, least=0, below=1)
    b2 = checks.number("b2", b2, least=0, below=1)
    eps = checks.number("eps", eps, above=0)
    weight_decay = decay.get("weight_decay", 0.0)

    def update(gradient, state, x):
        t = state.step + 1
        mean = b1 * state.mean + (1 - b1) * gradient
        squares = b2 * state.squares + (1 - b2) * gradient * gradient
        mean_hat, squares_hat = mean / (1 - b1**t), squares / (1 - b2**t)
        step = -rate(state.step) * (mean_hat / (squares_hat**0.5 + eps) + weight_decay * x)
        return step, Moments(t, mean, squares)

    return Optimizer(
        name,
        lambda x: Moments(0, x * 0.0, x * 0.0),
        update,
        _hyperparameters(learning_rate, b1=b1, b2=b2, eps=eps, **decay),
    )


def newton(
    hessian: Callable, learning_rate: "float | Callable" = 1.0, damping: float = 0.0
) -> Optimizer:
    r"""Return Newton's method, $x \leftarrow x - \eta (H + \mu I)^{-1} g$.

    $\mu$ is `damping`. On a quadratic one undamped step arrives; elsewhere it may as well go to
    a saddle or a maximum. Taught in the chapter on second-order methods.

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
        "newton", lambda x: 0, update, _hyperparameters(learning_rate, damping=damping)
    )


def _solve(hessian, damping: float, gradient):
    """Return (H + damping I)^-1 g, infinite where there is none."""
    if np.ndim(hessian) == np.ndim(gradient):  # one dimension: H is a number, or one for each x
        return np.divide(gradient, hessian + damping)
    matrix = hessian + damping * np.eye(gradient.shape[-1])
    singular = ~(np.abs(np.linalg.det(matrix)) > 0)
    safe = np.where(singular[..., None, None], np.eye(gradient.shape[-1]), matrix)
    solution = np.linalg.solve(safe, gradient[..., None])[..., 0]
    return np.where(singular[..., None], np.inf, solution)


def clip(optimizer: Optimizer, limit: float) -> Optimizer:
    r"""Return the same rule with each component of the gradient first cut to [-limit, limit].

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


def _hyperparameters(learning_rate, **others) -> dict:
    shown = (
        getattr(learning_rate, "description", None) or getattr(learning_rate, "__name__", None)
        if callable(learning_rate)
        else float(learning_rate)
    )
    return {"learning_rate": shown, **others}
