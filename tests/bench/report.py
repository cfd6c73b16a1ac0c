"""What was measured: one row a promise, printed at once and written as Markdown in the end."""

import os
import platform
import sys
from dataclasses import dataclass, field
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = [
    "numpy",
    "sympy",
    "matplotlib",
    "ipywidgets",
    "anywidget",
    "jupyterlab",
    "jupyter-book",
    "Sphinx",
    "numba",
    "torch",
    "optax",
]


@dataclass(frozen=True)
class Row:
    """One measurement: what, how much, what was promised, and what it stands beside."""

    what: str
    measured: str
    target: str = ""
    kept: bool | None = None

    @property
    def mark(self) -> str:
        """Return whether the promise is kept, in a word."""
        return {True: "yes", False: "**no**", None: ""}[self.kept]


@dataclass
class Report:
    """The rows so far, group by group."""

    groups: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, group: str, rows: list[Row]) -> None:
        """Print the rows of a group and keep them."""
        print(f"\n{group}")
        for row in rows:
            target = f"   [{row.target}] {row.mark}" if row.target else ""
            print(f"  {row.what}: {row.measured}{target}", flush=True)
        self.groups[group] = rows

    def write(self, browser: str) -> None:
        """Write RESULTS.md."""
        lines = [
            "# What `make bench` measured",
            "",
            f"{date.today()}; {machine()}; Python {platform.python_version()}, {browser}; "
            + ", ".join(f"{name} {installed(name)}" for name in PACKAGES)
            + ".",
            "",
            "Times depend on the machine; what is beside each other was measured in one run, "
            "by turns. Medians and 95th percentiles (p95) in milliseconds unless said otherwise.",
        ]
        for group, rows in self.groups.items():
            lines += [
                "",
                f"## {group}",
                "",
                "| what | measured | target | kept |",
                "|---|---|---|---|",
            ]
            lines += [f"| {r.what} | {r.measured} | {r.target} | {r.mark} |" for r in rows]
        RESULTS.write_text("\n".join(lines) + "\n", "utf8")


def machine() -> str:
    """Return the class of machine, and how busy it was when the measurements began."""
    busy = f", load {os.getloadavg()[0]:.1f} at the end" if hasattr(os, "getloadavg") else ""
    return f"{os.cpu_count()} cores, no GPU, {sys.platform}{busy}"


def installed(name: str) -> str:
    """Return the version of a package, or that there is none."""
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def median(values: list[float]) -> float:
    """Return the median."""
    return float(np.median(values))


def p95(values: list[float]) -> float:
    """Return the value that 95 of 100 do not exceed."""
    return float(np.percentile(values, 95))


def both(values: list[float]) -> str:
    """Return median and p95 as they stand in the table."""
    return f"{median(values):.1f} / {p95(values):.1f}"
