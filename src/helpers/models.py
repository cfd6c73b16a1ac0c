r"""Models of data as things to descend: their value is a loss, their point the parameters."""

from functools import cached_property

import numpy as np

from . import checks
from .definition import checked_domain, define


class LinearRegression:
    r"""The mean squared error of the line $\hat y = wx + b$, as a function of $(w, b)$.

    $$L(w, b) = \frac{1}{N} \sum_i (y_i - w x_i - b)^2$$

    Whatever the data, this is a bowl. With the means $\bar x$ and $\bar y$, the variance $s$ of
    x, and the least-squares line $(w^*, b^*)$, it equals

    $$L(w, b) = L(w^*, b^*) + s (w - w^*)^2 + (\bar y - w \bar x - b)^2,$$

    which is how it is computed, at one cost for any N. Taught in the chapter on the training
    loop.

    >>> model = LinearRegression([0, 1, 2], [1, 3, 5])
    >>> model([2, 1]), model.gradient([2, 2]), model.minima
    (0.0, array([2., 2.]), array([[2., 1.]]))
    """

    name = "linear regression"
    variables = ("w", "b")
    dimension = 2

    def __init__(self, x, y, *, half: bool = False, batch_size: int | None = None, domain=None):
        r"""Make the loss of a data set.

        Args:
            x: inputs, shape (N,), not all equal.
            y: targets, shape (N,).
            half: whether to take half the mean, as some texts do.
            batch_size: how many examples a sampled gradient sees; by default all N.
            domain: the part to look at, ((low, high), (low, high)); by default around the start
                (0, 0) and the minimum.

        Raises:
            ValueError: if the data are not two such arrays, or fewer than a batch.
        """
        self.x = checks.array("x", x, finite=True)
        self.y = checks.array("y", y, finite=True)
        if self.x.ndim != 1 or self.x.shape != self.y.shape:
            raise ValueError(
                f"x and y must have one shape (N,), not {self.x.shape} and {self.y.shape}"
            )
        n = len(self.x)
        if n < 2 or np.ptp(self.x) == 0:
            raise ValueError(f"x must hold two different values, or no line is best, not {x!r}")
        self.half = half
        size = n if batch_size is None else batch_size
        self.batch_size = checks.count("batch_size", size, least=1, most=n)
        self.mean_x, self.mean_y = self.x.mean(), self.y.mean()
        self.variance = np.mean((self.x - self.mean_x) ** 2)
        self.slope = np.mean((self.x - self.mean_x) * (self.y - self.mean_y)) / self.variance
        self.intercept = self.mean_y - self.slope * self.mean_x
        self.least = np.mean((self.y - self.predict((self.slope, self.intercept), self.x)) ** 2)
        self.domain = self._around() if domain is None else checked_domain(domain, 2)

    def predict(self, theta, x):
        """Return the line's values at x, for theta of shape (..., 2): shape (..., *x.shape)."""
        x = checks.array("x", x)
        w, b = (p.reshape(p.shape + (1,) * x.ndim) for p in self._split(theta))
        return w * x + b

    def __call__(self, theta):
        """Return the loss at theta of shape (..., 2): a float, or an array of shape (...)."""
        w, b = self._split(theta)
        with np.errstate(over="ignore", invalid="ignore"):
            away = self.variance * (w - self.slope) ** 2 + self._mean_error(w, b) ** 2
            value = self._scale * (self.least + away)
        return float(value) if value.ndim == 0 else value

    def gradient(self, theta):
        r"""Return $(\partial L/\partial w, \partial L/\partial b)$, shaped like theta.

        Equal to $-\frac{2}{N} \sum_i e_i (x_i, 1)$ with the errors $e_i = y_i - w x_i - b$.
        """
        w, b = self._split(theta)
        with np.errstate(over="ignore", invalid="ignore"):
            error = self._mean_error(w, b)
            by_slope = self.variance * (w - self.slope) - self.mean_x * error
            return 2 * self._scale * np.stack([by_slope, -error], axis=-1)

    def rows_gradient(self, theta, rows):
        """Return the gradient over the given rows of the data alone, shaped like theta."""
        x = self.x[rows]
        with np.errstate(over="ignore", invalid="ignore"):
            errors = self.y[rows] - self.predict(theta, x)
            slopes = [-np.mean(errors * x, axis=-1), -np.mean(errors, axis=-1)]
            return 2 * self._scale * np.stack(slopes, axis=-1)

    def sample_gradient(self, theta, rng):
        """Return the gradient over `batch_size` examples that rng draws without replacement."""
        return self.rows_gradient(theta, rng.permutation(len(self.x))[: self.batch_size])

    def hessian(self, theta):
        """Return the Hessian, the same everywhere, for theta of shape (..., 2): (..., 2, 2)."""
        w, _ = self._split(theta)
        off = self.mean_x
        matrix = 2 * self._scale * np.array([[self.variance + off**2, off], [off, 1.0]])
        return np.tile(matrix, (*w.shape, 1, 1))

    @property
    def minima(self) -> np.ndarray:
        """The least-squares solution, shape (1, 2)."""
        return np.array([[self.slope, self.intercept]])

    @property
    def curvatures(self) -> np.ndarray:
        """The eigenvalues of the Hessian, smallest first."""
        return np.linalg.eigvalsh(self.hessian((0.0, 0.0)))

    @property
    def latex(self) -> str:
        """The loss in LaTeX."""
        factor = r"\frac{1}{2N}" if self.half else r"\frac{1}{N}"
        return factor + r" \sum_{i=1}^{N} (y_i - w x_i - b)^{2}"

    @cached_property
    def javascript(self) -> dict[str, str]:
        """JavaScript function bodies of w and b, as a landscape has them."""
        offset = f"{self.mean_y} - {self.mean_x}*w - b"
        away = f"{self.variance}*(w - {self.slope})**2 + ({offset})**2"
        formula = f"{self._scale}*({self.least} + {away})"
        return define(formula, self.domain, variables=self.variables).javascript

    @property
    def _scale(self) -> float:
        return 0.5 if self.half else 1.0

    def _mean_error(self, w, b):
        return self.mean_y - w * self.mean_x - b

    def _split(self, theta) -> tuple[np.ndarray, np.ndarray]:
        theta = checks.array("theta", theta)
        if theta.ndim == 0 or theta.shape[-1] != 2:
            raise ValueError(f"theta = (w, b) must have shape (..., 2), not {theta.shape}")
        return theta[..., 0], theta[..., 1]

    def _around(self) -> tuple:
        """Return a box that holds (0, 0) and, nearer to its middle, the minimum."""
        reach = [1.5 * max(abs(c), 1.0) for c in (self.slope, self.intercept)]
        middle = (self.slope, self.intercept)
        return tuple((float(c - r), float(c + r)) for c, r in zip(middle, reach, strict=True))
