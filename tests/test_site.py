"""The built book, every page of it, as a reader's browser meets it."""

import gzip
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tools.pages import visit

HEAVIEST = 400_000  # bytes of a page and all it loads, compressed, without fonts and pictures
UNCOUNTED = {".woff", ".woff2", ".png", ".jpg", ".svg"}


@pytest.fixture(scope="module")
def pages(site) -> list[Path]:
    """The files of all pages."""
    return sorted(site.glob("*.html"))


@pytest.mark.parametrize(("mode", "width"), [("light", 1280), ("dark", 390)])
def test_every_page_is_sound(pages, browser, axe_source, mode, width):
    wrong = {}
    for page in pages:
        with visit(browser, page.as_uri(), mode=mode, width=width) as seen:
            seen.page.wait_for_timeout(300)
            found = [*seen.external, *seen.complaints, *seen.axe(axe_source)]
            if seen.overflow():
                found.append(f"{seen.overflow()} px wider than its window")
            if found:
                wrong[page.name] = found
    assert wrong == {}


def test_every_page_asks_a_server_for_nothing_that_is_not_there(pages, browser, site_url):
    wrong = {}
    for page in pages:
        with visit(browser, f"{site_url}/{page.name}") as seen:
            seen.page.wait_for_timeout(300)
            if seen.external or seen.complaints:
                wrong[page.name] = [*seen.external, *seen.complaints]
    assert wrong == {}


def test_no_page_is_heavy(pages, browser):
    weights = {}
    for page in pages:
        with visit(browser, page.as_uri()) as seen:
            seen.page.wait_for_timeout(300)
            paths = {Path(unquote(urlsplit(a).path)) for a in seen.requests if a[:5] == "file:"}
        counted = [path for path in paths if path.suffix not in UNCOUNTED]
        weights[page.name] = sum(len(gzip.compress(path.read_bytes())) for path in counted)
    assert {name: weight for name, weight in weights.items() if weight > HEAVIEST} == {}


def test_no_file_of_the_site_loads_from_another_machine(site):
    loads = re.compile(r"""(?:\ssrc=|url\(|@import\s+)["']?(?:https?:)?//""")
    files = [path for path in site.rglob("*") if path.suffix in {".html", ".css"}]
    assert [path.name for path in files if loads.search(path.read_text("utf8"))] == []


def test_every_picture_says_what_it_shows(pages):
    wrong = []
    for page in pages:
        for picture in re.findall(r"<img[^>]*>", page.read_text("utf8")):
            alt = re.search(r'alt="([^"]*)"', picture)
            decorative = "logo__image" in picture
            if not decorative and (alt is None or len(alt[1]) < 15):
                wrong.append((page.name, picture[:120]))
    assert wrong == []


def test_links_between_pages_lead_somewhere(site, pages):
    wrong = []
    for page in pages:
        for target in re.findall(r'href="([^"#?:]+\.html)(?:#([^"]*))?"', page.read_text("utf8")):
            name, anchor = target
            there = site / name
            if not there.exists():
                wrong.append((page.name, name))
            elif anchor and f'id="{anchor}"' not in there.read_text("utf8"):
                wrong.append((page.name, f"{name}#{anchor}"))
    assert wrong == []
