"""Rules that give each coordinate a learning rate of its own, by the size of its gradients."""

from typing import Any, NamedTuple

from .. import checks, schedules
from .rule import LearningRate, Optimizer, hyperparameters


class Squares(NamedTuple):
    """The state of AdaGrad and RMSProp: the step's number and the gathered squared gradients."""

    step: int
    squares: Any


class Moments(NamedTuple):
    """The state of Adam: the step's number, and the means of the gradients and their squares."""

    step: int
    mean: Any
    squares: Any


def adagrad(learning_rate: LearningRate, eps: float = 1e-10) -> Optimizer:
    r"""Return AdaGrad, $s \leftarrow s + g^2$, $x \leftarrow x - \eta g / (\sqrt s + \epsilon)$.

    Duchi, Hazan and Singer (2011).

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        eps: $\epsilon$ > 0, which keeps the quotient finite.

    Raises:
        ValueError: if one of them is out of its range.

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
        hyperparameters(learning_rate, eps=eps),
    )


def rmsprop(learning_rate: LearningRate, decay: float = 0.99, eps: float = 1e-8) -> Optimizer:
    r"""Return RMSProp: AdaGrad with a mean that forgets.

    $s \leftarrow \rho s + (1 - \rho) g^2$, $x \leftarrow x - \eta g / (\sqrt s + \epsilon)$.
    Tieleman and Hinton (2012).

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        decay: $\rho$ >= 0 and < 1, the share of s that is kept.
        eps: $\epsilon$ > 0, which keeps the quotient finite.

    Raises:
        ValueError: if one of them is out of its range.

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
        hyperparameters(learning_rate, decay=decay, eps=eps),
    )


def adam(
    learning_rate: LearningRate, b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8
) -> Optimizer:
    r"""Return Adam: momentum and RMSProp, both corrected for starting at zero.

    $m \leftarrow \beta_1 m + (1 - \beta_1) g$, $s \leftarrow \beta_2 s + (1 - \beta_2) g^2$,
    $x \leftarrow x - \eta \hat m / (\sqrt{\hat s} + \epsilon)$ with
    $\hat m = m / (1 - \beta_1^{t+1})$ and $\hat s = s / (1 - \beta_2^{t+1})$.
    Kingma and Ba (2015).

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        b1: $\beta_1$ >= 0 and < 1, the share of m that is kept.
        b2: $\beta_2$ >= 0 and < 1, the share of s that is kept.
        eps: $\epsilon$ > 0, which keeps the quotient finite.

    Raises:
        ValueError: if one of them is out of its range.

    >>> rule = adam(0.1)
    >>> round(rule.update(2.0, rule.init(0.0), 0.0)[0], 6)
    -0.1
    """
    return _adam("adam", learning_rate, b1, b2, eps)


def adamw(
    learning_rate: LearningRate,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    r"""Return Adam with decoupled weight decay: every step also shrinks x by $\eta \lambda x$.

    Loshchilov and Hutter (2019).

    Args:
        learning_rate: $\eta$, a number > 0 or a schedule.
        b1: as Adam's.
        b2: as Adam's.
        eps: as Adam's.
        weight_decay: $\lambda$ >= 0.

    Raises:
        ValueError: if one of them is out of its range.

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
        hyperparameters(learning_rate, b1=b1, b2=b2, eps=eps, **decay),
    )
