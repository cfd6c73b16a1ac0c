"""Trajectories of torch.optim in float64, stored so that the tests need no torch.

Run it where torch is installed:

    python tests/reference/make_torch_trajectories.py             writes the JSON file anew
    python tests/reference/make_torch_trajectories.py --compare   compares it with this torch

The objectives are written out here and differentiated by torch itself, so that nothing of the
course's own code takes part.
"""

import json
import re
import sys
from pathlib import Path

FILE = Path(__file__).with_name("torch_trajectories.json")
KEPT = (1, 2, 5, 10, 25, 50)  # the steps whose points are stored
TOLERANCE = 1e-12  # between two versions of torch, relative


def objectives(torch) -> dict:
    """Return name -> (function of a point, start)."""
    return {
        "bowl": (lambda p: p[0] ** 2 + 5 * p[1] ** 2, (4.0, 2.5)),
        "ripple_2d": (lambda p: torch.sin(p).sum() + 0.1 * (p**2).sum(), (-5.0, 4.0)),
        "rosenbrock": (lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2, (-1.5, 2.0)),
    }


def rules(torch) -> dict:
    """Return name -> (optimizer of a parameter list, schedule of that optimizer or None, clip)."""
    optim, schedule = torch.optim, torch.optim.lr_scheduler
    return {
        "plain": (lambda p: optim.SGD(p, 1e-3), None, None),
        "momentum": (lambda p: optim.SGD(p, 1e-3, momentum=0.9), None, None),
        "nesterov": (lambda p: optim.SGD(p, 1e-3, momentum=0.9, nesterov=True), None, None),
        "adagrad": (lambda p: optim.Adagrad(p, 0.5), None, None),
        "adagrad, eps 0.1": (lambda p: optim.Adagrad(p, 0.5, eps=0.1), None, None),
        "rmsprop": (lambda p: optim.RMSprop(p, 0.01), None, None),
        "rmsprop, decay 0.9, eps 0.1": (
            lambda p: optim.RMSprop(p, 0.01, alpha=0.9, eps=0.1),
            None,
            None,
        ),
        "adam": (lambda p: optim.Adam(p, 0.1), None, None),
        "adam, betas 0.5 and 0.9, eps 0.1": (
            lambda p: optim.Adam(p, 0.1, betas=(0.5, 0.9), eps=0.1),
            None,
            None,
        ),
        "adamw": (lambda p: optim.AdamW(p, 0.1), None, None),
        "adamw, weight decay 0.5": (lambda p: optim.AdamW(p, 0.1, weight_decay=0.5), None, None),
        "plain, clipped at 10": (lambda p: optim.SGD(p, 1e-3), None, 10.0),
        "plain, step decay": (
            lambda p: optim.SGD(p, 1e-3),
            lambda o: schedule.StepLR(o, step_size=10, gamma=0.5),
            None,
        ),
        "momentum, exponential": (
            lambda p: optim.SGD(p, 1e-3, momentum=0.9),
            lambda o: schedule.ExponentialLR(o, gamma=0.96),
            None,
        ),
        "adam, cosine": (
            lambda p: optim.Adam(p, 0.1),
            lambda o: schedule.CosineAnnealingLR(o, T_max=50),
            None,
        ),
        "adagrad, warm restarts": (
            lambda p: optim.Adagrad(p, 0.5),
            lambda o: schedule.CosineAnnealingWarmRestarts(o, T_0=5, T_mult=2),
            None,
        ),
    }


def trajectories() -> dict:
    """Return {"torch": version, "steps": KEPT, "points": {objective: {rule: points}}}."""
    import torch

    points = {
        name: {
            rule: _trajectory(torch, function, start, *parts)
            for rule, parts in rules(torch).items()
        }
        for name, (function, start) in objectives(torch).items()
    }
    return {"torch": torch.__version__, "steps": list(KEPT), "points": points}


def _trajectory(torch, function, start, optimizer, schedule, clip) -> list:
    point = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    rule = optimizer([point])
    rates = schedule(rule) if schedule else None
    kept = []
    for step in range(1, KEPT[-1] + 1):
        rule.zero_grad()
        function(point).backward()
        if clip:
            torch.nn.utils.clip_grad_value_([point], clip)
        rule.step()
        if rates:
            rates.step()
        if step in KEPT:
            kept.append(point.tolist())
    return kept


def differences(stored: dict, made: dict) -> list[str]:
    """Return a line for each trajectory that differs by more than TOLERANCE, or is missing."""
    found = []
    for objective, by_rule in made["points"].items():
        for rule, points in by_rule.items():
            pairs = zip(
                _flat(stored["points"].get(objective, {}).get(rule)), _flat(points), strict=False
            )
            worst = max((abs(a - b) / max(1, abs(b)) for a, b in pairs), default=float("inf"))
            if not worst <= TOLERANCE:
                found.append(f"{objective}, {rule}: differ by {worst:.1e}")
    return found


def _flat(points: list | None) -> list[float]:
    return [coordinate for point in points or [] for coordinate in point]


if __name__ == "__main__":
    made = trajectories()
    if "--compare" in sys.argv[1:]:
        stored = json.loads(FILE.read_text())
        wrong = differences(stored, made)
        print(f"stored by torch {stored['torch']}, compared with torch {made['torch']}")
        sys.exit("\n".join(wrong) or None)
    text = json.dumps(made, indent=1)
    text = re.sub(r"\[([^][]*)\]", lambda match: f"[{' '.join(match[1].split())}]", text)
    FILE.write_text(text + "\n")  # a line for each point
