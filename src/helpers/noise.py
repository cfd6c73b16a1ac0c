"""Gradients with noise on them, as a stand-in for those of mini-batches."""

import numpy as np

from . import checks


class Noisy:
    r"""An objective whose sampled gradients carry normal noise, as those of mini-batches do.

    $g = \nabla f(x) + \sigma \epsilon$. Taught in the chapter on mini-batches.

    >>> from helpers import landscapes
    >>> bowl = Noisy(landscapes.bowl, sigma=3)
    >>> bowl.sample_gradient([4.0, 2.0], np.random.RandomState(0)).round(3)
    array([13.292, 21.2  ])
    """

    def __init__(self, objective, sigma: float):
        """Add noise of standard deviation sigma >= 0 to an objective's sampled gradients."""
        self.objective = objective
        self.sigma = checks.number("sigma", sigma, least=0)

    def __call__(self, x):
        """Return the objective's value, without noise."""
        return self.objective(x)

    def sample_gradient(self, x, rng):
        """Return the gradient with noise that rng draws, shaped like x."""
        return self.gradient(x) + self.sigma * rng.standard_normal(np.shape(x))

    def __getattr__(self, name: str):
        """Whatever else is asked for is the objective's own."""
        if name.startswith("__") or name == "objective":
            raise AttributeError(name)
        return getattr(self.objective, name)
