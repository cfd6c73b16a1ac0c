"""The playground widget: a stage, its controls, and the same run for Python to read."""

import base64
from collections.abc import Sequence

import ipywidgets as widgets
import numpy as np

from helpers import checks
from helpers.descent import descend
from helpers.family import Family
from helpers.paths import Path
from helpers.playground import controls, rules, scene
from helpers.playground.stage import Stage
from helpers.stochastic import Minibatches


class Playground(widgets.VBox):
    """One figure of gradient descent whose sliders answer at once, with or without a kernel.

    The reader moves the learning rate, the start point, the number of steps and what else the
    figure is about; the browser descends and draws. Python reads and sets the same values and
    gets the same run as `path`.

    Args:
        objective: a landscape of one or two variables, a `LinearRegression`, or a `Family`.
        start: the start point; a number in one dimension, a pair in two.
        learning_rate: the author's learning rate, exact in every host.
        n_steps: the author's number of steps.
        optimizer: one name, or several for a menu whose first is chosen.
        settings: further arguments of the update rules, such as ``{"beta": 0.8}``.
        clip: clips each component of the gradient to [-clip, clip] when given.
        rates: the ends of the learning-rate slider.
        max_steps: the upper end of the steps slider.
        schedules: names of schedules for a menu, with a panel of the rate by step.
        batch_size: of mini-batches of a `LinearRegression`, with sliders for it and the seed.
        kappa: the author's κ of a `Family`, with a slider from 1 to 100.
        nudge: how far a switch moves the start along the last coordinate.
        restarts: the expected fraction of random starts that find the lowest minimum; adds a
            button that draws twenty of them.
        companions: learning rates whose runs are shown beside the reader's.
        sweep: whether a panel shows the last loss at every learning rate.
        bound: whether the loss curve of a quadratic has its theoretical bound drawn in.
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
    >>> playground.learning_rate = 0.9
    >>> playground.path.status
    'converged'
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
        schedules: Sequence[str] = (),
        batch_size: int | None = None,
        kappa: float | None = None,
        nudge: float | None = None,
        restarts: float | None = None,
        companions: Sequence[float] = (),
        sweep: bool = False,
        bound: bool = False,
        view: str = "contours",
        field: bool = False,
        name: str | None = None,
        title: str | None = None,
        source: str | None = None,
    ):
        checks.number("learning_rate", learning_rate, above=0)
        checks.count("n_steps", n_steps, least=1)
        self._clip = None if clip is None else checks.number("clip", clip, above=0)
        self._family = objective if isinstance(objective, Family) else None
        if (self._family is None) != (kappa is None):
            raise ValueError(f"kappa goes with a Family of landscapes, not {objective!r}")
        self._objective = objective if kappa is None else objective(kappa)
        self._names = [optimizer] if isinstance(optimizer, str) else list(optimizer)
        for chosen in self._names:
            checks.known("optimizer", chosen, rules.DEFAULTS)
        self._settings = rules.chosen_settings(settings or {}, self._names)
        self._schedules = [checks.known("schedules", key, rules.SCHEDULES) for key in schedules]
        self._rates = rates or _default_rates(learning_rate, self._objective.curvatures)
        low, high = self._rates
        checks.number("learning_rate", learning_rate, least=low, most=high)
        if batch_size is not None and not hasattr(self._objective, "rows_gradient"):
            raise ValueError(
                f"batch_size goes with data, such as a LinearRegression's, not {objective!r}"
            )
        self._nudge = nudge
        self._start_names = ["start"] if self._objective.dimension == 1 else ["start_x", "start_y"]
        point = _point(start, len(self._start_names))
        self._grid = [_grid(*pair) for pair in zip(_sides(self._objective), point, strict=True)]

        described = scene.describe(
            objective,
            self._objective,
            source=source or getattr(objective, "python", "objective"),
            title=title or objective.name.replace("_", " "),
        )
        views = described["views"]
        self._controls = self._make_controls(
            dict(zip(self._start_names, point, strict=True)),
            labels=described["labels"],
            rate=learning_rate,
            n_steps=n_steps,
            max_steps=max(max_steps, n_steps),
            kappa=kappa,
            batch_size=batch_size,
            views=views,
            view=views[0] if len(views) == 1 else checks.known("view", view, views),
            field=field,
        )
        written = [*(settings or {}), "beta"]
        described |= {
            "optimizers": [
                scene.optimizer(
                    key,
                    values | ({} if clip is None else {"clip": clip}),
                    [option for option in values if option in written],
                )
                for key, values in self._settings.items()
            ],
            "controls": list(self._controls),
            "start_grid": [list(side) for side in self._grid],
            "schedules": self._schedules,
            "nudge": nudge,
            "restarts": None if restarts is None else {"count": 20, "expected": restarts},
            "companions": scene.companions(companions),
            "bound": bound,
            "panels": [
                *described["panels"],
                *(["sweep"] if sweep else []),
                *(["schedule"] if schedules else []),
            ],
        }
        initial = {
            trait: getattr(control, _linked(control)) for trait, control in self._controls.items()
        }
        slider = self._controls["learning_rate"]
        self._stage = Stage(
            scene=described,
            initial=initial | {"restarts": 0},
            rate_range=[slider.min, slider.max],
            **initial,
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

    def _make_controls(
        self, point, *, labels, rate, n_steps, max_steps, kappa, batch_size, views, view, field
    ) -> dict[str, widgets.Widget]:
        """The controls by the trait of the stage that each moves, in the order they are shown."""
        made = {
            "learning_rate": controls.exponent_slider(
                "learning_rate", "learning rate", rate, *self._rates
            )
        }
        for (trait, value), side, label in zip(point.items(), self._grid, labels, strict=True):
            made[trait] = controls.start_slider(trait, value, side, f"start {label}")
        made["n_steps"] = controls.whole_slider("n_steps", "steps", n_steps, 1, max_steps)
        if kappa is not None:
            made["kappa"] = controls.exponent_slider(
                "kappa", "condition number κ", kappa, 1.0, 100.0
            )
        if len(self._names) > 1:
            texts = [scene.LABELS[key] for key in self._names]
            made["optimizer"] = controls.menu("optimizer", "method", texts, 0)
        betas = [values["beta"] for values in self._settings.values() if "beta" in values]
        if betas:
            made["beta"] = controls.beta_slider(betas[0])
        if self._schedules:
            texts = [rules.SCHEDULES[key][0] for key in self._schedules]
            made["schedule"] = controls.menu("schedule", "schedule", texts, 0)
        if batch_size is not None:
            n = len(self._objective.x)
            checks.count("batch_size", batch_size, least=1, most=n)
            units = ["updates", "epochs", "examples seen"]
            made |= {
                "batch_size": controls.whole_slider("batch_size", "batch size", batch_size, 1, n),
                "seed": controls.whole_slider("seed", "seed", 0, 0, 99),
                "unit": controls.menu("unit", "losses by", units, 0),
                "shuffle": controls.box("shuffle", "shuffle each epoch", value=True),
            }
        if self._nudge is not None:
            made["nudge"] = controls.box("nudge", f"nudge by {self._nudge:g}", value=False)
        if len(views) > 1:
            texts = ["from above", "3-D surface"]
            made["view"] = controls.menu("view", "view", texts, views.index(view))
            made["field"] = controls.box("field", "gradient field", value=field)
        return made

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
        with slider.hold_sync():
            *_, slider.step = controls.exponents(value, low, high)
            slider.value = value
        self._stage.learning_rate = value

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
        self._set_count("n_steps", value)

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
    def batch_size(self) -> int:
        """The number of rows in a batch now; all of them where there are no mini-batches."""
        has_batches = "batch_size" in self._controls
        return self._stage.batch_size if has_batches else len(self._objective.x)

    @batch_size.setter
    def batch_size(self, value: int) -> None:
        self._set_count("batch_size", value)

    @property
    def objective(self):
        """What is descended now, with the κ and the batches of the controls."""
        objective = self._objective
        if self._family is not None:
            objective = self._family(controls.tidy(self._stage.kappa, 4))
        if "batch_size" in self._controls:
            objective = Minibatches(objective, self.batch_size, shuffle=self._stage.shuffle)
        return objective

    @property
    def path(self) -> Path:
        """The run that the figure shows."""
        objective = self.objective
        start = np.array(self.start)
        if self._stage.nudge:
            start[..., -1] += self._nudge
        rng = np.random.RandomState(self._stage.seed) if "seed" in self._controls else None
        return descend(objective, start, self._rule(objective), self.n_steps, rng=rng)

    def _set(self, trait: str, value) -> None:
        setattr(self._stage, trait, value)
        self._controls[trait].value = value

    def _set_count(self, trait: str, value: int) -> None:
        checks.known("control", trait, self._controls)
        self._set(trait, checks.count(trait, value, least=1, most=self._controls[trait].max))

    def _rule(self, objective):
        settings = dict(self._settings[self.optimizer])
        if "beta" in settings:
            settings["beta"] = controls.tidy(self._stage.beta, 4)
        rate = self.learning_rate
        if self._schedules:
            rate = rules.SCHEDULES[self._schedules[self._stage.schedule]][1](rate, self.n_steps)
        hessian = getattr(objective, "hessian", None)
        return rules.make_rule(self.optimizer, rate, settings, self._clip, hessian)

    # -- where no script runs: a sentence, a table of numbers, a picture

    def __repr__(self) -> str:
        return (
            f"Gradient descent on the {self._stage.scene['title']}: {self.path}\n{self._table()}"
        )

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
        return plots.png(plots.run(self.objective, self.path, view=view))

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
