import json
import subprocess

import numpy as np
import pytest
import sympy as sp

from helpers import formulas, landscapes
from helpers.formula_latex import latex

SENSIBLE = {
    "x**4 - 3*x**2 + x": (-2, 2),
    "sin(x)*y**2": ((-2, 2), (-2, 2)),
    "exp(-x**2)": (-3, 3),
    "log(1 + exp(-x))": (-5, 5),
    "sqrt(x**2 + y**2 + 1)": ((-2, 2), (-2, 2)),
    "tanh(x)**2 + cosh(x)/(1 + sinh(x)**2)": (-2, 2),
    "2*pi*x + E**(x/2) - x**9": (-1, 1),
    "x*tan(x) + atan(x)": (-1, 1),
    "asin(x)*acos(x)": (-0.9, 0.9),
    "x**1.5 + x**-2 + x**0.5": (0.5, 3),
    "x**y + y**(1/3)": ((0.5, 2), (0.5, 2)),
    "-20*exp(-0.2*sqrt((x**2 + y**2)/2)) + x": ((0.5, 2), (0.5, 2)),
    "theta**2 + (theta - a)**2 + 1e-3*b": ((-1, 1),) * 3,
    "0.1*x + 0.30000000000000004*x**2": (-3, 3),
    "(w1 + w2 + w10)**4 + 1/(1 + w1**2)**3": ((-1, 1),) * 3,
}
REFUSED = {
    "": "write it as in Python",
    "2x": "write it as in Python",
    "x +": "write it as in Python",
    "x\0": "write it as in Python",
    "(" * 1000 + "x" + ")" * 1000: "write it as in Python",
    "x; y": "write it as in Python",
    "x^2": r"a power is written x\*\*2",
    "foo(x)": "it calls foo, which is none of sin, cos",
    "__import__('os').system('ls')": "neither a number, a variable nor an operation",
    "x.real": "neither a number, a variable nor an operation",
    "lambda: x": "neither a number, a variable nor an operation",
    "[x]": "neither a number, a variable nor an operation",
    "x < 1": "neither a number, a variable nor an operation",
    "x % 2": "neither a number, a variable nor an operation",
    "'x'": "neither a number, a variable nor an operation",
    "True*x": "neither a number, a variable nor an operation",
    "1j*x": "neither a number, a variable nor an operation",
    "(lambda: x)()": "neither a number, a variable nor an operation",
    "sin": "sin is not a variable",
    "xx**2": "xx is not a variable",
    "sin(x, y)": "sin takes one argument",
    "sin(x=y)": "sin takes one argument",
    "abs(x)": r"abs has a kink, where there is no gradient; sqrt\(x\*\*2 \+ 0.01\)",
    "Max(x, 0)": "Max has a kink",
    "sqrt(x**2)": r"Abs\(x\) has a kink",
    "(x**2)**0.5": r"Abs\(x\) has a kink",
    "1/0": "is not a real number",
    "log(0)*x": "is not a real number",
    "sqrt(-1)*x": "is not a real number",
    "(-8)**(1/3)*x": "is not a real number",
    "(-2)**x": "is not a real number",
    "1e999*x": "beyond 1.8e308",
    "10**300*x*10**300": "beyond 1.8e308",
    "9**9**9": "no number below 1.8e308",
    "0**-1*x": "no number below 1.8e308",
}


@pytest.mark.parametrize("formula", REFUSED)
def test_what_is_no_formula_is_refused_with_the_reason(formula):
    with pytest.raises(ValueError, match=f"is not a formula: .*{REFUSED[formula]}"):
        formulas.expression(formula)


@pytest.mark.parametrize("formula", [None, 3, sp.Symbol("x")], ids=str)
def test_a_formula_is_text(formula):
    with pytest.raises(ValueError, match="a formula is text"):
        formulas.expression(formula)


@pytest.mark.parametrize("formula", SENSIBLE)
def test_a_formula_means_what_python_makes_of_it(formula):
    landscape = landscapes.define(formula, SENSIBLE[formula])
    names = {name: getattr(np, name) for name in ("sin", "cos", "tan", "exp", "log", "sqrt")}
    names |= {name: getattr(np, name) for name in ("sinh", "cosh", "tanh")}
    names |= {"asin": np.arcsin, "acos": np.arccos, "atan": np.arctan, "pi": np.pi, "E": np.e}
    points = random_points(landscape)
    columns = points[:, None].T if landscape.dimension == 1 else points.T
    expected = eval(formula, names | dict(zip(landscape.variables, columns, strict=True)))
    np.testing.assert_allclose(landscape(points), expected, rtol=1e-12)


def test_decimals_are_kept_to_the_last_digit():
    wanted = 0.1 + 0.2  # 0.30000000000000004
    landscape = landscapes.define(f"{wanted!r}*x", (0, 1))
    assert landscape(1.0) == landscape(np.ones(1))[0] == wanted
    assert repr(wanted) in landscape.javascript["value"]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("sin(x) + 0.1*x**2", r"\sin x + 0.1 x^{2}"),
        ("x**6/6 - 5*x**4/4", r"\frac{x^{6}}{6} - \frac{5 x^{4}}{4}"),
        ("(1 - w1)**2 + 100*(w2 - w1**2)**2", r"(1 - w_1)^{2} + 100 (w_2 - w_1^{2})^{2}"),
        ("0.5*sin(3*w1)*sin(3*w12)", r"0.5 \sin 3 w_1 \sin 3 w_{12}"),
        ("sin(x)*y", r"\sin x \cdot y"),
        ("sin(x)**2*y", r"\sin^{2} x \cdot y"),
        ("x*sin(x + y)", r"x \sin\left(x + y\right)"),
        ("exp(-x**2/2)", r"e^{-\frac{x^{2}}{2}}"),
        ("exp(x)**2", r"(e^{x})^{2}"),
        ("E**x", "e^{x}"),
        ("log(1 + exp(-x))", r"\log\left(1 + e^{-x}\right)"),
        ("sqrt(x**2 + 1)", r"\sqrt{x^{2} + 1}"),
        ("-x*y", "-x y"),
        ("x*(-y)", "x (-y)"),
        ("x - (y - 1)", "x - (y - 1)"),
        ("+x - -y", "x - (-y)"),
        ("2*3*x", r"2 \cdot 3 x"),
        ("(x/2)**2", r"\left(\frac{x}{2}\right)^{2}"),
        ("(-x)**2", "(-x)^{2}"),
        ("-x**2", "-x^{2}"),
        ("2*pi*theta", r"2 \pi \theta"),
        ("1e-7*x + 2.5e20", r"10^{-7} x + 2.5 \cdot 10^{20}"),
        ("x**(y + 1)", "x^{y + 1}"),
        ("asin(x)", r"\arcsin x"),
        ("(x + y)*(x - y)", "(x + y) (x - y)"),
        ("sin(x)*cos(y)**2*exp(x)", r"\sin x \cos^{2} y \cdot e^{x}"),
    ],
)
def test_latex_keeps_the_order_and_the_brackets(formula, expected):
    assert latex(formulas.parse(formula)) == expected


def random_points(landscape, n=50):
    box = np.array(landscape.domain).reshape(-1, 2)
    points = np.random.default_rng(0).uniform(*box.T, size=(n, len(box)))
    return points[:, 0] if landscape.dimension == 1 else points


RUN = """
const jobs = JSON.parse(require("fs").readFileSync(0, "utf8"));
const flat = (result) => [result].flat();
process.stdout.write(JSON.stringify(jobs.map(({ variables, bodies, points }) =>
  bodies.map((body) => {
    const run = new Function(...variables, '"use strict"; ' + body);
    return points.map((point) => flat(run(...point)));
  }))));
"""


def test_javascript_agrees_with_python_on_random_points(node):
    every = [*landscapes.LANDSCAPES.values()]
    every += [landscapes.define(formula, domain) for formula, domain in SENSIBLE.items()]
    kinds = ("value", "gradient", "hessian")
    jobs = [
        {
            "variables": landscape.variables,
            "bodies": [landscape.javascript[kind] for kind in kinds],
            "points": random_points(landscape).reshape(50, -1).tolist(),
        }
        for landscape in every
    ]
    run = subprocess.run(
        [node, "-e", RUN], input=json.dumps(jobs), capture_output=True, text=True, check=True
    )
    for landscape, results in zip(every, json.loads(run.stdout), strict=True):
        points = random_points(landscape)
        python = (landscape(points), landscape.gradient(points), landscape.hessian(points))
        for kind, ours, theirs in zip(kinds, python, results, strict=True):
            theirs, ours = np.array(theirs), ours.reshape(50, -1)
            scale = np.abs(ours).max()
            np.testing.assert_allclose(
                theirs, ours, rtol=1e-12, atol=1e-12 * scale, err_msg=f"{landscape.name} {kind}"
            )


def test_javascript_uses_nothing_but_math():
    for landscape in landscapes.LANDSCAPES.values():
        for body in landscape.javascript.values():
            tree = body.replace("Math.", "").replace("const", "").replace("return", "")
            words = set("".join(c if c.isalnum() or c == "_" else " " for c in tree).split())
            names = {word for word in words if not word[0].isdigit() and word[:2] != "t_"}
            assert names <= {*landscape.variables, "sin", "cos", "sqrt", "exp", "PI"}
