"""The playground's JavaScript computes what Python computes."""

import json
import subprocess
from pathlib import Path as FilePath

import numpy as np
import pytest

from helpers import datasets, descend, landscapes, models
from helpers.landscapes import LANDSCAPES
from helpers.playground import Playground
from helpers.playground.rules import DEFAULTS, SCHEDULES
from helpers.playground.stage import Stage

RUNNER = FilePath(__file__).parent / "run_playground.mjs"
RATES = (0.003, 0.08, 1.7)


def run_in_javascript(node, cases):
    """Send the cases to the ES module and return its results."""
    process = subprocess.run(
        [node, str(RUNNER)], input=json.dumps(cases), capture_output=True, text=True, check=True
    )
    return json.loads(process.stdout)


def case(playground):
    """A playground's scene and traits, as the page has them."""
    stage = playground._stage
    traits = {name: getattr(stage, name) for name in Stage.class_own_traits(sync=True)}
    return {"scene": traits.pop("scene"), "traits": traits}


def agree(path, result, *, tolerance=1e-9):
    """Both runs have the same length, and every iterate agrees to the tolerance."""
    points = np.array(result["points"]).reshape(len(result["points"]), -1)
    mine = path.points.reshape(len(path.points), -1)
    assert mine.shape == points.shape
    scale = np.maximum(1.0, np.abs(mine))
    assert np.max(np.abs(points - mine) / scale) <= tolerance
    assert result["verdict"]["status"] == path.status
    assert result["verdict"]["step"] == path.status_step


def off_centre(landscape):
    """A start that lies on no axis of symmetry."""
    domain = np.atleast_2d(landscape.domain)
    point = domain @ [0.27, 0.73]
    point[-1] = domain[-1] @ [0.38, 0.62]
    return float(point[0]) if len(point) == 1 else point


@pytest.mark.parametrize("optimizer", DEFAULTS)
def test_every_landscape_and_rate_descends_alike(node, optimizer):
    playgrounds = [
        Playground(
            landscape,
            start=off_centre(landscape),
            learning_rate=rate,
            optimizer=optimizer,
            n_steps=40,
        )
        for landscape in LANDSCAPES.values()
        for rate in RATES
    ]
    results = run_in_javascript(node, [case(playground) for playground in playgrounds])
    for playground, result in zip(playgrounds, results, strict=True):
        if is_chaotic(playground):
            continue  # compared step by step below
        agree(playground.path, result)


def is_chaotic(playground):
    """Whether two starts a rounding error apart end measurably apart."""
    path = playground.path
    first = path.points[0]
    nudged = first + 1e-13 * np.maximum(1.0, np.abs(first))
    other = descend(playground.objective, nudged, playground.path.optimizer, playground.n_steps)
    if len(other.points) != len(path.points):
        return True
    gap = np.abs(other.points - path.points) / np.maximum(1.0, np.abs(path.points))
    return gap.max() > 1e-10


@pytest.mark.parametrize("name", LANDSCAPES)
def test_single_steps_agree_even_where_a_run_is_chaotic(node, name):
    landscape = LANDSCAPES[name]
    rng = np.random.default_rng(3)
    sides = np.atleast_2d(landscape.domain)
    starts = rng.uniform(sides[:, 0], sides[:, 1], (200, len(sides)))
    playground = Playground(landscape, start=off_centre(landscape), learning_rate=4.0)
    [result] = run_in_javascript(node, [case(playground) | {"from": starts.tolist()}])
    batch = starts[:, 0] if len(sides) == 1 else starts
    mine = descend(landscape, batch, 4.0, 1).points[-1]
    np.testing.assert_allclose(np.array(result).reshape(mine.shape), mine, rtol=1e-9, atol=1e-9)


def test_clipped_gradients_descend_alike(node):
    playground = Playground(
        LANDSCAPES["rosenbrock"], start=(-1.5, 2), learning_rate=0.001, clip=10, n_steps=5000
    )
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)


@pytest.mark.parametrize("half", [False, True])
def test_a_fitted_line_descends_alike(node, half):
    x, y = datasets.line(np.random.default_rng(1))
    line = models.LinearRegression(x, y, half=half)
    playground = Playground(line, start=(0, 0), learning_rate=0.05, n_steps=100)
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)
    errors = np.array(result["points"]) @ [x, np.ones_like(x)] - y
    losses = np.mean(errors**2, axis=1) / (2 if half else 1)
    np.testing.assert_allclose(result["values"], losses, rtol=1e-12)


def test_the_limit_is_two_over_the_largest_curvature(node):
    valley, rosenbrock = LANDSCAPES["valley"], LANDSCAPES["rosenbrock"]
    playgrounds = [
        Playground(valley, start=(4, 2.5), learning_rate=0.09),
        Playground(valley, start=(4, 2.5), learning_rate=0.09, optimizer="momentum"),
        Playground(rosenbrock, start=(0, 0), learning_rate=0.001),
    ]
    results = run_in_javascript(node, [case(playground) for playground in playgrounds])
    plain, momentum, none = (result["rates"] for result in results)
    assert plain == pytest.approx({"limit": 2 / 20, "best": 2 / 22})
    assert momentum == pytest.approx({"limit": 2 * 1.9 / 20, "best": None})
    assert none == {"limit": None, "best": None}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_schedule_descends_alike(node, schedule):
    for n_steps in (1, 7, 50):
        playground = Playground(
            LANDSCAPES["valley"],
            start=(4, 2.5),
            learning_rate=0.04,
            schedules=[schedule],
            n_steps=n_steps,
        )
        [result] = run_in_javascript(node, [case(playground)])
        agree(playground.path, result)


@pytest.mark.parametrize("batch_size", [1, 32, 64, 200])
@pytest.mark.parametrize("shuffle", [False, True])
def test_every_batch_size_draws_the_same_batches(node, batch_size, shuffle):
    line = models.LinearRegression(*datasets.regression_42(), half=True)
    playground = Playground(
        line, start=(0, 0), learning_rate=0.05, batch_size=batch_size, n_steps=700, max_steps=700
    )
    playground._stage.shuffle = shuffle
    playground._stage.seed = 7
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)


def test_a_stochastic_run_that_soars_has_diverged_in_both_languages(node):
    line = models.LinearRegression(*datasets.regression_42(), half=True)
    playground = Playground(line, start=(0, 0), learning_rate=1.6, batch_size=1, n_steps=200)
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)
    assert playground.path.status == "diverged"
    assert result["rates"] == {"limit": None, "best": None}


@pytest.mark.parametrize("kappa", [1.0, 5.0, 37.6, 100.0])
def test_every_kappa_descends_alike(node, kappa):
    playground = Playground(
        landscapes.stretched_bowl, kappa=kappa, start=(4, 2.5), learning_rate=0.015
    )
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)
    assert result["rates"]["limit"] == pytest.approx(2 / kappa)


def test_random_restarts_start_and_end_alike(node):
    ripple = LANDSCAPES["ripple"]
    playground = Playground(ripple, start=-9, learning_rate=0.1, n_steps=200, restarts=0.6)
    [result] = run_in_javascript(node, [case(playground)])
    starts = np.random.RandomState(7).uniform(-10, 10, 20)
    ends = descend(ripple, starts, 0.1, 200).points[-1]
    drawn = result["restarts"]["ends"]
    np.testing.assert_allclose([one["start"][0] for one in drawn], starts, rtol=1e-15)
    np.testing.assert_allclose([one["end"][0] for one in drawn], ends, rtol=1e-9)
    assert result["restarts"]["found"] == np.sum(ends < 0)


def test_a_nudge_moves_the_last_coordinate(node):
    playground = Playground(
        LANDSCAPES["hills"], start=(2.0, 2.0), learning_rate=0.1, n_steps=150, nudge=0.001
    )
    assert playground.path.points[-1] == pytest.approx([np.pi, np.pi], abs=1e-3)
    playground._stage.nudge = True
    [result] = run_in_javascript(node, [case(playground)])
    agree(playground.path, result)
    assert result["critical"] == "minimum"


@pytest.mark.parametrize(
    ("name", "start", "kind"),
    [
        ("ripple", 9.0, "minimum"),
        ("triple_well", 1.0, "maximum"),
        ("hills", (2.0, 2.0), "saddle point"),
        ("saddle", (1.0, 0.0), "saddle point"),
    ],
)
def test_critical_points_are_told_apart(node, name, start, kind):
    playground = Playground(LANDSCAPES[name], start=start, learning_rate=0.05, n_steps=200)
    [result] = run_in_javascript(node, [case(playground)])
    assert result["critical"] == kind


@pytest.mark.parametrize("optimizer", DEFAULTS)
def test_the_copied_python_reproduces_the_run(node, optimizer):
    chosen = {setting: 0.5 * value for setting, value in DEFAULTS[optimizer].items()}
    for name in ("ripple", "bumpy_bowl"):
        landscape = LANDSCAPES[name]
        playground = Playground(
            landscape,
            start=off_centre(landscape),
            learning_rate=0.05,
            optimizer=optimizer,
            settings=chosen,
            clip=2.0,
        )
        [result] = run_in_javascript(node, [case(playground)])
        assert_copy_is_the_run(result, playground)


def test_the_copied_python_holds_schedules_batches_and_kappa(node):
    data = "*datasets.regression_42()"
    line = models.LinearRegression(*datasets.regression_42())
    playgrounds = [
        Playground(
            line,
            start=(0, 0),
            learning_rate=0.05,
            batch_size=32,
            source=f"models.LinearRegression({data})",
        ),
        Playground(landscapes.stretched_bowl, kappa=20, start=(4, 2.5), learning_rate=0.05),
        *(
            Playground(LANDSCAPES["valley"], start=(4, 2), learning_rate=0.04, schedules=[key])
            for key in SCHEDULES
        ),
    ]
    playgrounds[0]._stage.shuffle = False
    results = run_in_javascript(node, [case(playground) for playground in playgrounds])
    for playground, result in zip(playgrounds, results, strict=True):
        assert_copy_is_the_run(result, playground)


def assert_copy_is_the_run(result, playground):
    """Running the copied lines gives the playground's own path, in both languages."""
    scope = {"print": lambda path: None}
    exec(result["python"], scope)
    agree(scope["path"], result)
    np.testing.assert_array_equal(scope["path"].points, playground.path.points)
