r"""What is descended: test functions, each of them one formula, and a way to make more.

The chapters share these landscapes; `define` makes more. A landscape's value, gradient,
Hessian, LaTeX and JavaScript are all derived from its formula; nobody types a derivative.
"""

import math
from dataclasses import replace

from .definition import define
from .family import Family
from .landscape import Landscape


def _shared(name: str, formula: str, domain: tuple) -> Landscape:
    return replace(define(formula, domain), name=name, python=f"landscapes.{name}")


_TWO_PI = 2 * math.pi

parabola = _shared("parabola", "x**2", (-6, 6))
ripple = _shared("ripple", "sin(x) + 0.1*x**2", (-10, 10))
triple_well = _shared("triple_well", "x**6/6 - 5*x**4/4 + 2*x**2", (-2.6, 2.6))
bowl = _shared("bowl", "w1**2 + 5*w2**2", ((-5, 5), (-3, 3)))
valley = _shared("valley", "w1**2 + 10*w2**2", ((-5, 5), (-3, 3)))
tilted_bowl = _shared("tilted_bowl", "(5*x**2 + y**2)/2", ((-5, 5), (-5, 5)))
ripple_2d = _shared("ripple_2d", "sin(x) + sin(y) + 0.1*(x**2 + y**2)", ((-6, 6), (-6, 6)))
hills = _shared("hills", "sin(x)*sin(y)", ((-_TWO_PI, _TWO_PI), (-_TWO_PI, _TWO_PI)))
bumpy_bowl = _shared("bumpy_bowl", "w1**2 + 3*w2**2 + 0.5*sin(3*w1)*sin(3*w2)", ((-3, 3), (-2, 2)))
rosenbrock = _shared("rosenbrock", "(1 - w1)**2 + 100*(w2 - w1**2)**2", ((-2, 2), (-1, 3)))
saddle = _shared("saddle", "x**2 - y**2", ((-3, 3), (-3, 3)))
himmelblau = _shared("himmelblau", "(x**2 + y - 11)**2 + (x + y**2 - 7)**2", ((-5, 5), (-5, 5)))
beale = _shared(
    "beale",
    "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
    ((-4.5, 4.5), (-4.5, 4.5)),
)
stretched_bowl = Family(
    "stretched_bowl",
    "(w1**2 + kappa*w2**2)/2",
    ((-5, 5), (-3, 3)),
    python="landscapes.stretched_bowl",
)
LANDSCAPES: dict[str, Landscape] = {
    landscape.name: landscape
    for landscape in (
        *(parabola, ripple, triple_well, bowl, valley, tilted_bowl, ripple_2d, hills),
        *(bumpy_bowl, rosenbrock, saddle, himmelblau, beale),
    )
}
