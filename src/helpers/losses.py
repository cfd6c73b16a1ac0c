r"""A loss says how wrong one prediction is, and its gradient which way is better.

Each loss stands side by side with its derivative with respect to the prediction, per example:
the mean over a data set is taken by `mean`. Taught in the chapter on loss functions.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import checks


class Loss(NamedTuple):
    """A loss of one prediction, or of many at once, and its gradient."""

    name: str
    value: Callable
    gradient: Callable


def mean(loss: Loss, prediction, target) -> float:
    r"""Return the mean loss $\frac{1}{N} \sum_i \ell(y_i, \hat y_i)$.

    >>> mean(squared, [1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return float(np.mean(loss.value(prediction, target)))


def _numbers(prediction, target) -> tuple[np.ndarray, np.ndarray]:
    prediction = checks.array("prediction", prediction)
    target = checks.array("target", target)
    _same_shape(prediction.shape, target.shape)
    return prediction, target


def _margin(score, target) -> tuple[np.ndarray, np.ndarray]:
    score, target = _numbers(score, target)
    if not np.isin(target, (-1, 1)).all():
        raise ValueError(f"target must hold classes -1 and 1, not {target!r}")
    return target * score, target


def _classes(logits, target) -> tuple[np.ndarray, np.ndarray]:
    logits, target = checks.array("logits", logits), np.asarray(target)
    if logits.ndim == 0 or target.dtype.kind not in "iu":
        raise ValueError(f"target must hold class numbers for logits (..., k), not {target!r}")
    _same_shape(logits.shape[:-1], target.shape)
    if ((target < 0) | (target >= logits.shape[-1])).any():
        raise ValueError(f"target must hold classes 0 to {logits.shape[-1] - 1}, not {target!r}")
    return logits, target[..., None]


def _same_shape(prediction: tuple, target: tuple) -> None:
    if prediction != target:
        raise ValueError(f"target must have the shape {prediction}, not {target}")


def _squared(prediction, target):
    prediction, target = _numbers(prediction, target)
    return (prediction - target) ** 2


def _squared_gradient(prediction, target):
    prediction, target = _numbers(prediction, target)
    return 2 * (prediction - target)


def _zero_one(score, target):
    return np.where(_margin(score, target)[0] > 0, 0.0, 1.0)


def _zero_one_gradient(score, target):
    return np.zeros_like(_margin(score, target)[0])


def _hinge(score, target):
    return np.maximum(0.0, 1 - _margin(score, target)[0])


def _hinge_gradient(score, target):
    margin, target = _margin(score, target)
    return np.where(margin < 1, -target, 0.0)


def _logistic(score, target):
    return np.logaddexp(0.0, -_margin(score, target)[0])


def _logistic_gradient(score, target):
    margin, target = _margin(score, target)
    return -target * np.exp(-np.logaddexp(0.0, margin))  # 1/(1 + e^m) without overflow


def _log_softmax(logits):
    shifted = logits - logits.max(axis=-1, keepdims=True)  # e^z may overflow, e^(z - max) not
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _cross_entropy(logits, target):
    logits, target = _classes(logits, target)
    return -np.take_along_axis(_log_softmax(logits), target, axis=-1)[..., 0]


def _cross_entropy_gradient(logits, target):
    logits, target = _classes(logits, target)
    return np.exp(_log_softmax(logits)) - (np.arange(logits.shape[-1]) == target)


# (prediction - target)^2
squared = Loss("squared", _squared, _squared_gradient)
half_squared = Loss(
    "half squared",
    lambda prediction, target: _squared(prediction, target) / 2,
    lambda prediction, target: _squared_gradient(prediction, target) / 2,
)
# For a score s and a class y of -1 or 1: is the sign wrong? It has no useful gradient.
zero_one = Loss("0-1", _zero_one, _zero_one_gradient)
# max(0, 1 - ys); at the kink ys = 1 the subgradient 0 is taken.
hinge = Loss("hinge", _hinge, _hinge_gradient)
# log(1 + e^(-ys))
logistic = Loss("logistic", _logistic, _logistic_gradient)
# -log softmax(z)_y for logits z of shape (..., k) and a class y; the gradient is softmax(z) - 1_y.
cross_entropy = Loss("cross-entropy", _cross_entropy, _cross_entropy_gradient)
