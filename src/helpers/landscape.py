"""A landscape: a smooth function with everything that follows from its formula."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import sympy as sp

from . import checks, codegen, formula_latex, formulas
from .minima import find_minima


@dataclass(frozen=True)
class Landscape:
    r"""A smooth function $f(x)$ or $f(x_1, \dots, x_d)$ with its derivatives.

    In one dimension it takes and returns floats, or arrays of any shape. In d dimensions it
    takes arrays of shape (..., d): one point or as many as you like. Outside the range of the
    floats, or of the formula, the answer is inf or NaN, without a warning.

    Attributes:
        name: its name, or the formula where it has none.
        formula: the text that defines it.
        expression: the same as a SymPy expression.
        variables: the names of its variables.
        domain: the part to look at: (low, high), or one such pair for each variable.

        python: the Python that makes it, as in landscapes.bowl.

    >>> from helpers.landscapes import bowl
    >>> bowl([4.0, 2.5]), bowl.gradient([4.0, 2.5])
    (47.25, array([ 8., 25.]))
    """

    name: str
    formula: str
    expression: sp.Expr = field(repr=False)
    variables: tuple[str, ...]
    domain: tuple
    python: str = field(repr=False, compare=False)

    def __call__(self, x):
        """Return f(x), of shape () or (...)."""
        return self._evaluate("value", x)

    def gradient(self, x):
        """Return the derivative at x in one dimension, the gradient of shape (..., d) in d."""
        return self._evaluate("gradient", x)

    def hessian(self, x):
        """Return the second derivative at x, or the Hessian of shape (..., d, d)."""
        return self._evaluate("hessian", x)

    @cached_property
    def dimension(self) -> int:
        """How many variables there are."""
        return len(self.variables)

    @cached_property
    def latex(self) -> str:
        r"""The formula in LaTeX, as its author ordered it.

        >>> from helpers.landscapes import ripple
        >>> print(ripple.latex)
        \sin x + 0.1 x^{2}
        """
        return formula_latex.latex(formulas.parse(self.formula))

    @cached_property
    def minima(self) -> np.ndarray:
        """The local minima in the domain, lowest first: shape (k,) in one dimension, else (k, d).

        >>> from helpers.landscapes import ripple
        >>> ripple.minima.round(6)
        array([-1.30644 ,  3.837467])
        """
        return find_minima(self, self.domain, self.dimension)

    @cached_property
    def curvatures(self) -> np.ndarray | None:
        """The Hessian's eigenvalues, smallest first, if it is the same everywhere, else None.

        >>> from helpers.landscapes import valley
        >>> valley.curvatures
        array([ 2., 20.])
        """
        hessian = self._derivatives["hessian"]
        if any(entry.free_symbols for entry in hessian):
            return None
        return np.linalg.eigvalsh(np.array(hessian, float).reshape(2 * (self.dimension,)))

    @cached_property
    def javascript(self) -> dict[str, str]:
        """JavaScript function bodies: value -> number, gradient -> array, hessian -> flat array.

        >>> from helpers.landscapes import bowl
        >>> print(bowl.javascript["gradient"])
        return [2*w1, 10*w2];
        """
        return {
            kind: codegen.javascript_body(expressions, as_array=kind != "value")
            for kind, expressions in self._derivatives.items()
        }

    @cached_property
    def descent_step(self) -> Callable | None:
        """In one dimension the compiled function (x, rate) -> x - rate f'(x), else None."""
        if self.dimension > 1:
            return None
        return codegen.descent_step(self.variables, self._derivatives["gradient"], of_arrays=False)

    @cached_property
    def batch_step(self) -> Callable:
        """The same for arrays: (x_1, ..., x_d, rate) -> the next (x_1, ..., x_d)."""
        return codegen.descent_step(self.variables, self._derivatives["gradient"], of_arrays=True)

    @cached_property
    def _derivatives(self) -> dict[str, list[sp.Expr]]:
        symbols = [formulas.symbol(name) for name in self.variables]
        gradient = [sp.diff(self.expression, symbol) for symbol in symbols]
        hessian = [sp.diff(slope, symbol) for slope in gradient for symbol in symbols]
        return {"value": [self.expression], "gradient": gradient, "hessian": hessian}

    @cached_property
    def _compiled(self) -> dict[str, tuple]:
        return {
            kind: (
                codegen.scalar_function(self.variables, expressions),
                codegen.array_function(self.variables, expressions),
            )
            for kind, expressions in self._derivatives.items()
        }

    def _evaluate(self, kind: str, x):
        scalar, vectorised = self._compiled[kind]
        coordinates, shape = self._coordinates(x)
        if shape == ():
            try:
                return self._pack(kind, scalar(*coordinates))
            except (ArithmeticError, ValueError):  # NumPy says inf or NaN where math raises
                coordinates = [np.float64(coordinate) for coordinate in coordinates]
        with np.errstate(all="ignore"):
            entries = vectorised(*coordinates)
        stacked = np.empty((len(entries), *shape))
        for i, entry in enumerate(entries):
            stacked[i] = entry  # a constant derivative is a single number, spread here
        return self._pack(kind, stacked)

    def _coordinates(self, x) -> tuple[Sequence, tuple[int, ...]]:
        """Return the coordinates of x, floats for a single point, and the shape of the batch."""
        if self.dimension == 1 and isinstance(x, float):
            return (x,), ()
        x = checks.array("x", x)
        if self.dimension == 1:
            return ((float(x),) if x.ndim == 0 else (x,)), x.shape
        if x.ndim == 0 or x.shape[-1] != self.dimension:
            raise ValueError(
                f"a point of {self.name} has {self.dimension} coordinates "
                f"({', '.join(self.variables)}), so x must have shape (..., {self.dimension}), "
                f"not {x.shape}"
            )
        if x.ndim == 1:
            return x.tolist(), ()
        return [x[..., i] for i in range(self.dimension)], x.shape[:-1]

    def _pack(self, kind: str, entries):
        """Return d or d * d entries, each a number or an array, as one number or array."""
        if kind == "value" or self.dimension == 1:
            return float(entries[0]) if np.ndim(entries[0]) == 0 else entries[0]
        entries = np.asarray(entries, float)
        last = entries.transpose(*range(1, entries.ndim), 0)  # each entry stays contiguous
        if kind == "gradient":
            return last
        return last.reshape(*last.shape[:-1], self.dimension, self.dimension)
