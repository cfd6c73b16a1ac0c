"""The update rules and schedules that a playground offers, by the names the ES module knows."""

import math

from helpers import checks, optimizers, schedules

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
"""The settings of each rule, with the values that its factory has."""

SCHEDULES = {
    "constant": ("constant", lambda rate, n: schedules.constant(rate)),
    "step_decay": (
        "step decay",
        lambda rate, n: schedules.step_decay(rate, drop=0.5, every=math.ceil(n / 4)),
    ),
    "exponential": ("exponential", lambda rate, n: schedules.exponential(rate)),
    "inverse_time": ("1/t", lambda rate, n: schedules.inverse_time(rate, decay=0.1)),
    "inverse_sqrt": ("1/√t", lambda rate, n: schedules.inverse_sqrt(rate)),
    "cosine": ("cosine", lambda rate, n: schedules.cosine(rate, n)),
    "warm_restarts": (
        "warm restarts",
        lambda rate, n: schedules.warm_restarts(rate, period=math.ceil(n / 4)),
    ),
    "warm_up": ("warm-up", lambda rate, n: schedules.warm_up(rate, math.ceil(n / 5))),
    "range_test": (
        "range test",
        lambda rate, n: schedules.range_test(rate, highest=1000 * rate, n_steps=n),
    ),
}
"""A label for readers, and the schedule of a run of n steps that starts at a rate."""


def chosen_settings(given: dict[str, float], names: list[str]) -> dict[str, dict[str, float]]:
    """The settings of each rule: its defaults, and what the author chose among them.

    >>> chosen_settings({"beta": 0.5}, ["plain", "momentum"])
    {'plain': {}, 'momentum': {'beta': 0.5}}
    """
    for key, value in given.items():
        checks.known("settings", key, {key for name in names for key in DEFAULTS[name]})
        checks.number(f"settings[{key!r}]", value)
    return {
        name: {key: given.get(key, value) for key, value in DEFAULTS[name].items()}
        for name in names
    }


def make_rule(name: str, rate, settings: dict[str, float], clip: float | None, hessian):
    """The update rule of that name; Newton's takes the Hessian.

    >>> make_rule("momentum", 0.1, {"beta": 0.5}, clip=10.0, hessian=None)
    momentum(learning_rate=0.1, beta=0.5, clip=10.0)
    """
    factory = getattr(optimizers, name)
    rule = factory(*([hessian] if name == "newton" else []), rate, **settings)
    return rule if clip is None else optimizers.clip(rule, clip)
