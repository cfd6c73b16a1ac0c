"""A scene: everything the ES module must know of an objective, as plain JSON values."""

import re

import numpy as np

from helpers import checks
from helpers.models import LinearRegression
from helpers.palette import LANDSCAPE_STOPS, OPTIMIZER_COLOURS

LABELS = {
    "plain": "plain descent",
    "momentum": "momentum",
    "nesterov": "Nesterov",
    "adagrad": "AdaGrad",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
    "newton": "Newton",
}


def describe(shown, objective, *, source: str, title: str) -> dict:
    """Describe an objective of one or two parameters.

    Args:
        shown: what the author gave: the objective, or the `Family` that it is a member of.
        objective: a landscape, or a `LinearRegression`.
        source: Python text that recreates the objective.
        title: a short name for readers.

    Returns:
        The scene without its controls: formulas or data, domain, minima, names and colours.
    """
    domain = np.atleast_2d(objective.domain).tolist()
    minima = np.reshape(objective.minima, (-1, len(domain)))
    curvatures = objective.curvatures
    scene = {
        "title": title,
        "variables": list(objective.variables),
        "labels": [label(name) for name in objective.variables],
        "domain": domain,
        "minima": minima.tolist(),
        "minimum": _lowest(objective, minima),
        "quadratic": curvatures is not None,
        "stops": list(LANDSCAPE_STOPS),
        "python": source,
        "javascript": shown.javascript,
    }
    if isinstance(objective, LinearRegression):
        return scene | _line(objective)
    return scene | {
        "kind": "curve" if len(domain) == 1 else "contours",
        "formula": readable(shown.formula),
        "lossName": "f",
        "panels": ["map", "loss"],
        "views": ["curve"] if len(domain) == 1 else ["contours", "surface"],
    }


def _lowest(objective, minima) -> float | None:
    """The value at the lowest minimum, unless the landscape falls below it within its domain."""
    if len(minima) == 0:
        return None
    sides = [np.linspace(low, high, 41) for low, high in np.atleast_2d(objective.domain)]
    grid = np.stack(np.meshgrid(*sides), axis=-1)
    flat = minima.shape[1] == 1
    lowest = float(np.min(objective(minima[:, 0] if flat else minima)))
    edge = np.nanmin(objective(grid[..., 0] if flat else grid))
    return None if edge < lowest - 1e-9 * max(1.0, abs(lowest)) else lowest


def _line(objective: LinearRegression) -> dict:
    """What a line fitted to data adds: the data beside its loss."""
    x, y = (np.asarray(values, float) for values in (objective.x, objective.y))
    half = "½ " if objective.half else ""
    return {
        "kind": "line",
        "formula": f"{half}mean (wx + b − y)²",
        "lossName": "L",
        "data": {
            "x": x.tolist(),
            "y": y.tolist(),
            "scale": 0.5 if objective.half else 1.0,
            "xDomain": _padded(x),
            "yDomain": _padded(y),
        },
        "panels": ["data", "map", "loss"],
        "views": ["contours"],
    }


def _padded(values) -> list[float]:
    low, high = float(np.min(values)), float(np.max(values))
    pad = 0.08 * (high - low) or 1.0
    return [low - pad, high + pad]


def optimizer(name: str, settings: dict, chosen: list[str]) -> dict:
    """One choice of the optimizer menu: its settings, and which of them Python must be told."""
    return {
        "name": name,
        "factory": name,
        "label": LABELS[name],
        "colour": OPTIMIZER_COLOURS[name],
        "settings": settings,
        "python": chosen,
    }


def companions(rates) -> list[dict]:
    """Runs at other learning rates, shown beside the reader's in colours of their own."""
    colours = [OPTIMIZER_COLOURS[name] for name in ("momentum", "nesterov", "adagrad", "rmsprop")]
    return [
        {
            "label": f"η = {checks.number('companions', rate, above=0):g}",
            "colour": colour,
            "settings": {"rate": rate},
        }
        for rate, colour in zip(rates, colours, strict=False)
    ]


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def label(variable: str) -> str:
    """A variable's name as readers write it: ``w1`` becomes w₁."""
    return re.sub(r"\d+$", lambda digits: digits[0].translate(_SUBSCRIPTS), variable)


def readable(formula: str) -> str:
    """A formula as plain text for captions: ``sin(x) + 0.1*x**2`` becomes sin(x) + 0.1 x²."""
    formula = formula.replace("kappa", "κ")
    text = re.sub(r"\*\*\s*(\d+)", lambda power: power[1].translate(_SUPERSCRIPTS), formula)
    text = re.sub(r"\b([a-zA-Z])(\d)\b", lambda name: label(name[0]), text)
    text = re.sub(r"\b([a-zA-Z])(\d)(?=[⁰-⁹²³])", lambda name: label(name[0]), text)
    return re.sub(r"\s*\*\s*", " ", text).replace("-", "−")
