r"""Update rules: from a gradient to the step that is taken.

A rule is made by a factory and is a pair of pure functions: `init(x)` returns the rule's state
before the first step, `update(gradient, state, x)` returns the step and the next state. The next
point is x + step. All rules work for floats and for arrays of any shape, and follow the
conventions of torch.optim.

In the formulas g is the gradient at the point x, and t = 0, 1, 2, ... counts the steps. Every
`learning_rate` may be a number > 0 or a schedule. Taught in the chapter on momentum and adaptive
methods.
"""

from .adaptive import adagrad, adam, adamw, rmsprop
from .gradient import clip, plain
from .momenta import momentum, nesterov
from .rule import Optimizer
from .second_order import newton

__all__ = [
    "Optimizer",
    "adagrad",
    "adam",
    "adamw",
    "clip",
    "momentum",
    "nesterov",
    "newton",
    "plain",
    "rmsprop",
]
