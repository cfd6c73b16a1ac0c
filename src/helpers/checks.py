"""Arguments are checked at the door; a message names what was given and what is allowed."""

import math
import numbers
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np


def number(
    name: str,
    value: float,
    *,
    above: float = -math.inf,
    least: float = -math.inf,
    below: float = math.inf,
    most: float = math.inf,
) -> float:
    """Return `value` as a float if it is a finite number in the allowed range.

    Args:
        name: what the message calls the value.
        value: an int, a float or a NumPy scalar.
        above: the value must be > this.
        least: the value must be >= this.
        below: the value must be < this.
        most: the value must be <= this.

    Raises:
        ValueError: if it is not a number, not finite or out of range.

    >>> number("learning_rate", 1, above=0)
    1.0
    >>> number("learning_rate", -0.1, above=0)
    Traceback (most recent call last):
    ValueError: learning_rate must be a finite number > 0, not -0.1
    """
    bounds = {">": above, ">=": least, "<": below, "<=": most}
    limits = [f"{sign} {limit:g}" for sign, limit in bounds.items() if math.isfinite(limit)]
    result = _as_float(value)
    if not (math.isfinite(result) and above < result < below and least <= result <= most):
        allowed = " ".join(["a finite number", " and ".join(limits)]).strip()
        raise ValueError(f"{name} must be {allowed}, not {value!r}")
    return result


def _as_float(value: Any) -> float:
    """Return the number that `value` is, or NaN where it is not one."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool):
        return math.nan
    try:
        return float(value)
    except OverflowError:  # an int beyond the floats
        return math.inf


def count(name: str, value: int, *, least: int = 0, most: int | None = None) -> int:
    """Return `value` as an int if it is a whole number in the allowed range.

    Raises:
        ValueError: if it is not an int or out of range.

    >>> count("n_steps", 50)
    50
    >>> count("batch_size", 300, least=1, most=200)
    Traceback (most recent call last):
    ValueError: batch_size must be a whole number from 1 to 200, not 300
    """
    whole = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not whole or value < least or (most is not None and value > most):
        allowed = f">= {least}" if most is None else f"from {least} to {most}"
        raise ValueError(f"{name} must be a whole number {allowed}, not {value!r}")
    return int(value)


def array(name: str, value: Any, *, finite: bool = False) -> np.ndarray:
    """Return `value` as an array of floats.

    Raises:
        ValueError: if it holds anything but real numbers, or, with `finite`, NaN or infinity.

    >>> array("start", [4, 2.5])
    array([4. , 2.5])
    """
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "iuf":
            raise TypeError
        result = raw.astype(float, copy=False)
    except (TypeError, ValueError):
        raise ValueError(f"{name} must hold real numbers, not {value!r}") from None
    if finite and not np.isfinite(result).all():
        raise ValueError(f"{name} must hold finite numbers, not {value!r}")
    return result


def known(name: str, value: str, allowed: Iterable[str]) -> str:
    """Return `value` if it is one of the `allowed` names.

    Raises:
        ValueError: if it is none of them.

    >>> known("keep", "some", ["all", "ends"])
    Traceback (most recent call last):
    ValueError: keep must be one of 'all', 'ends', not 'some'
    """
    names = list(allowed)
    if value not in names:
        raise ValueError(f"{name} must be one of {', '.join(map(repr, names))}, not {value!r}")
    return value


def function(name: str, value: Any) -> Callable:
    """Return `value` if it can be called.

    Raises:
        ValueError: if it cannot.

    >>> function("hessian", 3)
    Traceback (most recent call last):
    ValueError: hessian must be a function, not 3
    """
    if not callable(value):
        raise ValueError(f"{name} must be a function, not {value!r}")
    return value


def generator(name: str, value: Any) -> Any:
    """Return `value` if it is a NumPy Generator or RandomState.

    Raises:
        ValueError: if it is neither, a bare seed for instance.

    >>> generator("rng", 42)
    Traceback (most recent call last):
    ValueError: rng must be a NumPy Generator or RandomState, such as \
np.random.default_rng(42), not 42
    """
    if not isinstance(value, np.random.Generator | np.random.RandomState):
        raise ValueError(
            f"{name} must be a NumPy Generator or RandomState, "
            f"such as np.random.default_rng(42), not {value!r}"
        )
    return value
