"""What an update rule is: two pure functions, in the shape that optax uses."""

from collections.abc import Callable
from typing import Any, NamedTuple

LearningRate = float | Callable  # a number > 0, or a schedule: step -> rate


class Optimizer(NamedTuple):
    """An update rule: its name, its two functions, and its hyperparameters."""

    name: str
    init: Callable[[Any], Any]
    update: Callable[[Any, Any, Any], tuple[Any, Any]]
    hyperparameters: dict

    def __repr__(self) -> str:
        settings = ", ".join(f"{key}={value}" for key, value in self.hyperparameters.items())
        return f"{self.name}({settings})"


def hyperparameters(learning_rate: LearningRate, **others: float) -> dict:
    """Return a rule's settings as plain numbers, a schedule as the text that describes it.

    >>> hyperparameters(0.1, beta=0.9)
    {'learning_rate': 0.1, 'beta': 0.9}
    """
    if callable(learning_rate):
        name = getattr(learning_rate, "__name__", type(learning_rate).__name__)
        return {"learning_rate": getattr(learning_rate, "description", name), **others}
    return {"learning_rate": float(learning_rate), **others}
