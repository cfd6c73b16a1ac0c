"""The commands: `make book` with nothing to do, and the book built from nothing."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import Row

ROOT = Path(__file__).resolve().parents[2]


def builds() -> list[Row]:
    """Time both."""
    return [unchanged(), cold()]


def unchanged() -> Row:
    """Time `make book` when nothing has changed."""
    seconds, output = timed(["make", "book"], ROOT)
    if "nothing has changed" not in output:
        seconds, output = timed(["make", "book"], ROOT)
    return Row("`make book`, nothing changed", f"{seconds:.1f} s", "<= 10 s", seconds <= 10)


def cold() -> Row:
    """Time a strict build with no cache, in a copy of the project."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        leave = shutil.ignore_patterns(".venv", ".git", "_build", "__pycache__", ".*_cache")
        shutil.copytree(ROOT, copy, ignore=leave)
        notebooks = len(list((copy / "book").glob("*.ipynb"))) + 1
        command = [sys.executable, "book/_tools/build.py"]
        seconds, _ = timed(command, copy, PYTHONPATH=str(copy / "src"))
    per_book = f"{seconds:.0f} s with {notebooks} executed pages"
    return Row("strict build from nothing", per_book, "<= 25 s with 8 notebooks",
               seconds <= 25 * max(1.0, notebooks / 8))  # fmt: skip


def timed(command: list[str], folder: Path, **environment: str) -> tuple[float, str]:
    """Run a command; return its seconds and what it said."""
    began = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    if done.returncode:
        raise RuntimeError(f"{command} failed:\n{done.stdout}")
    return time.perf_counter() - began, done.stdout
