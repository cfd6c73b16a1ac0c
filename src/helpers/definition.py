"""How a landscape is made of a formula and of the part of the world to look at."""

from collections.abc import Sequence

import numpy as np

from . import checks, formulas
from .landscape import Landscape


def define(
    formula: str,
    domain: Sequence,
    *,
    name: str | None = None,
    variables: Sequence[str] | None = None,
) -> Landscape:
    """Return the landscape of a formula.

    Args:
        formula: text such as "x**4 - 3*x**2 + x"; what it may hold is said in `formulas`.
        domain: the part to look at: (low, high) for one variable, else a pair for each.
        name: what to call it; by default the formula.
        variables: the order of the variables; by default by name, w2 before w10.

    Raises:
        ValueError: if the formula is not one, or the domain does not fit it.

    >>> wells = define("x**4 - 3*x**2 + x", domain=(-2, 2))
    >>> wells(1.0), wells.gradient(1.0), wells.minima.round(6)
    (-1.0, -1.0, array([-1.30084 ,  1.130901]))
    """
    expression = formulas.expression(formula)
    names = _variables(formula, variables)
    box = checked_domain(domain, len(names))
    python = f"landscapes.define({formula!r}, {box!r}"
    python += f", name={name!r}" * (name is not None)
    python += f", variables={names!r}" * (variables is not None)
    landscape = Landscape(name or formula, formula, expression, names, box, python + ")")
    low, high = np.array(box).reshape(len(names), 2).T
    diagonals = low + (high - low) * np.linspace(0.01, 0.99, 25)[:, None]
    if not np.isfinite(landscape(diagonals if len(names) > 1 else diagonals[:, 0])).any():
        raise ValueError(f"{formula!r} has no finite value in the domain {domain!r}")
    return landscape


def _variables(formula: str, given: Sequence[str] | None) -> tuple[str, ...]:
    found = formulas.variables(formula)
    names = found if given is None else tuple(given)
    if not names:
        raise ValueError(f"{formula!r} has no variable, so there is nothing to descend")
    if not set(found) <= set(names) or len(set(names)) < len(names):
        raise ValueError(
            f"variables must name each of {', '.join(found)} of {formula!r} once, not {given!r}"
        )
    for name in names:
        if not formulas.VARIABLE.fullmatch(name):
            raise ValueError(f"a variable is called x, w1 or theta, say, not {name!r}")
    return names


def checked_domain(given: Sequence, dimension: int) -> tuple:
    """Return a domain as a pair of floats, or, in d dimensions, as d pairs.

    Raises:
        ValueError: if there are not as many pairs as variables, or one is reversed or infinite.

    >>> checked_domain([[-5, 5], [-3, 3]], 2)
    ((-5.0, 5.0), (-3.0, 3.0))
    """
    shape = (2,) if dimension == 1 else (dimension, 2)
    try:
        pairs = checks.array("domain", given, finite=True)
    except ValueError:
        pairs = np.empty(0)
    if pairs.shape != shape or not (pairs[..., 0] < pairs[..., 1]).all():
        expected = "one pair" if dimension == 1 else f"{dimension} pairs"
        raise ValueError(
            f"domain must be {expected} (low, high), finite and low < high, not {given!r}"
        )
    return tuple(pairs.tolist()) if dimension == 1 else tuple(map(tuple, pairs.tolist()))
