import dataclasses

import numpy as np
import pytest

from helpers import descend, landscapes, optimizers
from helpers.paths import TOLERANCE, verdict, words
from helpers.verdicts import verdict_from_ends


def of_run(points, values=None, norms=None, n_steps=None):
    """The verdict on a run given by its points alone: the parabola's, where nothing is said."""
    points = np.asarray(points, float)
    values = points**2 if values is None else values
    norms = np.full(len(points), 1.0) if norms is None else norms
    return verdict(points, values, norms, len(points) - 1 if n_steps is None else n_steps)


def test_a_run_with_fewer_steps_than_asked_for_diverged_at_its_last():
    assert of_run([1, 2, 4], n_steps=10) == ("diverged", 2)
    assert of_run([1], n_steps=10) == ("diverged", 0)
    assert of_run([1, 0.5], norms=[1, 0], n_steps=10) == ("diverged", 1)


def test_a_run_converged_at_the_step_from_which_on_it_is_flat():
    t = TOLERANCE
    assert of_run([5, 4, 3, 2], norms=[9, 1, t, t]) == ("converged", 2)
    assert of_run([5, 4, 3, 2], norms=[9, t / 2, 2 * t, t]) == ("converged", 3)
    assert of_run([5, 4], norms=[t, 0]) == ("converged", 0)
    assert of_run([5], norms=[0]) == ("converged", 0)
    assert of_run([5, 4, 3, 2], norms=[9, 1, t, 1.001 * t]) == ("running", None)


def test_flat_at_the_end_is_converged_however_high():
    assert of_run([0, 1, 2, 3, 4], norms=[1, 1, 1, 1, 0]) == ("converged", 4)


def test_a_run_that_only_rises_diverged_when_it_passed_its_start():
    assert of_run([1, 2, 3, 4]) == ("diverged", 1)
    assert of_run([5, 4, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]) == ("diverged", 5)
    assert of_run([5, 1, 6, 2, *range(3, 14)]) == ("diverged", 7)


def test_rising_for_fewer_than_ten_steps_is_not_yet_diverging():
    assert of_run([5, 4, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])[0] != "diverged"
    assert of_run([1, 2, 3])[0] != "diverged"
    assert of_run([1, 2, 3, 3])[0] != "diverged"
    assert of_run([9, 1, 2, 3, 4, 5, 6, 7, 8, 8.5, 8.6, 8.7])[0] != "diverged"


def test_a_run_that_soars_unsteadily_has_diverged():
    soaring = [1, -2, 30, -25, 400, -380, 5000, -4000, 60000, -50000]
    assert of_run(soaring) == ("diverged", 1)
    assert of_run([*soaring[:-1], 2]) == ("circling", None)  # it came back


def test_a_short_run_circles_when_it_has_not_come_down():
    assert of_run([5, -5]) == ("circling", None)
    assert of_run([5, -6, 5.5, 5.2]) == ("circling", None)
    assert of_run([5, -4]) == ("running", None)
    assert of_run([5]) == ("running", None)


def test_going_to_and_fro_without_settling_is_circling():
    assert of_run([5, -5] * 20) == ("circling", None)
    assert of_run([3, 1, -2, 0.5] * 12) == ("circling", None)


def test_going_to_and_fro_and_settling_is_running():
    assert of_run([5 * (-0.9) ** k for k in range(40)]) == ("running", None)


def test_settling_takes_both_the_highest_and_the_lowest_value():
    quieter = [1 + (-1) ** k * 0.9**k for k in range(40)]
    constant, falling = np.ones(20), np.linspace(1, 0, 20)
    for low, high, expected in [
        (constant, constant, "circling"),
        (constant, falling, "circling"),
        (falling, constant, "circling"),
        (falling, falling, "running"),
    ]:
        values = np.stack([low, 5 + high], axis=1).ravel()
        assert of_run(quieter, values=values) == (expected, None)


def test_a_steady_walk_is_running_even_uphill():
    assert of_run(np.linspace(10, 5, 40)) == ("running", None)
    zigzag = [(k, (-1) ** k) for k in range(40)]
    values = -np.arange(40.0)
    assert of_run(zigzag, values=values) == ("running", None)


def test_round_and_round_in_two_dimensions_is_circling():
    turn = np.arange(80) * 2 * np.pi / 10
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1)
    assert of_run(ring, values=[1, 2] * 40) == ("circling", None)


def test_points_near_the_end_of_the_floats_are_judged_without_a_warning():
    assert of_run([1.7e308, -1.7e308] * 10, values=[1.7e308, -1.7e308] * 10)[0] == "circling"


KNOWN = [
    ("parabola", -5, 0.001, 20, ("running", None)),
    ("parabola", -5, 0.1, 50, ("converged", 42)),
    ("parabola", -5, 0.5, 50, ("converged", 1)),
    ("parabola", -5, 0.95, 30, ("running", None)),
    ("parabola", -5, 1.0, 50, ("circling", None)),
    ("parabola", -5, 1.01, 50, ("diverged", 1)),
    ("ripple", -10, 0.01, 100, ("running", None)),
    ("ripple", 10, 4.0, 1000, ("circling", None)),
    ("valley", (4, 2.5), 0.005, 50, ("running", None)),
    ("valley", (4, 2.5), 0.09, 50, ("converged", 50)),
    ("valley", (4, 2.5), 0.1, 50, ("circling", None)),
    ("valley", (4, 2.5), 0.105, 50, ("diverged", 1)),
    ("saddle", (1.0, 0.1), 0.1, 100, ("running", None)),
]


@pytest.mark.parametrize(("name", "start", "rate", "n", "expected"), KNOWN)
def test_runs_of_the_book_are_judged_as_they_look(name, start, rate, n, expected):
    path = descend(getattr(landscapes, name), start, rate, n)
    assert (path.status, path.status_step) == expected


def test_the_verdict_from_the_ends_knows_what_two_points_tell():
    assert verdict_from_ends([4, 1], [2, 1], 10, 10) == ("running", None)
    assert verdict_from_ends([4, 5], [2, 1], 10, 10) == ("running", None)
    assert verdict_from_ends([4, 4001], [2, 1], 10, 10) == ("diverged", None)
    assert verdict_from_ends([0.1, 1001], [2, 1], 10, 10) == ("diverged", None)
    assert verdict_from_ends([0.1, 999], [2, 1], 10, 10) == ("running", None)
    assert verdict_from_ends([4, 1], [2, TOLERANCE], 10, 10) == ("converged", None)
    assert verdict_from_ends([4, 1], [2, TOLERANCE], 9, 10) == ("diverged", 9)


@pytest.mark.parametrize(
    ("status", "step", "expected"),
    [
        ("converged", 3, "converged at step 3"),
        ("converged", None, "converged"),
        ("diverged", 1, "diverged at step 1"),
        ("running", None, "still descending"),
        ("circling", None, "circling: the loss no longer falls"),
        ("stopped", 7, "stopped at step 7"),
    ],
)
def test_words_say_how_it_ended(status, step, expected):
    assert words(status, step) == expected


def test_a_path_prints_itself_in_one_line():
    path = descend(landscapes.parabola, -5, 0.1, 50)
    assert (
        str(path)
        == repr(path)
        == (
            "plain(learning_rate=0.1), 50 steps: from -5, value 25, to -7.13624e-05, "
            "value 5.09259e-09; converged at step 42"
        )
    )
    path = descend(landscapes.bowl, (4, 2.5), optimizers.momentum(0.01), 2)
    assert str(path) == (
        "momentum(learning_rate=0.01, beta=0.9), 2 steps: from (4, 2.5), value 47.25, "
        "to (3.7696, 1.8), value 30.4099; still descending"
    )


def test_a_batch_prints_how_many_ended_how():
    path = descend(landscapes.triple_well, [0.5, 2.0, 9.0], 0.1, 50)
    assert str(path) == ("plain(learning_rate=0.1), 3 starts, 50 steps: 2 converged, 1 diverged")


def test_a_batch_has_a_status_for_each_start():
    path = descend(landscapes.parabola, [-5.0, 1.0, 0.0], 1.0, 10)
    assert path.status.tolist() == ["circling", "circling", "converged"]
    assert path.status_step.tolist() == [None, None, 0]


def test_gradient_norms_are_lengths():
    path = descend(landscapes.bowl, (4, 2.5), 0.01, 3)
    np.testing.assert_allclose(
        path.gradient_norms, np.linalg.norm(landscapes.bowl.gradient(path.points), axis=1)
    )
    path = descend(landscapes.parabola, 5, 1.0, 3)
    assert path.gradient_norms.tolist() == [10, 10, 10, 10]


def test_a_path_cannot_be_given_other_points():
    path = descend(landscapes.parabola, 5, 0.1, 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        path.points = np.zeros(4)
