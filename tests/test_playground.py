"""The playground's Python side: what it shows, what may be set, what it refuses."""

import base64
import math

import ipywidgets as widgets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import datasets, descend, landscapes, models
from helpers.playground import Playground, controls, scene


def make(objective=landscapes.valley, **changes):
    arguments = {"start": (4, 2.5), "learning_rate": 0.06, "n_steps": 30} | changes
    return Playground(objective, **arguments)


def test_the_path_is_the_descent_with_the_settings_on_show():
    playground = make(clip=5.0, optimizer="momentum", settings={"beta": 0.5})
    playground.start = (-2, 1)
    playground.n_steps = 12
    rule = playground.path.optimizer
    assert rule.hyperparameters == {"learning_rate": 0.06, "beta": 0.5, "clip": 5.0}
    expected = descend(landscapes.valley, (-2.0, 1.0), rule, 12)
    np.testing.assert_array_equal(playground.path.points, expected.points)


def test_what_is_set_is_read_back_and_moves_the_control():
    playground = make(optimizer=["plain", "adam"])
    playground.learning_rate = 0.5
    playground.start = (1.234567, -2)
    playground.n_steps = 7
    playground.optimizer = "adam"
    assert playground.learning_rate == 0.5
    assert playground.start == (1.234567, -2.0)
    assert (playground.n_steps, playground.optimizer) == (7, "adam")
    values = {name: control.value for name, control in playground._controls.items()}
    assert values["learning_rate"] == 0.5
    assert (values["start_x"], values["n_steps"], values["optimizer"]) == (1.234567, 7, "Adam")


@settings(deadline=None, max_examples=30)  # a playground is some twenty widgets
@given(
    rate=st.floats(1e-4, 10).map(lambda rate: float(f"{rate:.4g}")),
    other=st.floats(0.02, 9).map(lambda factor: float(f"{factor:.4g}")),
)
def test_every_rate_lies_on_the_grid_of_its_slider(rate, other):
    playground = make(learning_rate=rate)
    low, high = playground._rates
    for value in (rate, float(f"{min(high, max(low, rate * other)):.4g}")):
        if not low <= value <= high:
            continue
        playground.learning_rate = value
        slider = playground._controls["learning_rate"]
        steps = (math.log10(value) - slider.min) / slider.step
        snapped = 10 ** (slider.min + round(steps) * slider.step)  # as JupyterLab would
        assert controls.tidy(snapped, 4) == value == playground.learning_rate
        assert slider.min <= math.log10(value) + 1e-9
        assert list(playground._stage.rate_range) == [slider.min, slider.max]


@settings(deadline=None, max_examples=30)
@given(start=st.floats(-6, 6))
def test_every_start_lies_on_the_grid_of_its_slider(start):
    playground = Playground(landscapes.parabola, start=start, learning_rate=0.1)
    slider = playground._controls["start"]
    steps = (start - slider.min) / slider.step
    assert abs(steps - round(steps)) < 1e-6
    assert -6 <= slider.min <= slider.max <= 6


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"learning_rate": -0.1}, r"learning_rate must be a finite number > 0, not -0.1"),
        ({"learning_rate": math.nan}, r"learning_rate must be a finite number > 0, not nan"),
        ({"n_steps": 0}, r"n_steps must be a whole number >= 1, not 0"),
        ({"start": 4.0}, r"start must hold 2 number\(s\), not 4.0"),
        ({"start": (4, 30)}, r"start must be a finite number >= -3 and <= 3, not 30.0"),
        ({"optimizer": "adamant"}, r"optimizer must be one of 'plain', .*, not 'adamant'"),
        ({"settings": {"beta": 0.5}}, r"settings must be one of .*not 'beta'"),
        ({"clip": 0}, r"clip must be a finite number > 0, not 0"),
        ({"view": "sideways"}, r"view must be one of 'contours', 'surface', not 'sideways'"),
        ({"schedules": ["weekly"]}, r"schedules must be one of 'constant', .*, not 'weekly'"),
        ({"kappa": 3}, r"kappa goes with a Family"),
        ({"batch_size": 8}, r"batch_size goes with data"),
        ({"companions": [0.0]}, r"companions must be a finite number > 0, not 0.0"),
        ({"rates": (0.1, 1.0)}, r"learning_rate must be a finite number >= 0.1 and <= 1"),
    ],
)
def test_bad_arguments_are_named(changes, message):
    with pytest.raises(ValueError, match=message):
        make(**changes)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learning_rate", -1),
        ("learning_rate", 50),
        ("start", (9, 0)),
        ("start", (math.inf, 0)),
        ("n_steps", 0),
        ("n_steps", 100_000),
        ("n_steps", 2.5),
        ("optimizer", "adam"),
        ("batch_size", 3),
    ],
)
def test_a_wrong_value_is_refused_and_the_last_good_state_stays(name, value):
    playground = make()
    before = playground._stage.get_state()
    with pytest.raises(ValueError, match=name if name != "start" else "start"):
        setattr(playground, name, value)
    assert playground._stage.get_state() == before


def test_every_control_is_linked_in_the_browser_to_its_trait():
    playground = make(optimizer=["plain", "momentum"], schedules=["constant", "cosine"])
    for (trait, control), link in zip(
        playground._controls.items(), playground._links, strict=True
    ):
        assert isinstance(link, widgets.widget_link.Link)
        assert link.source[0] is control
        assert link.target == (playground._stage, trait)
        assert f"control-{trait}" in control._dom_classes


def test_the_bundle_holds_a_sentence_a_table_and_a_picture():
    bundle = make()._repr_mimebundle_()
    sentence, head, *rows = bundle["text/plain"].splitlines()
    assert sentence.startswith("Gradient descent on the valley: plain(learning_rate=0.06)")
    assert head.split() == ["step", "w1", "w2", "loss", "gradient"]
    assert rows[0].split() == ["0", "4", "2.5", "78.5", "50.636"]
    assert rows[-1].split()[0] == "30"
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert "application/vnd.jupyter.widget-view+json" in bundle
    assert "text/html" not in bundle


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rate", [1e-3, 0.1, 0.105, 1.0])
def test_a_picture_is_drawn_however_the_run_ends(rate):
    make(learning_rate=rate, n_steps=200)._repr_mimebundle_()


def test_an_authors_landscape_gets_a_playground():
    wells = landscapes.define("x**4 - 3*x**2 + x", domain=(-2, 2))
    playground = Playground(wells, start=1.5, learning_rate=0.05)
    assert playground.path.points[-1] == pytest.approx(wells.minima[1], abs=1e-3)
    described = playground._stage.scene
    assert described["formula"] == "x⁴ − 3 x² + x"
    assert described["minimum"] == pytest.approx(wells(wells.minima[0]))


@pytest.mark.parametrize(
    ("landscape", "start"),
    [
        (landscapes.saddle, (1, 0.5)),
        (landscapes.define("x**3 - 3*x", domain=(-3, 3)), 2.0),  # its minimum is not its lowest
    ],
)
def test_a_landscape_without_a_lowest_point_has_no_minimum(landscape, start):
    playground = Playground(landscape, start=start, learning_rate=0.1)
    assert playground._stage.scene["minimum"] is None


def test_a_line_brings_its_data_and_the_loss_as_a_formula():
    x, y = datasets.line(np.random.default_rng(0))
    playground = Playground(models.LinearRegression(x, y), start=(0, 0), learning_rate=0.1)
    described = playground._stage.scene
    assert described["kind"] == "line"
    assert described["data"]["x"] == x.tolist()
    low, high = described["data"]["yDomain"]
    assert low < y.min() < y.max() < high


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("sin(x) + 0.1*x**2", "sin(x) + 0.1 x²"),
        ("w1**2 + 10*w2**2", "w₁² + 10 w₂²"),
        ("(1 - w1)**2 + 100*(w2 - w1**2)**2", "(1 − w₁)² + 100 (w₂ − w₁²)²"),
        ("(w1**2 + kappa*w2**2)/2", "(w₁² + κ w₂²)/2"),
        ("exp(-x**10)", "exp(−x¹⁰)"),
    ],
)
def test_formulas_are_readable_in_plain_text(formula, text):
    assert scene.readable(formula) == text
