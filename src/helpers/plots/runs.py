"""What is drawn of a descent: points, values, a label, a colour; whatever form it came in."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from numbers import Real
from typing import Any, NamedTuple

import numpy as np

from ..checks import array
from ..palette import OPTIMIZER_COLOURS, OPTIMIZER_MARKERS, PATH
from ..paths import words
from .style import CYCLE, RAMP

MOST_POINTS = 10_000
"""A longer run is drawn by this many of its points, the early ones all among them."""


class Run(NamedTuple):
    """A descent (or a batch of m of them side by side) ready to be drawn."""

    label: str | None
    colour: Any
    marker: str
    count: int
    """How many points there are, the start among them."""
    steps: np.ndarray
    """Numbers of those that are drawn, shape (n + 1,)."""
    points: np.ndarray | None
    """Shape (n + 1, m, d); None where only values were given."""
    values: np.ndarray
    """Shape (n + 1, m)."""
    diverged: np.ndarray
    """Which of the m diverged."""
    verdict: str | None
    """How it ended, in words; None for a batch and for bare arrays."""

    @property
    def is_batch(self) -> bool:
        """Whether several descents share this label."""
        return self.values.shape[1] > 1


def as_runs(paths: Any, objective: Any = None) -> list[Run]:
    r"""Return the runs in `paths`, each with its label, colour and marker.

    An optimizer has its colour and marker wherever its name begins a label. Other labels take
    the colours in turn. A number is a learning rate: small ones are yellow, large ones dark red.

    Args:
        paths: None, a Path, an array of points, a list of these, or a dict from labels to these.
            Unlabelled Paths of different optimizers are labelled with the optimizers' names.
        objective: what was descended; without one arrays hold values, not points.

    Raises:
        ValueError: if these are not paths, or not on this objective.

    >>> [run.label for run in as_runs({0.1: [4.0, 1.0], "Adam": [4.0, 2.0]})]
    ['$\\eta = 0.1$', 'Adam']
    """
    if paths is None:
        return []
    if isinstance(paths, Mapping):
        labels, paths = list(paths), list(paths.values())
    else:
        if isinstance(paths, Run) or not isinstance(paths, Sequence) or _is_points(paths):
            paths = [paths]
        names = [getattr(getattr(path, "optimizer", None), "name", None) for path in paths]
        labels = names if len(set(names)) == len(names) > 1 else [None] * len(paths)
        if len(paths) == 1 and names[0] in OPTIMIZER_COLOURS:
            look = (None, OPTIMIZER_COLOURS[names[0]], OPTIMIZER_MARKERS[names[0]])
            return [_as_run(paths[0], objective, *look)]
    looks = _looks(labels)
    return [
        path if isinstance(path, Run) else _as_run(path, objective, *look)
        for path, look in zip(paths, looks, strict=True)
    ]


def _is_points(paths: Sequence) -> bool:
    """Whether this list is one path, written as numbers or as tuples of coordinates."""
    return len(paths) > 0 and all(
        np.isscalar(item) or (isinstance(item, tuple) and not isinstance(item, Run))
        for item in paths
    )


def _looks(labels: list) -> list[tuple[str | None, Any, str]]:
    """Choose (label, colour, marker) for each label."""
    rates = sorted({key for key in labels if isinstance(key, Real)})
    free = cycle(CYCLE)
    looks = []
    for key in labels:
        if isinstance(key, Real):
            place = rates.index(key) / (len(rates) - 1) if len(rates) > 1 else 0.4
            looks.append((rf"$\eta = {key:g}$", RAMP(place), "o"))
            continue
        name = next(iter(str(key or "").replace(",", " ").casefold().split()), None)
        colour = OPTIMIZER_COLOURS.get(name) or (PATH if len(labels) == 1 else next(free))
        looks.append((str(key) if key else None, colour, OPTIMIZER_MARKERS.get(name, "o")))
    return looks


def _as_run(path: Any, objective: Any, label: str | None, colour: Any, marker: str) -> Run:
    is_path = hasattr(path, "points")
    points = None
    if objective is not None:
        points = _with_axes(_numbers(path.points if is_path else path), objective)
    if is_path:
        values = np.asarray(path.values, float)
    elif objective is None:
        values = _numbers(path)
    else:
        with np.errstate(all="ignore"):
            values = np.asarray(objective(points[..., 0] if objective.dimension == 1 else points))
    values = values.reshape(len(values), -1) if values.size else np.empty((0, 1))
    drawn = _thinned(len(values))
    ends_only = getattr(path, "keep", "all") == "ends"
    status = np.asarray(getattr(path, "status", ""))
    return Run(
        label,
        colour,
        marker,
        len(values),
        np.array([0, path.n_steps])[: len(values)] if ends_only else drawn,
        None if points is None else points[drawn],
        values[drawn],
        np.broadcast_to(status, values.shape[1:]) == "diverged",
        words(str(status), path.status_step) if is_path and not status.ndim else None,
    )


def _numbers(path: Any) -> np.ndarray:
    return np.atleast_1d(array("path", path))


def _with_axes(points: np.ndarray, objective: Any) -> np.ndarray:
    """Give points the shape (n + 1, m, d)."""
    d = objective.dimension
    if points.size == 0:
        return np.empty((0, 1, d))
    if points.ndim in (1, 2) if d == 1 else points.ndim in (2, 3) and points.shape[-1] == d:
        return points.reshape(len(points), -1, d)
    raise ValueError(f"points of shape {points.shape} do not lie on an objective of dimension {d}")


def _thinned(count: int) -> np.ndarray:
    if count <= MOST_POINTS:
        return np.arange(count)
    early = MOST_POINTS // 4
    late = np.linspace(early, count - 1, MOST_POINTS - early).astype(int)
    return np.concatenate([np.arange(early), late])
