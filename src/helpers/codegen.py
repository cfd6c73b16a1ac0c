"""One expression, three languages: Python's math module, NumPy and JavaScript.

A formula's value, gradient and Hessian are printed as the same statements in the same order in
all three, so that a run in the page and a run in Python take the same steps.
"""

import math
from collections.abc import Callable, Sequence

import numpy as np
import sympy as sp
from sympy.printing.jscode import JavascriptCodePrinter
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import PythonCodePrinter

LARGEST_PRODUCT = 8  # x**8 is written x*x*x*x*x*x*x*x, x**9 is left to the power function


class _Exact:
    """What the three printers share: floats with all their digits, small powers as products.

    Products are faster than powers, and every language rounds them alike.
    """

    power = "pow"

    def _print_Float(self, expr: sp.Float) -> str:  # noqa: N802 (SymPy's name for the hook)
        return repr(float(expr))

    def _print_Pow(self, expr: sp.Pow, rational: bool = False) -> str:  # noqa: N802
        base, exponent = expr.args
        if exponent.is_negative:
            return f"(1/{self._print(sp.Pow(base, -exponent, evaluate=False))})"
        if exponent == 1:
            return f"({self._print(base)})"
        if _is_product(expr):
            factor = self._print(base) if base.is_Symbol else f"({self._print(base)})"
            return "(" + "*".join([factor] * int(exponent)) + ")"
        if exponent == sp.S.Half:
            return f"{self.square_root}({self._print(base)})"
        return f"{self.power}({self._print(base)}, {self._print(exponent)})"


class _Math(_Exact, PythonCodePrinter):
    square_root = "sqrt"


class _NumPy(_Exact, NumPyPrinter):
    square_root = "sqrt"
    power = "power"


class _JavaScript(_Exact, JavascriptCodePrinter):
    square_root = "Math.sqrt"
    power = "Math.pow"


def scalar_function(variables: Sequence[str], expressions: Sequence[sp.Expr]) -> Callable:
    """Return a function of floats, through the math module, that returns a tuple of numbers.

    It raises what the math module raises: OverflowError, ValueError, ZeroDivisionError.

    >>> x = sp.Symbol("x", real=True)
    >>> scalar_function(["x"], [x**2, 2 * x])(3.0)
    (9.0, 6.0)
    """
    return _compiled(variables, _python_body(_MATH, expressions), vars(math))


def array_function(variables: Sequence[str], expressions: Sequence[sp.Expr]) -> Callable:
    """Return a function of arrays, through NumPy, that returns a tuple of arrays (or constants).

    >>> x = sp.Symbol("x", real=True)
    >>> array_function(["x"], [x**2])(np.array([1.0, 2.0]))
    (array([1., 4.]),)
    """
    return _compiled(variables, _python_body(_NUMPY, expressions), vars(np))


def descent_step(variables: Sequence[str], gradient: Sequence[sp.Expr], *, of_arrays: bool):
    """Return one step of plain descent as one function: (*x, rate) -> x - rate * gradient(x).

    With `of_arrays` it takes and returns a tuple with an array for each coordinate, through
    NumPy. Otherwise there is one coordinate, a float, and the math module.

    >>> x = sp.Symbol("x", real=True)
    >>> descent_step(["x"], [2 * x], of_arrays=False)(-5.0, 0.1)
    -4.0
    """
    lines, slopes = _statements(_NUMPY if of_arrays else _MATH, gradient)
    steps = [f"{x} - rate_*({slope})" for x, slope in zip(variables, slopes, strict=True)]
    lines.append(f"return ({', '.join(steps)},)" if of_arrays else f"return {steps[0]}")
    return _compiled([*variables, "rate_"], lines, vars(np) if of_arrays else vars(math))


def javascript_body(expressions: Sequence[sp.Expr], *, as_array: bool = True) -> str:
    """Return the body of a JavaScript function that returns the expressions' values.

    >>> x = sp.Symbol("x", real=True)
    >>> javascript_body([sp.sin(x) ** 2], as_array=False)
    'const t_0 = Math.sin(x); return (t_0*t_0);'
    """
    lines, results = _statements(_JAVASCRIPT, expressions)
    result = f"[{', '.join(results)}]" if as_array else results[0]
    return " ".join([*(f"const {line};" for line in lines), f"return {result};"])


def _statements(printer, expressions: Sequence[sp.Expr]) -> tuple[list[str], list[str]]:
    """Return the shared parts as "t_0 = ..." and what is left of each expression."""
    # (x + 1)**2 will be printed as a product: named once more, its base is a shared part.
    bases = {
        power.base
        for expression in expressions
        for power in expression.atoms(sp.Pow)
        if _is_product(power) and not power.base.is_Symbol
    }
    extra = sorted(bases, key=sp.default_sort_key)
    shared, rest = sp.cse([*expressions, *extra], sp.numbered_symbols("t_"))
    lines = [f"{symbol} = {printer.doprint(part)}" for symbol, part in shared]
    return lines, [printer.doprint(part) for part in rest[: len(expressions)]]


def _is_product(power: sp.Pow) -> bool:
    return power.exp.is_Integer and 2 <= abs(power.exp) <= LARGEST_PRODUCT


def _python_body(printer, expressions: Sequence[sp.Expr]) -> list[str]:
    lines, results = _statements(printer, expressions)
    return [*lines, f"return ({', '.join(results)},)"]


def _compiled(arguments: Sequence[str], lines: list[str], names: dict) -> Callable:
    source = f"def generated({', '.join(arguments)}):\n    " + "\n    ".join(lines)
    scope = dict(names)
    exec(source, scope)  # text that was printed here from a checked expression, not an author's
    return scope["generated"]


_PYTHON = {"fully_qualified_modules": False}
_MATH, _NUMPY, _JAVASCRIPT = _Math(_PYTHON), _NumPy(_PYTHON), _JavaScript()
