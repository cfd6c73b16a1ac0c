"""Python alone: a million steps on the ripple, and ten thousand starts at once."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
from report import Row, installed, median

from helpers import descend, landscapes

STEPS, START = 1_000_000, 10.0
RATES = {0.06: "it settles in a minimum", 4.0: "it never settles"}
BATCH, BATCH_STEPS, BATCH_RATE = (10_000, 2), 1_000, 0.1
TORCH_STEPS = 20_000
ROUNDS = 5


def million_steps() -> list[Row]:
    """Compare our descent with loops that people write, and with compiled ones."""
    return [row for rate, fate in RATES.items() for row in _million_steps(rate, fate)]


def _million_steps(rate: float, fate: str) -> list[Row]:
    runs: dict[str, Callable[[], Any]] = {
        "ours": lambda: descend(landscapes.ripple, START, rate, STEPS).points,
        "NumPy scalars in a loop": lambda: numpy_scalars(rate),
    }
    if installed("numba") != "not installed":
        runs["numba"] = numba_loop(rate)
    if installed("optax") != "not installed":
        runs["optax, jitted scan"] = optax_scan(rate)
    seconds = alternate(runs, ROUNDS)
    if installed("torch") != "not installed":
        seconds["torch.optim.SGD, gradient given"] = torch_steps(rate) * STEPS / TORCH_STEPS
    ours = seconds["ours"]
    targets = {
        "NumPy scalars in a loop": (">= 2.5", 2.5),
        "numba": (">= 1/6", 1 / 6),
        "torch.optim.SGD, gradient given": (">= 200", 200),
        "optax, jitted scan": ("", None),
    }
    measured = f"{ours:.3f} s, {1e9 * ours / STEPS:.0f} ns a step"
    rows = [Row(f"η = {rate}, {fate}: ours, all points kept", measured)]
    for name, (target, least) in targets.items():
        wanted = target and f"{target} times ours"
        if name not in seconds:
            rows.append(Row(f"η = {rate}: {name}", "not installed", wanted))
            continue
        ratio = seconds[name] / ours
        kept = None if least is None else ratio >= least
        measured = f"{seconds[name]:.3f} s, {ratio:.2f} times ours"
        rows.append(Row(f"η = {rate}: {name}", measured, wanted, kept))
    return rows


def ten_thousand_starts() -> list[Row]:
    """Compare a batch with NumPy written by hand for it."""
    rows = []
    for landscape, gradient, rate in (
        (landscapes.ripple_2d, lambda p: np.cos(p) + 0.2 * p, BATCH_RATE),
        (landscapes.bowl, lambda p: p * np.array([2.0, 10.0]), 0.08),
        (landscapes.rosenbrock, rosenbrock_gradient, 1e-4),
    ):
        starts = np.random.default_rng(0).uniform(-1, 1, BATCH)

        def ours(landscape=landscape, rate=rate, starts=starts):
            return descend(landscape, starts, rate, BATCH_STEPS, keep="ends").points[-1]

        def by_hand(gradient=gradient, rate=rate, starts=starts):
            points = starts.copy()
            for _ in range(BATCH_STEPS):
                points -= rate * gradient(points)
            return points

        np.testing.assert_allclose(ours(), by_hand(), rtol=1e-9, atol=1e-12)
        seconds = alternate({"ours": ours, "hand": by_hand}, ROUNDS)
        ratio = seconds["ours"] / seconds["hand"]
        rows.append(
            Row(
                f"{landscape.name}: final points",
                f"{seconds['ours']:.3f} s beside {seconds['hand']:.3f} s by hand: {ratio:.2f}",
                "<= 1 (5 % of noise allowed)",
                ratio <= 1.05,
            )
        )
    return rows


def alternate(runs: dict[str, Callable[[], Any]], rounds: int) -> dict[str, float]:
    """Run each by turns; return the median seconds of each after a first round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(rounds + 1):
        for name, run in runs.items():
            began = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - began)
    return {name: median(values[1:]) for name, values in seconds.items()}


def numpy_scalars(rate: float) -> np.ndarray:
    """The loop as most notebooks have it."""
    x = np.float64(START)
    path = [x]
    for _ in range(STEPS):
        x = x - rate * (np.cos(x) + 0.2 * x)
        path.append(x)
    return np.array(path)


def rosenbrock_gradient(p: np.ndarray) -> np.ndarray:
    """Rosenbrock's gradient for points of shape (m, 2)."""
    x, y = p[:, 0], p[:, 1]
    away = y - x**2
    return np.stack([-2 * (1 - x) - 400 * x * away, 200 * away], axis=-1)


def numba_loop(rate: float) -> Callable[[], Any]:
    """The loop compiled by numba."""
    import math

    import numba

    @numba.njit
    def run(x, n):
        path = np.empty(n + 1)
        path[0] = x
        for k in range(n):
            x -= rate * (math.cos(x) + 0.2 * x)
            path[k + 1] = x
        return path

    return lambda: run(START, STEPS)


def optax_scan(rate: float) -> Callable[[], Any]:
    """The loop as a jitted scan over optax.sgd."""
    import jax
    import jax.numpy as jnp
    import optax

    rule = optax.sgd(rate)

    def step(carry, _):
        x, state = carry
        updates, state = rule.update(jnp.cos(x) + 0.2 * x, state)
        x = optax.apply_updates(x, updates)
        return (x, state), x

    @jax.jit
    def run(x):
        return jax.lax.scan(step, (x, rule.init(x)), None, length=STEPS)[1]

    return lambda: run(jnp.asarray(START)).block_until_ready()


def torch_steps(rate: float) -> float:
    """Return the seconds of TORCH_STEPS steps of torch.optim.SGD with a given gradient."""
    import torch

    x = torch.tensor([START], dtype=torch.float64, requires_grad=True)
    rule = torch.optim.SGD([x], lr=rate)
    path = np.empty(TORCH_STEPS + 1)
    began = time.perf_counter()
    for k in range(TORCH_STEPS):
        with torch.no_grad():
            x.grad = torch.cos(x) + 0.2 * x
        rule.step()
        path[k + 1] = x.item()
    return time.perf_counter() - began
