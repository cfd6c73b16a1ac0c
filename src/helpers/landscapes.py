r"""What is descended: a formula, written once, and everything that follows from it.

A landscape's value, gradient, Hessian, LaTeX and JavaScript are all derived from its formula.
The chapters share the landscapes at the end of this file; `define` makes a new one.
"""

import math
from collections.abc import Sequence
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

    >>> bowl(np.array([4.0, 2.5])), bowl.gradient([4.0, 2.5])
    (47.25, array([ 8., 25.]))
    """

    name: str
    formula: str
    expression: sp.Expr = field(repr=False)
    variables: tuple[str, ...]
    domain: tuple

    def __call__(self, x):
        """Return f(x), of shape () or (...)."""
        return self._evaluate("value", x)

    def gradient(self, x):
        """Return the derivative at x in one dimension, the gradient of shape (..., d) in d."""
        return self._evaluate("gradient", x)

    def hessian(self, x):
        """Return the second derivative at x, or the Hessian of shape (..., d, d)."""
        return self._evaluate("hessian", x)

    @property
    def dimension(self) -> int:
        """How many variables there are."""
        return len(self.variables)

    @cached_property
    def latex(self) -> str:
        r"""The formula in LaTeX, as its author ordered it.

        >>> print(ripple.latex)
        \sin x + 0.1 x^{2}
        """
        return formula_latex.latex(formulas.parse(self.formula))

    @cached_property
    def minima(self) -> np.ndarray:
        """The local minima in the domain, lowest first: shape (k,) in one dimension, else (k, d).

        >>> ripple.minima.round(6)
        array([-1.30644 ,  3.837467])
        """
        return find_minima(self, self.domain, self.dimension)

    @cached_property
    def curvatures(self) -> np.ndarray | None:
        """The Hessian's eigenvalues, smallest first, if it is the same everywhere, else None.

        >>> valley.curvatures
        array([ 2., 20.])
        """
        hessian = self._derivatives["hessian"]
        if any(entry.free_symbols for entry in hessian):
            return None
        return np.linalg.eigvalsh(np.array(hessian, float).reshape(2 * (self.dimension,)))

    @property
    def python(self) -> str:
        """The Python that makes this landscape.

        >>> print(bowl.python)
        landscapes.bowl
        """
        if LANDSCAPES.get(self.name) == self:
            return f"landscapes.{self.name}"
        name = "" if self.name == self.formula else f", name={self.name!r}"
        usual = formulas.variables(self.formula)
        variables = "" if self.variables == usual else f", variables={self.variables!r}"
        return f"landscapes.define({self.formula!r}, {self.domain!r}{name}{variables})"

    @cached_property
    def javascript(self) -> dict[str, str]:
        """JavaScript function bodies: value -> number, gradient -> array, hessian -> flat array.

        >>> print(bowl.javascript["gradient"])
        return [2*w1, 10*w2];
        """
        return {
            kind: codegen.javascript_body(expressions, as_array=kind != "value")
            for kind, expressions in self._derivatives.items()
        }

    @cached_property
    def descent_step(self):
        """In one dimension the compiled function x, rate -> x - rate f'(x), else None."""
        if self.dimension > 1:
            return None
        return codegen.descent_step(self.variables[0], self._derivatives["gradient"][0])

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
        for row, entry in zip(stacked, entries, strict=True):
            row[...] = entry  # an entry may be a constant, which NumPy does not broadcast
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
        return (x.tolist() if x.ndim == 1 else np.moveaxis(x, -1, 0)), x.shape[:-1]

    def _pack(self, kind: str, entries):
        """Return d or d * d entries, each a number or an array, as one number or array."""
        if kind == "value" or self.dimension == 1:
            return float(entries[0]) if np.ndim(entries[0]) == 0 else entries[0]
        entries = np.asarray(entries, float)
        if kind == "gradient":
            return np.moveaxis(entries, 0, -1)
        square = entries.reshape(self.dimension, self.dimension, *entries.shape[1:])
        return np.moveaxis(square, (0, 1), (-2, -1))


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
    variables = _variables(formula, variables)
    landscape = Landscape(
        formula if name is None else name,
        formula,
        expression,
        variables,
        checked_domain(domain, len(variables)),
    )
    corners = np.array(landscape.domain).reshape(len(variables), 2).T
    sample = corners[0] + (corners[1] - corners[0]) * np.linspace(0.01, 0.99, 25)[:, None]
    if not np.isfinite(landscape(sample if len(variables) > 1 else sample[:, 0])).any():
        raise ValueError(f"{formula!r} has no finite value in the domain {landscape.domain}")
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


_PI2 = 2 * math.pi
LANDSCAPES = {
    landscape.name: landscape
    for landscape in (
        define("x**2", (-6, 6), name="parabola"),
        define("sin(x) + 0.1*x**2", (-10, 10), name="ripple"),
        define("x**6/6 - 5*x**4/4 + 2*x**2", (-2.6, 2.6), name="triple_well"),
        define("w1**2 + 5*w2**2", ((-5, 5), (-3, 3)), name="bowl"),
        define("w1**2 + 10*w2**2", ((-5, 5), (-3, 3)), name="valley"),
        define("(5*x**2 + y**2)/2", ((-5, 5), (-5, 5)), name="tilted_bowl"),
        define("sin(x) + sin(y) + 0.1*(x**2 + y**2)", ((-6, 6), (-6, 6)), name="ripple_2d"),
        define("sin(x)*sin(y)", ((-_PI2, _PI2), (-_PI2, _PI2)), name="hills"),
        define(
            "w1**2 + 3*w2**2 + 0.5*sin(3*w1)*sin(3*w2)", ((-3, 3), (-2, 2)), name="bumpy_bowl"
        ),
        define("(1 - w1)**2 + 100*(w2 - w1**2)**2", ((-2, 2), (-1, 3)), name="rosenbrock"),
        define("x**2 - y**2", ((-3, 3), (-3, 3)), name="saddle"),
        define("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", ((-5, 5), (-5, 5)), name="himmelblau"),
        define(
            "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
            ((-4.5, 4.5), (-4.5, 4.5)),
            name="beale",
        ),
    )
}
parabola = LANDSCAPES["parabola"]
ripple = LANDSCAPES["ripple"]
triple_well = LANDSCAPES["triple_well"]
bowl = LANDSCAPES["bowl"]
valley = LANDSCAPES["valley"]
tilted_bowl = LANDSCAPES["tilted_bowl"]
ripple_2d = LANDSCAPES["ripple_2d"]
hills = LANDSCAPES["hills"]
bumpy_bowl = LANDSCAPES["bumpy_bowl"]
rosenbrock = LANDSCAPES["rosenbrock"]
saddle = LANDSCAPES["saddle"]
himmelblau = LANDSCAPES["himmelblau"]
beale = LANDSCAPES["beale"]
