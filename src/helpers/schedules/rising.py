"""The schedule that grows, to find out which learning rate is the first too large."""

from .. import checks
from .schedule import Schedule


def range_test(lowest: float, highest: float, n_steps: int) -> Schedule:
    r"""Return rates that grow by the same factor at each step, from the lowest to the highest.

    $\eta_t = \eta_{\min} (\eta_{\max} / \eta_{\min})^{t/(T-1)}$ for $t = 0, \dots, T - 1$. The
    learning rate range test of Smith (2017), who lets the rate grow by equal differences.

    Args:
        lowest: the first rate $\eta_{\min}$ > 0.
        highest: the last rate $\eta_{\max}$ > the lowest.
        n_steps: T, how many rates there are; after them the growth goes on.

    Raises:
        ValueError: if one of them is out of its range.

    >>> import numpy as np
    >>> range_test(0.001, highest=0.1, n_steps=3)(np.arange(3)).round(6)
    array([0.001, 0.01 , 0.1  ])
    """
    lowest = checks.number("lowest", lowest, above=0)
    highest = checks.number("highest", highest, above=lowest)
    n_steps = checks.count("n_steps", n_steps, least=1)
    return Schedule(
        f"range_test({lowest!r}, highest={highest!r}, n_steps={n_steps!r})",
        lambda step: lowest * (highest / lowest) ** (step / max(1, n_steps - 1)),
    )
