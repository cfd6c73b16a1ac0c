r"""How a run ended: converged, still descending, circling or diverged.

The rules look only at the numbers of the run, and the page's JavaScript follows the same ones,
so that the words beside a figure are the same wherever it is drawn. Convergence in the strict
sense, with its conditions and proofs, has a chapter of its own.
"""

import numpy as np

TOLERANCE = 1e-3  # a gradient norm that counts as flat
SOARS = 1000  # a value this many times as large as the first has left for good
WORDS = {
    "running": "still descending",
    "circling": "circling: the loss no longer falls",
    "converged": "converged at step {step}",
    "diverged": "diverged at step {step}",
    "stopped": "stopped at step {step}",
}


def verdict(points, values, gradient_norms, n_steps: int) -> tuple[str, int | None]:
    """Return how a run ended, and the step at which it did.

    With n the number of steps kept, the first rule that applies decides:

    1. Fewer steps were kept than asked for: the run left the finite numbers. Diverged at n.
    2. The last gradient norm is at most TOLERANCE: converged, at the first step from which on
       all norms are.
    3. The last value is above the first, and the value rose at each of the last ten steps (or of
       all, if there are only three to nine), or the last quarter stands above SOARS times the
       first (or above SOARS, if that is more), as a noisy run may that does not rise steadily:
       diverged, at the first step from which on all values are above the first.
    4. The last two quarters of the run go to and fro and neither their length nor the highest
       and lowest of their values shrink: circling. A run of fewer than four steps is circling
       when its value has not fallen.
    5. Otherwise it is still running.

    Args:
        points: shape (n + 1,) or (n + 1, d), all finite.
        values: shape (n + 1,).
        gradient_norms: shape (n + 1,).
        n_steps: how many steps were asked for.

    Returns:
        "converged" or "diverged" with a step, "running" or "circling" with None.

    >>> verdict([4, 2, 1, 0.5, 0.25], [16, 4, 1, 0.25, 0.0625], [8, 4, 2, 1, 0.5], 4)
    ('running', None)
    >>> verdict([5, -5, 5, -5, 5], [25, 25, 25, 25, 25], [10, 10, 10, 10, 10], 4)
    ('circling', None)
    """
    points, values, norms = (np.asarray(a, float) for a in (points, values, gradient_norms))
    n = len(values) - 1
    if n < n_steps:
        return "diverged", n
    if norms[n] <= TOLERANCE:
        return "converged", _start_of_final(norms <= TOLERANCE)
    last = values[-11:]
    soars = values[-max(1, n // 4) :].min() / SOARS > max(1.0, abs(values[0]))
    if n >= 3 and values[n] > values[0] and (soars or (last[1:] > last[:-1]).all()):
        return "diverged", max(1, _start_of_final(values > values[0]))
    return ("circling" if _circles(points, values) else "running"), None


def verdict_from_ends(values, gradient_norms, steps: int, n_steps: int) -> tuple[str, int | None]:
    """Return the verdict on a run of which only the first and the last point were kept.

    It cannot see a run circle or rise step by step, nor when it converged; it has diverged if it
    left the finite numbers or ends above SOARS times its first value (or SOARS, if more).

    >>> verdict_from_ends([16, 1e-9], [8, 1e-4], steps=100, n_steps=100)
    ('converged', None)
    """
    if steps < n_steps:
        return "diverged", steps
    if gradient_norms[-1] <= TOLERANCE:
        return "converged", None
    soars = values[-1] / SOARS > max(1.0, abs(values[0]))
    return ("diverged" if soars else "running"), None


def words(status: str, step: int | None = None) -> str:
    """Return a verdict as it is shown to readers.

    >>> words("converged", 12)
    'converged at step 12'
    """
    text = WORDS[status]
    return text.format(step=step) if step is not None else text.removesuffix(" at step {step}")


def _start_of_final(holds: np.ndarray) -> int:
    """Return the first index from which on `holds` is true to the end."""
    fails = np.flatnonzero(~holds)
    return int(fails[-1]) + 1 if len(fails) else 0


def _circles(points: np.ndarray, values: np.ndarray) -> bool:
    n = len(values) - 1
    if n < 4:
        return n >= 1 and bool(values[n] >= values[0])
    q = n // 4
    with np.errstate(over="ignore", invalid="ignore"):  # points near 1.8e308
        walk = points[n - 2 * q :].reshape(2 * q + 1, -1)
        lengths = np.hypot.reduce(np.diff(walk, axis=0), axis=1)
        before, after = lengths[:q].sum(), lengths[q:].sum()
        reversing = np.hypot.reduce(walk[-1] - walk[0]) < 0.25 * (before + after)
        shrinking = after < 0.99 * before
    earlier, later = values[n - 2 * q + 1 : n - q + 1], values[n - q + 1 :]
    settling = shrinking and later.max() < earlier.max() and later.min() < earlier.min()
    return bool(reversing and not settling)
