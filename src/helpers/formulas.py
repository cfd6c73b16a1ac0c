"""A formula is text that an author types; here it is read, and never run.

Python's own parser turns the text into a tree, and a walk over the tree makes of it an
expression that SymPy can differentiate. Whatever is not arithmetic on variables is refused.
"""

import ast
import re
import sys

import sympy as sp

# What a formula may call: smooth wherever it is defined, and of one meaning in Python's math
# module, in NumPy and in JavaScript.
FUNCTIONS = {
    name: getattr(sp, name)
    for name in "sin cos tan asin acos atan sinh cosh tanh exp log sqrt".split()
}
CONSTANTS = {"pi": sp.pi, "E": sp.E}
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa mu nu xi rho sigma tau "
    "upsilon phi chi psi omega"
).split()
VARIABLE = re.compile(rf"(?!E$)([A-Za-z]|{'|'.join(GREEK)})(\d*)")
OPERATORS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Div: lambda a, b: a / b,
    ast.Pow: lambda a, b: _power(a, b),
}
KINKED = {"abs", "max", "min", "sign", "floor", "ceil", "ceiling", "round", "heaviside"}
KINKED_RESULTS = (sp.Abs, sp.sign, sp.Max, sp.Min, sp.Piecewise)
NOT_REAL = (sp.zoo, sp.nan, sp.oo, -sp.oo, sp.I)


def parse(formula: str) -> ast.expr:
    """Return the tree of a formula's text.

    Raises:
        ValueError: if the text is not one expression.

    >>> type(parse("x**2 + y").op).__name__
    'Add'
    """
    if not isinstance(formula, str):
        raise ValueError(f"a formula is text such as 'x**2 + 1', not {formula!r}")
    try:
        return ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise _refusal(formula, "write it as in Python, for instance '2*x**2 + sin(x)'") from None


def expression(formula: str) -> sp.Expr:
    """Return the SymPy expression that a formula's text means.

    Args:
        formula: numbers, one-letter or Greek variables (x, w1, theta), + - * / **, brackets,
            pi, E, and the functions in FUNCTIONS.

    Raises:
        ValueError: if the text is not such a formula, or what it means is not smooth or not real.

    >>> expression("x**4 - 3*x**2 + x")
    x**4 - 3*x**2 + x
    >>> expression("foo(x)")
    Traceback (most recent call last):
    ValueError: 'foo(x)' is not a formula: it calls foo, which is none of sin, cos, tan, asin, \
acos, atan, sinh, cosh, tanh, exp, log, sqrt
    """
    tree = parse(formula)
    try:
        result = _expression(tree)
    except _RefusalError as reason:
        raise _refusal(formula, str(reason)) from None
    except RecursionError:
        raise _refusal(formula, "it is nested too deeply") from None
    if result.has(*KINKED_RESULTS):
        raise _refusal(formula, f"{result} has a kink, where there is no gradient")
    if result.has(*NOT_REAL) or result.is_real is False:
        raise _refusal(formula, f"its value {result} is not a real number")
    if any(abs(number) > sys.float_info.max for number in result.atoms(sp.Number)):
        raise _refusal(formula, "it holds a number beyond 1.8e308")
    return result


def variables(formula: str) -> tuple[str, ...]:
    """Return the names of a formula's variables, sorted, w2 before w10.

    >>> variables("w10 + w2*sin(w1)")
    ('w1', 'w2', 'w10')
    """
    names = {
        node.id
        for node in ast.walk(parse(formula))
        if isinstance(node, ast.Name) and VARIABLE.fullmatch(node.id)
    }
    return tuple(sorted(names, key=_letters_then_number))


def symbol(name: str) -> sp.Symbol:
    """Return the real SymPy symbol of a variable's name.

    >>> symbol("w1")
    w1
    """
    return sp.Symbol(name, real=True)


class _RefusalError(Exception):
    """Why a part of a formula cannot be read."""


def _refusal(formula: str, reason: str) -> ValueError:
    shown = formula if len(formula) <= 60 else formula[:57] + "..."
    return ValueError(f"{shown!r} is not a formula: {reason}")


def _letters_then_number(name: str) -> tuple[str, int]:
    letters, number = VARIABLE.fullmatch(name).groups()
    return letters, int(number or -1)


def _expression(node: ast.expr) -> sp.Expr:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return _number(value)
        case ast.Name(id=name) if name in CONSTANTS:
            return CONSTANTS[name]
        case ast.Name(id=name) if VARIABLE.fullmatch(name):
            return symbol(name)
        case ast.Name(id=name):
            raise _RefusalError(
                f"{name} is not a variable; one letter, with a number if you like (x, w1), "
                "or a Greek letter's name (theta) is"
            )
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_expression(operand)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _expression(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return OPERATORS[type(op)](_expression(left), _expression(right))
        case ast.BinOp(op=ast.BitXor()):
            raise _RefusalError("a power is written x**2, not x^2")
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](_expression(argument))
        case ast.Call(func=ast.Name(id=name)) if name in FUNCTIONS:
            raise _RefusalError(f"{name} takes one argument")
        case ast.Call(func=ast.Name(id=name)) if name.lower() in KINKED:
            raise _RefusalError(
                f"{name} has a kink, where there is no gradient; "
                "sqrt(x**2 + 0.01) is a smooth stand-in for |x|"
            )
        case ast.Call(func=ast.Name(id=name)):
            raise _RefusalError(f"it calls {name}, which is none of {', '.join(FUNCTIONS)}")
    raise _RefusalError(
        f"{ast.unparse(node)} is neither a number, a variable nor an operation on them"
    )


def _number(value: float) -> sp.Expr:
    if not abs(value) <= sys.float_info.max:
        raise _RefusalError("it holds a number beyond 1.8e308")
    return sp.Integer(int(value)) if value == int(value) else sp.Float(value)


def _power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    if base.is_number and exponent.is_number:  # 9**9**9 would keep SymPy busy for ever
        try:
            float(base) ** float(exponent)
        except (ArithmeticError, TypeError):
            raise _RefusalError(f"({base})**({exponent}) is no number below 1.8e308") from None
    if base.is_negative and not exponent.is_integer:
        raise _RefusalError(f"({base})**({exponent}) is not a real number")
    if isinstance(exponent, sp.Float):  # x**0.5 is a square root
        exponent = sp.Rational(str(exponent))
    return base**exponent
