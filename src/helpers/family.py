"""A family of landscapes: one formula with a parameter, such as a bowl of any condition number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp

from . import checks, codegen, formulas
from .definition import define
from .landscape import Landscape


@dataclass(frozen=True)
class Family:
    r"""Landscapes that differ in the value of κ alone.

    Attributes:
        name: its name.
        formula: the text that defines it, with ``kappa`` for the parameter.
        domain: the part to look at, the same for all.
        python: the Python that makes it.

    >>> from helpers import landscapes
    >>> landscapes.stretched_bowl(10).curvatures
    array([ 1., 10.])
    """

    name: str
    formula: str
    domain: Sequence
    python: str = "objective"

    def __call__(self, kappa: float) -> Landscape:
        """Return the member with that κ > 0."""
        value = checks.number("kappa", kappa, above=0)
        formula = re.sub(r"\bkappa\b", repr(value), self.formula)
        return define(formula, self.domain, name=f"{self.name}({value:g})")

    @property
    def javascript(self) -> dict[str, str]:
        """Function bodies of the variables and kappa, as a landscape has them."""
        expression = formulas.expression(self.formula)
        symbols = [formulas.symbol(name) for name in self(1.0).variables]
        gradient = [sp.diff(expression, symbol) for symbol in symbols]
        hessian = [sp.diff(slope, symbol) for slope in gradient for symbol in symbols]
        kinds = {"value": [expression], "gradient": gradient, "hessian": hessian}
        return {
            kind: codegen.javascript_body(expressions, as_array=kind != "value")
            for kind, expressions in kinds.items()
        }
