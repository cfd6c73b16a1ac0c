r"""The LaTeX of a formula, in the order in which its author typed it.

SymPy would print sin(x) + 0.1*x**2 as $0.1 x^{2} + \sin{\left(x \right)}$; titles and prose
should show what the reader sees in the code.
"""

import ast

# How tightly each kind of term holds together; a looser one inside a tighter one gets brackets.
SUM, PRODUCT, POWER, ATOM = range(4)
NAMES = {"pi": r"\pi", "E": "e"}
FUNCTIONS = {"asin": r"\arcsin", "acos": r"\arccos", "atan": r"\arctan"}


def latex(tree: ast.expr) -> str:
    r"""Return the LaTeX of a formula's tree, as `formulas.parse` returns it.

    >>> from helpers.formulas import parse
    >>> print(latex(parse("sin(x) + 0.1*x**2")))
    \sin x + 0.1 x^{2}
    >>> print(latex(parse("(1 - w1)**2/2")))
    \frac{(1 - w_1)^{2}}{2}
    """
    return _within(_sign_first(tree), SUM)


def _within(node: ast.expr, tightness: int) -> str:
    """Return the LaTeX of a term, in brackets where it holds less tightly than its place asks."""
    text = _text(node)
    if _tightness(node) >= tightness:
        return text
    return rf"\left({text}\right)" if r"\frac" in text else f"({text})"


def _text(node: ast.expr) -> str:
    match node:
        case ast.Constant(value=value):
            return _number(value)
        case ast.Name(id=name):
            return _name(name)
        case ast.UnaryOp(op=op, operand=operand):
            sign = "-" if isinstance(op, ast.USub) else ""
            return sign + _within(operand, PRODUCT)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return f"{_within(left, SUM)} + {_within(right, PRODUCT)}"
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return f"{_within(left, SUM)} - {_within(right, PRODUCT)}"
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _product(left, right)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return rf"\frac{{{_text(left)}}}{{{_text(right)}}}"
        case ast.BinOp(left=ast.Call() as left, op=ast.Pow(), right=ast.Constant(value=int(n))):
            return _call(left, power=f"^{{{n}}}")
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return f"{_within(left, ATOM)}^{{{_within(_sign_first(right), SUM)}}}"
        case ast.Call():
            return _call(node)
    raise ValueError(f"{ast.unparse(node)!r} is not part of a formula")


def _tightness(node: ast.expr) -> int:
    match node:
        case ast.Constant() | ast.Name():
            return ATOM
        case ast.Call(func=ast.Name(id="sqrt")):
            return ATOM
        case ast.Call() | ast.BinOp(op=ast.Pow()):
            return POWER
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return PRODUCT
    return SUM


def _product(left: ast.expr, right: ast.expr) -> str:
    before, after = _within(left, PRODUCT), _within(right, PRODUCT)
    # "\sin x y" would read as sin(xy), and "2 3" as 23.
    unclear = after[0].isdigit() or (_ends_in_bare_call(left) and not _is_named_call(right))
    return rf"{before} \cdot {after}" if unclear else f"{before} {after}"


def _call(node: ast.Call, power: str = "") -> str:
    name, argument = node.func.id, _sign_first(node.args[0])
    if name == "exp" and not power:
        return f"e^{{{_text(argument)}}}"
    if name in ("sqrt", "exp"):
        inner = _text(argument)
        return rf"\sqrt{{{inner}}}{power}" if name == "sqrt" else f"(e^{{{inner}}}){power}"
    function = FUNCTIONS.get(name, "\\" + name) + power
    if _is_bare(argument):
        return f"{function} {_text(argument)}"
    return rf"{function}\left({_text(argument)}\right)"


def _is_bare(argument: ast.expr) -> bool:
    """Whether a function may stand before this argument without brackets, as in sin 3x."""
    match argument:
        case ast.Constant() | ast.Name():
            return True
        case ast.BinOp(left=ast.Constant(), op=ast.Mult(), right=ast.Name()):
            return True
    return False


def _is_named_call(node: ast.expr) -> bool:
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        node = node.left
    return isinstance(node, ast.Call) and node.func.id not in ("exp", "sqrt")


def _ends_in_bare_call(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return _ends_in_bare_call(node.right)
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        node = node.left
    return _is_named_call(node) and _is_bare(node.args[0])


def _sign_first(node: ast.expr) -> ast.expr:
    """Return -(a*b) for the tree of -a*b, which Python reads as (-a)*b."""
    if isinstance(node, ast.BinOp):
        left = _sign_first(node.left)
        if isinstance(node.op, ast.Mult | ast.Div) and isinstance(left, ast.UnaryOp):
            return ast.UnaryOp(left.op, ast.BinOp(left.operand, node.op, node.right))
        return ast.BinOp(left, node.op, _sign_first(node.right))
    return node


def _name(name: str) -> str:
    letters = name.rstrip("0123456789")
    number = name[len(letters) :]
    symbol = NAMES.get(name, letters if len(letters) == 1 else "\\" + letters)
    return f"{symbol}_{number}" if len(number) == 1 else symbol + (number and f"_{{{number}}}")


def _number(value: float) -> str:
    mantissa, _, exponent = f"{value!r}".partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa} \cdot {power}"
