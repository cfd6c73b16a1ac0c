"""JupyterLab with a live kernel: a playground beside ipywidgets' interact with matplotlib."""

import tempfile
from pathlib import Path
from typing import Any

from in_page import FRAME
from keys import WATCH, latencies, own_work, repeat
from report import Row, both, median, p95

from tools.lab import Notebook, jupyterlab

OURS = """\
from helpers import landscapes
from helpers.playground import Playground
Playground(landscapes.{name}, start={start}, learning_rate={rate}, n_steps=50)"""
USUAL = """\
%matplotlib inline
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import FloatLogSlider, interact

@interact(learning_rate=FloatLogSlider({rate}, min=-3, max=0, step=0.02))
def show(learning_rate):
    points = [np.array({start}, float)]
    for _ in range(50):
        points.append(points[-1] - learning_rate * gradient(points[-1]))
    points = np.array(points)
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
    {draw}
    right.semilogy(value(points))
    plt.show()"""
DRAW = {
    "parabola": "x = np.linspace(-6, 6, 200); left.plot(x, value(x)); "
    "left.plot(points, value(points), 'o-')",
    "valley": "x, y = np.meshgrid(np.linspace(-5, 5, 120), np.linspace(-3, 3, 120)); "
    "left.contour(x, y, value(np.stack([x, y], -1)), 15); left.plot(*points.T, 'o-')",
}
FORMULAS = {
    "parabola": "value = lambda x: x**2\ngradient = lambda x: 2 * x\n",
    "valley": "value = lambda p: p[..., 0]**2 + 10 * p[..., 1]**2\n"
    "gradient = lambda p: np.array([2 * p[0], 20 * p[1]])\n",
}
SETTINGS = {
    "parabola": {"name": "parabola", "start": -5, "rate": 0.1},
    "valley": {"name": "valley", "start": (4, 2.5), "rate": 0.06},
}
DIMENSIONS = {"parabola": "1-D", "valley": "2-D"}


def moved(browser: Any) -> list[Row]:
    """Measure both ways of showing the same descent, in one notebook."""
    names = list(SETTINGS)
    cells = [OURS.format(**SETTINGS[name]) for name in names]
    cells += [FORMULAS[n] + USUAL.format(**SETTINGS[n], draw=DRAW[n]) for n in names]
    rows = []
    with tempfile.TemporaryDirectory() as folder, jupyterlab(Path(folder), cells) as address:
        context = browser.new_context(viewport={"width": 1280, "height": 1000})
        context.add_init_script(WATCH)
        page = context.new_page()
        notebook = Notebook(page, address)
        for number, name in enumerate(names):
            ours = slider(notebook, number, ".control-learning_rate [role=slider]")
            usual = slider(notebook, len(names) + number, ".widget-inline-hbox [role=slider]")
            mine, work = latencies(page, ours), own_work(page, ours)
            theirs = latencies(page, usual, presses=24)
            rows += [
                Row(
                    f"{DIMENSIONS[name]} playground: key to picture; own work",
                    f"{both(mine)}; {both(work)}",
                    "median < 16.7; p95 of own work < 4",
                    median(mine) < FRAME and p95(work) < 4,
                ),
                Row(
                    f"{DIMENSIONS[name]} beside it: interact with matplotlib",
                    f"{both(theirs)}, {median(theirs) / median(mine):.0f} times as long",
                ),
                repeated(f"{DIMENSIONS[name]} playground: key repeated for 2 s", page, ours),
                repeated(f"{DIMENSIONS[name]} beside it: interact", page, usual),
            ]
        context.close()
    return rows


def slider(notebook: Notebook, number: int, selector: str) -> Any:
    """Run a cell and return the slider that it shows."""
    notebook.run(number)
    found = notebook.cells.nth(number).locator(selector).first
    found.wait_for()
    found.scroll_into_view_if_needed()
    return found


def repeated(what: str, page: Any, handle: Any) -> Row:
    """Measure what is seen of a key that repeats."""
    pictures, late = repeat(page, handle)
    return Row(what, f"{pictures} pictures of 60, ends {late:.0f} ms late")
