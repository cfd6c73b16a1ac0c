import numpy as np
import pytest

from helpers import optimizers, schedules
from helpers.playground import rules

EVERY = {
    "constant": schedules.constant(0.1),
    "step_decay": schedules.step_decay(0.1, drop=0.5, every=10),
    "exponential": schedules.exponential(0.1),
    "inverse_time": schedules.inverse_time(0.1, decay=0.5),
    "inverse_sqrt": schedules.inverse_sqrt(0.1),
    "cosine": schedules.cosine(0.1, n_steps=50),
    "warm_restarts": schedules.warm_restarts(0.1, period=7),
    "warm_restarts, growing": schedules.warm_restarts(0.1, period=3, factor=2),
    "warm_up": schedules.warm_up(schedules.cosine(0.1, n_steps=50), n_steps=5),
}


@pytest.mark.parametrize("schedule", EVERY.values(), ids=EVERY)
def test_an_array_of_steps_gives_what_single_steps_give(schedule):
    steps = np.arange(200)
    np.testing.assert_allclose(schedule(steps), [schedule(int(t)) for t in steps], rtol=1e-13)


@pytest.mark.parametrize("schedule", EVERY.values(), ids=EVERY)
def test_rates_stay_between_zero_and_the_first(schedule):
    rates = schedule(np.arange(1000))
    assert (rates >= 0).all() and rates.max() <= 0.1


@pytest.mark.parametrize("schedule", EVERY.values(), ids=EVERY)
def test_a_schedule_is_shown_as_the_python_that_makes_it(schedule):
    again = eval(repr(schedule), vars(schedules))
    assert again(13) == schedule(13) and repr(again) == repr(schedule)


@pytest.mark.parametrize("epoch", [0, 49, 50, 79, 80, 100])
def test_a_tenfold_fall_comes_at_its_epochs(epoch):
    assert schedules.step_decay(0.1, drop=0.1, every=50)(epoch) == pytest.approx(
        0.1 if epoch < 50 else 0.01 if epoch < 100 else 0.001
    )


def test_cosine_is_half_way_in_the_middle_and_zero_at_the_end_and_after():
    rates = schedules.cosine(0.2, n_steps=8)(np.array([0, 4, 8, 9]))
    np.testing.assert_allclose(rates, [0.2, 0.1, 0, 0], atol=1e-17)


def test_each_warm_restart_is_a_cosine_as_long_as_its_period():
    rates = schedules.warm_restarts(0.1, period=3, factor=2)(np.arange(3 + 6 + 12))
    for first, length in ((0, 3), (3, 6), (9, 12)):
        expected = schedules.cosine(0.1, n_steps=length)(np.arange(length))
        np.testing.assert_allclose(rates[first : first + length], expected, rtol=1e-12)


def test_restarts_come_on_time_even_after_many_periods():
    schedule = schedules.warm_restarts(0.1, period=1, factor=3)
    starts = (3 ** np.arange(30) - 1) // 2
    np.testing.assert_allclose(schedule(starts), 0.1, rtol=1e-12)


def test_warm_up_rises_to_the_schedule_and_then_follows_it():
    schedule = schedules.warm_up(schedules.exponential(0.1, decay=0.5), n_steps=4)
    expected = [0.025, 0.05, 0.075, 0.1, 0.1, 0.05, 0.025]
    np.testing.assert_allclose(schedule(np.arange(7)), expected)


def test_a_range_test_grows_by_one_factor_from_the_lowest_to_the_highest():
    rates = schedules.range_test(0.001, highest=1, n_steps=7)(np.arange(7))
    assert (rates[0], rates[-1]) == (0.001, 1)
    np.testing.assert_allclose(rates[1:] / rates[:-1], 10**0.5, rtol=1e-12)


@pytest.mark.parametrize("name", rules.SCHEDULES)
def test_every_schedule_of_the_playgrounds_menu_can_be_made(name):
    label, make = rules.SCHEDULES[name]
    rates = [make(0.01, 40)(step) for step in range(40)]
    assert label and np.isfinite(rates).all() and min(rates) > 0


def test_inverse_schedules_follow_their_formulas():
    t = np.arange(5)
    np.testing.assert_allclose(schedules.inverse_time(0.3, decay=2.0)(t), 0.3 / (1 + 2 * t))
    np.testing.assert_allclose(schedules.inverse_sqrt(0.3)(t), 0.3 / np.sqrt(t + 1))


@pytest.mark.parametrize(
    ("make", "complaint"),
    [
        (lambda: schedules.constant(0), "learning_rate must be a finite number > 0, not 0"),
        (lambda: schedules.of("fast"), "learning_rate must be a finite number > 0, not 'fast'"),
        (lambda: schedules.exponential(-1), "rate must be a finite number > 0, not -1"),
        (lambda: schedules.exponential(0.1, decay=1.1), "decay must be a finite number > 0 and"),
        (lambda: schedules.step_decay(0.1, 0, 5), "drop must be a finite number > 0 and <= 1"),
        (lambda: schedules.step_decay(0.1, 0.5, 0), "every must be a whole number >= 1, not 0"),
        (lambda: schedules.inverse_time(0.1, -1), "decay must be a finite number >= 0, not -1"),
        (lambda: schedules.inverse_sqrt(float("nan")), "rate must be a finite number > 0"),
        (lambda: schedules.cosine(0.1, 2.5), "n_steps must be a whole number >= 1, not 2.5"),
        (lambda: schedules.warm_restarts(0.1, 0), "period must be a whole number >= 1, not 0"),
        (lambda: schedules.warm_restarts(0.1, 5, 0), "factor must be a whole number >= 1"),
        (lambda: schedules.range_test(0.1, 0.1, 5), "highest must be a finite number > 0.1"),
        (lambda: schedules.warm_up(0.1, 0), "n_steps must be a whole number >= 1, not 0"),
    ],
)
def test_a_schedule_refuses_what_makes_no_sense(make, complaint):
    with pytest.raises(ValueError, match=complaint):
        make()


def test_a_rule_follows_its_schedule():
    rule = optimizers.plain(schedules.step_decay(0.1, drop=0.5, every=2))
    state, steps = rule.init(0.0), []
    for _ in range(5):
        step, state = rule.update(1.0, state, 0.0)
        steps.append(step)
    assert steps == [-0.1, -0.1, -0.05, -0.05, -0.025]
