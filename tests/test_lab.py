"""The playground in JupyterLab, with a live kernel."""

import pytest

from tools.lab import Notebook, jupyterlab
from tools.playgrounds import FRAMES, PICTURE

SHOW, READ, SET, WRONG, EXACT, RATES, BUSY = CELLS = [
    """\
from helpers import landscapes
from helpers.playground import Playground
playground = Playground(landscapes.valley, start=(4, 2.5), learning_rate=0.06, n_steps=30)
playground""",
    "print(playground.learning_rate, playground.path.status, *playground.path.points[-1])",
    "playground.learning_rate, playground.start, playground.n_steps = 0.02, (-3, 1.25), 40",
    "playground.learning_rate = -1",
    """\
rates = [0.06, 0.015, 0.3, 0.0073, 1.05]
others = [Playground(landscapes.parabola, start=-5, learning_rate=rate) for rate in rates]
display(*others)""",
    "print([other.learning_rate for other in others])",
    "import time; time.sleep(8)",
]


@pytest.fixture(scope="module")
def notebook(tmp_path_factory, browser):
    """An open notebook whose first cell shows a playground."""
    with jupyterlab(tmp_path_factory.mktemp("lab"), CELLS) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        notebook = Notebook(page, address)
        notebook.run(CELLS.index(SHOW))
        yield notebook
        page.close()


class Figure:
    """The first playground of the notebook."""

    def __init__(self, page):
        self.page = page
        self.root = page.locator(".playground").first
        self.rate = self.root.locator(".control-learning_rate [role=slider]")
        self.root.locator("output[name=loss]").wait_for()

    def numbers(self, name):
        text = self.root.locator(f"output[name={name}]").get_attribute("data-value")
        return [float(number) for number in text.split()]

    def picture(self):
        self.page.evaluate(FRAMES, 2)
        return self.root.evaluate(PICTURE)

    def press(self, key):
        self.rate.press(key)
        return self.picture()

    def reset(self):
        self.root.locator("button[name=reset]").click()
        return self.picture()


@pytest.fixture
def figure(notebook):
    """The playground as its author left it."""
    figure = Figure(notebook.page)
    figure.reset()
    return figure


def test_python_reads_what_a_reader_moved(notebook, figure):
    assert figure.rate.get_attribute("aria-label") == "learning rate"
    picture = figure.picture()
    assert figure.press("End") != picture
    assert figure.root.get_attribute("data-status") == "diverged"
    rate, status, *point = notebook.run(CELLS.index(READ)).split()
    assert float(rate) == 0.6
    assert status == "diverged"
    assert [float(x) for x in point] == pytest.approx(figure.numbers("point"), rel=1e-9)


def test_the_figure_follows_what_python_sets(notebook, figure):
    picture = figure.picture()
    notebook.run(CELLS.index(SET))
    notebook.page.wait_for_function(
        "() => document.querySelector('output[name=step]').value === '40'"
    )
    assert figure.picture() != picture
    rate, status, *point = notebook.run(CELLS.index(READ)).split()
    assert (rate, status) == ("0.02", figure.root.get_attribute("data-status"))
    assert [float(x) for x in point] == pytest.approx(figure.numbers("point"), rel=1e-9)
    assert figure.reset() == picture
    assert notebook.run(CELLS.index(READ)).split()[0] == "0.06"


def test_a_wrong_value_is_named_and_the_last_good_state_stays(notebook, figure):
    picture = figure.picture()
    message = notebook.run(CELLS.index(WRONG))
    assert "ValueError: learning_rate must be a finite number" in message
    assert message.rstrip().endswith("not -1")
    assert figure.picture() == picture
    assert notebook.run(CELLS.index(READ)).split()[0] == "0.06"


def test_an_author_s_learning_rate_is_still_exact_when_it_has_been_shown(notebook):
    notebook.run(CELLS.index(EXACT))
    notebook.page.wait_for_function(
        "() => document.querySelectorAll('output[name=loss][data-value]').length === 6"
    )
    notebook.page.evaluate(FRAMES, 5)
    rates = [0.06, 0.015, 0.3, 0.0073, 1.05]
    shown = notebook.run(CELLS.index(RATES))
    assert shown.strip() == str(rates)


def test_the_figure_answers_while_the_kernel_is_busy(notebook, figure):
    pictures = [figure.picture()]
    notebook.start(CELLS.index(BUSY))
    notebook.page.locator(".jp-InputPrompt", has_text="[*]").wait_for()
    pictures.append(figure.press("Home"))
    pictures.append(figure.press("End"))
    assert notebook.is_busy(CELLS.index(BUSY))
    assert len({str(picture) for picture in pictures}) == 3
    assert figure.root.get_attribute("data-status") == "diverged"
