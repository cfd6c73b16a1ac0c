"""A path is what a descent leaves behind: where it went, and how it ended."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from .objectives import at_points, gradient_norm
from .verdicts import TOLERANCE, verdict, verdict_from_ends, words

__all__ = ["TOLERANCE", "Path", "verdict", "words"]


@dataclass(frozen=True, eq=False, repr=False)
class Path:
    """The points of a descent; gradient norms and status are worked out when asked for.

    Every number in a path is finite: a run stops at its last point that is finite and has a
    finite value and gradient. Each member of a batch of m starts stops for itself, and stays
    where it stopped while the others go on.

    Attributes:
        points: shape (n + 1,) in one dimension, (n + 1, d) in d; of a batch (n + 1, m) or
            (n + 1, m, d). With keep="ends" just two, the start and the end.
        values: the objective at each point, shape (n + 1,); of a batch (n + 1, m).
        steps: how many steps were taken to the end; of a batch an array of shape (m,).
        objective: what was descended.
        optimizer: the update rule.
        n_steps: how many steps were asked for.
        keep: "all" or "ends".
        ended: "converged" or "stopped" where a stopping test ended the run, else ""; of a
            batch an array of these.

    >>> from helpers import descend, landscapes
    >>> path = descend(landscapes.parabola, -5, 0.1, 50)
    >>> path.points[-1], path.status, path.status_step
    (np.float64(-7.136238463529802e-05), 'converged', 42)
    """

    points: np.ndarray
    values: np.ndarray
    steps: Any
    objective: Any
    optimizer: Any
    n_steps: int
    keep: str = "all"
    ended: Any = ""

    @cached_property
    def gradient_norms(self) -> np.ndarray:
        """The length of the objective's full gradient at each point, shaped like values."""
        gradients = at_points(self.objective, self.objective.gradient, self.points)
        return gradient_norm(gradients, self.values)

    @property
    def status(self):
        """How it ended: "converged", "running", "circling", "diverged" or "stopped".

        Of a batch an array of these, of shape (m,).
        """
        return self._verdicts[0]

    @property
    def status_step(self):
        """The step of "converged", "diverged" or "stopped", else None; of a batch an array.

        With keep="ends" the step of convergence is not known, and None.
        """
        return self._verdicts[1]

    @cached_property
    def _verdicts(self) -> tuple:
        if np.ndim(self.steps) == 0:
            return self._verdict(self.steps, self.ended, ...)
        verdicts = [
            self._verdict(steps, ended, (slice(None), member))
            for member, (steps, ended) in enumerate(zip(self.steps, self.ended, strict=True))
        ]
        statuses, steps = zip(*verdicts, strict=True)
        return np.array(statuses), np.array(steps, dtype=object)

    def _verdict(self, steps, ended: str, member) -> tuple[str, int | None]:
        if ended:
            return str(ended), int(steps)
        values, norms = self.values[member], self.gradient_norms[member]
        if self.keep == "ends":
            return verdict_from_ends(values, norms, int(steps), self.n_steps)
        kept = slice(int(steps) + 1)
        return verdict(self.points[member][kept], values[kept], norms[kept], self.n_steps)

    def __str__(self) -> str:
        """Return the path in one line."""
        if np.ndim(self.steps) == 1:
            counts = Counter(self.status.tolist())
            ends = ", ".join(f"{n} {status}" for status, n in sorted(counts.items()))
            return f"{self.optimizer}, {len(self.steps)} starts, {self.n_steps} steps: {ends}"
        first, last = (f"{_shown(self.points[k])}, value {self.values[k]:.6g}" for k in (0, -1))
        ending = words(self.status, self.status_step)
        return f"{self.optimizer}, {self.steps} steps: from {first}, to {last}; {ending}"

    __repr__ = __str__


def _shown(point) -> str:
    numbers = ", ".join(f"{x:.6g}" for x in np.atleast_1d(point))
    return numbers if np.ndim(point) == 0 else f"({numbers})"
