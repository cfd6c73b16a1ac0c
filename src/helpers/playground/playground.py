"""The playground widget: a stage, its controls, and the same run for Python to read."""

import base64
from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np

from helpers import checks, optimizers
from helpers.descent import descend
from helpers.paths import Path
from helpers.playground import controls, scene
from helpers.playground.stage import Stage

DEFAULTS = {
    "plain": {},
    "momentum": {"beta": 0.9},
    "nesterov": {"beta": 0.9},
    "adagrad": {"eps": 1e-10},
    "rmsprop": {"decay": 0.99, "eps": 1e-8},
    "adam": {"b1": 0.9, "b2": 0.999, "eps": 1e-8},
    "adamw": {"b1": 0.9, "b2": 0.999, "eps": 1e-8, "weight_decay": 0.01},
    "newton": {"damping": 0.0},
}


class Playground(widgets.VBox):
    """One figure of gradient descent whose sliders answer at once, with or without a kernel.

    The reader moves the learning rate, the start point, the number of steps and what else the
    figure is about; the browser descends and draws. Python reads and sets the same values and
    gets the same run as `path`.

    Args:
        objective: a landscape of one or two variables, or a `LinearRegression`.
        start: the start point; a number in one dimension, a pair in two.
        learning_rate: the author's learning rate, exact in every host.
        n_steps: the author's number of steps.
        optimizer: one name, or several for a menu whose first is chosen.
        settings: further arguments of the update rules, such as ``{"beta": 0.8}``.
        clip: clips each component of the gradient to [-clip, clip] when given.
        rates: the ends of the learning-rate slider.
        max_steps: the upper end of the steps slider.
        view: ``"contours"`` or ``"surface"`` for a landscape of two variables.
        field: whether the gradient field is drawn at first.
        name: a name for links to a state of this playground, unique on its page.
        title: what readers call the objective; its own name when omitted.
        source: Python text that recreates the objective, for "Copy as Python".

    Raises:
        ValueError: for a value outside what its control allows.

    >>> from helpers import landscapes
    >>> playground = Playground(landscapes.parabola, start=-5, learning_rate=0.1)
    >>> playground.path.steps
    50
    >>> playground.learning_rate = 1.1
    >>> playground.path.status
    'diverged'
    """

    def __init__(
        self,
        objective,
        *,
        start: float | Sequence[float],
        learning_rate: float,
        n_steps: int = 50,
        optimizer: str | Sequence[str] = "plain",
        settings: dict[str, float] | None = None,
        clip: float | None = None,
        rates: tuple[float, float] | None = None,
        max_steps: int = 200,
        view: str = "contours",
        field: bool = False,
        name: str | None = None,
        title: str | None = None,
        source: str | None = None,
    ):
        checks.number("learning_rate", learning_rate, above=0)
        checks.count("n_steps", n_steps, least=1)
        self._objective = objective
        self._clip = None if clip is None else checks.number("clip", clip, above=0)
        self._rates = rates or _default_rates(learning_rate, objective.curvatures)
        self._names = [optimizer] if isinstance(optimizer, str) else list(optimizer)
        for chosen in self._names:
            checks.known("optimizer", chosen, DEFAULTS)
        self._settings = _chosen(settings, self._names)
        self._start_names = ["start"] if objective.dimension == 1 else ["start_x", "start_y"]
        point = _point(start, objective.dimension)
        self._grid = [_grid(*pair) for pair in zip(_sides(objective), point, strict=True)]

        described = scene.describe(
            objective,
            source=source or getattr(objective, "python", "objective"),
            title=title or objective.name.replace("_", " "),
        )
        views = described["views"]
        view = views[0] if len(views) == 1 else checks.known("view", view, views)
        beta = next((s["beta"] for s in self._settings.values() if "beta" in s), None)
        named = list(settings or {})
        described["optimizers"] = [
            scene.optimizer(
                key,
                self._settings[key] | ({} if clip is None else {"clip": clip}),
                [option for option in self._settings[key] if option in [*named, "beta"]],
            )
            for key in self._names
        ]
        described["start_grid"] = [list(side) for side in self._grid]
        self._controls = {
            "learning_rate": controls.rate_slider(learning_rate, *self._rates),
            **{
                trait: controls.start_slider(trait, value, side, f"start {text}")
                for trait, value, side, text in zip(
                    self._start_names, point, self._grid, described["labels"], strict=True
                )
            },
            "n_steps": controls.steps_slider(n_steps, max(max_steps, n_steps)),
        }
        if len(self._names) > 1:
            labels = [choice["label"] for choice in described["optimizers"]]
            self._controls["optimizer"] = controls.menu("optimizer", "method", labels, 0)
        if beta is not None:
            self._controls["beta"] = controls.beta_slider(beta)
        if len(views) > 1:
            texts = ["from above", "3-D surface"]
            self._controls["view"] = controls.menu("view", "view", texts, views.index(view))
            self._controls["field"] = controls.box("field", "gradient field", value=field)
        described["controls"] = list(self._controls)

        initial = {
            trait: control.index if isinstance(control, widgets.Dropdown) else control.value
            for trait, control in self._controls.items()
        }
        slider = self._controls["learning_rate"]
        self._stage = Stage(
            scene=described, initial=initial, rate_range=[slider.min, slider.max], **initial
        )
        self._links = [
            widgets.jslink((control, _linked(control)), (self._stage, trait))
            for trait, control in self._controls.items()
        ]
        panel = widgets.Box(list(self._controls.values()))
        panel.add_class("playground-controls")
        super().__init__([self._stage, panel])
        self.add_class("playground")
        if name is not None:
            self.add_class(name)

    # -- the values that readers see; each may be set

    @property
    def learning_rate(self) -> float:
        """The learning rate now."""
        return controls.tidy(self._stage.learning_rate, 4)

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        low, high = self._rates
        value = checks.number("learning_rate", value, least=low, most=high)
        slider = self._controls["learning_rate"]
        ends = controls.rate_exponents(value, low, high)
        with slider.hold_sync():
            slider.min, slider.max = -300, 300
            slider.value = value
            slider.min, slider.max = ends
        self._stage.rate_range = list(ends)
        self._stage.learning_rate = float(value)

    @property
    def start(self) -> float | tuple[float, ...]:
        """The start point now: a number in one dimension, a pair in two."""
        point = tuple(controls.tidy(getattr(self._stage, name), 10) for name in self._start_names)
        return point[0] if len(point) == 1 else point

    @start.setter
    def start(self, value: float | Sequence[float]) -> None:
        point = _point(value, len(self._start_names))
        for name, coordinate, (low, high, _) in zip(
            self._start_names, point, self._grid, strict=True
        ):
            checks.number(name, coordinate, least=low, most=high)
        for name, coordinate in zip(self._start_names, point, strict=True):
            self._set(name, coordinate)

    @property
    def n_steps(self) -> int:
        """The number of steps now."""
        return self._stage.n_steps

    @n_steps.setter
    def n_steps(self, value: int) -> None:
        highest = self._controls["n_steps"].max
        self._set("n_steps", checks.count("n_steps", value, least=1, most=highest))

    @property
    def optimizer(self) -> str:
        """The name of the update rule now."""
        return self._names[self._stage.optimizer]

    @optimizer.setter
    def optimizer(self, name: str) -> None:
        index = self._names.index(checks.known("optimizer", name, self._names))
        self._stage.optimizer = index
        if "optimizer" in self._controls:
            self._controls["optimizer"].index = index

    @property
    def path(self) -> Path:
        """The run that the figure shows."""
        return descend(self._objective, self.start, self._rule(), self.n_steps)

    def _set(self, trait: str, value) -> None:
        setattr(self._stage, trait, value)
        self._controls[trait].value = value

    def _rule(self):
        settings = dict(self._settings[self.optimizer])
        if "beta" in settings:
            settings["beta"] = controls.tidy(self._stage.beta, 4)
        factory = getattr(optimizers, self.optimizer)
        first = [self._objective.hessian] if self.optimizer == "newton" else []
        rule = factory(*first, self.learning_rate, **settings)
        return rule if self._clip is None else optimizers.clip(rule, self._clip)

    # -- where no script runs: a sentence, a table of numbers, a picture

    def __repr__(self) -> str:
        return f"{self._sentence()}\n{self._table()}"

    def _sentence(self) -> str:
        return f"Gradient descent on the {self._stage.scene['title']}: {self.path}"

    def _table(self, rows: int = 8) -> str:
        """The run at steps spread evenly over the logarithm of the step."""
        path = self.path
        names = list(self._stage.scene["variables"])
        steps = np.unique(np.geomspace(1, path.steps + 1, rows).round().astype(int)) - 1
        head = "".join(f"{title:>14}" for title in [*names, "loss", "gradient"])
        lines = [f"{'step':>6}{head}"]
        for k in steps:
            numbers = [*np.atleast_1d(path.points[k]), path.values[k], path.gradient_norms[k]]
            lines.append(f"{k:>6}" + "".join(f"{number:>14.6g}" for number in numbers))
        return "\n".join(lines)

    def _picture(self) -> bytes:
        from helpers import plots  # drawn only when the playground is displayed

        chosen = self._stage.scene["views"][self._stage.view]
        view = "line" if self._stage.scene["kind"] == "line" else chosen
        return plots.png(plots.run(self._objective, self.path, view=view))

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        picture = base64.b64encode(self._picture()).decode("ascii")
        return bundle | {"text/plain": repr(self), "image/png": picture}


def _linked(control) -> str:
    """The trait of a control that the browser knows: a menu's index, else its value."""
    return "index" if isinstance(control, widgets.Dropdown) else "value"


def _sides(objective) -> list[tuple[float, float]]:
    return [tuple(side) for side in np.atleast_2d(objective.domain).tolist()]


def _point(start, dimension: int) -> list[float]:
    point = np.atleast_1d(checks.array("start", start, finite=True))
    if point.shape != (dimension,):
        raise ValueError(f"start must hold {dimension} number(s), not {start!r}")
    return point.tolist()


def _grid(side: tuple[float, float], value: float) -> tuple[float, float, float]:
    """The grid of a start slider: low, high, step, with the author's value on it."""
    low, high = side
    checks.number("start", value, least=low, most=high)
    step = controls.round_step(high - low)
    return *controls.aligned(low, high, step, value), step


def _default_rates(rate: float, curvatures) -> tuple[float, float]:
    """From a hundredth of the author's rate to ten times it, or past the limit of a quadratic."""
    limit = 0.0 if curvatures is None or curvatures[-1] <= 0 else 2 / float(curvatures[-1])
    return rate / 100, max(10 * rate, 2 * limit) if limit else 10 * rate


def _chosen(settings: dict[str, float] | None, names: list[str]) -> dict[str, dict[str, float]]:
    """The settings of each rule: its defaults, and what the author chose among them."""
    given = settings or {}
    for key, value in given.items():
        checks.known("settings", key, {key for name in names for key in DEFAULTS[name]})
        checks.number(f"settings[{key!r}]", value)
    return {
        name: {key: given.get(key, value) for key, value in DEFAULTS[name].items()}
        for name in names
    }
