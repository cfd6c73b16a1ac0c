"""Every page of the built book, from disk and from a server: nothing missing, nothing asked."""

import gzip
import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from tools.pages import visit
from tools.playgrounds import READY, unfold
from tools.site import SITE, figures, pages

EVERY = pytest.mark.parametrize("page", pages())
HEAVIEST = 400_000  # bytes that a page may load, compressed, without fonts and pictures
NOT_WEIGHED = {".woff", ".woff2", ".ttf", ".png", ".jpg", ".svg", ".ico"}
HINTS = {"canonical", "search", "license"}  # told to other programs, not loaded


@EVERY
def test_a_page_opens_from_disk_and_asks_nobody_for_anything(site, browser, page):
    with visit(browser, (site / page).as_uri()) as seen:
        unfold(seen.page)
        own = (site.as_uri(), "data:", "blob:")
        assert [address for address in seen.requests if not address.startswith(own)] == []
        assert seen.complaints == []


@EVERY
def test_a_page_opens_from_a_server_and_weighs_little(site, site_url, browser, page):
    with visit(browser, f"{site_url}/{page}") as seen:
        unfold(seen.page)
        own = (f"{site_url}/", "data:", "blob:")
        assert [address for address in seen.requests if not address.startswith(own)] == []
        assert seen.complaints == []
        paths = {urlsplit(each).path for each in seen.requests if each.startswith(site_url)}
    weights = {
        path: len(gzip.compress((site / unquote(path[1:])).read_bytes()))
        for path in paths
        if Path(path).suffix not in NOT_WEIGHED
    }
    assert sum(weights.values()) <= HEAVIEST, weights


@EVERY
def test_no_line_begins_with_what_belongs_to_the_short_formula_before_it(site, page):
    html = BeautifulSoup((site / page).read_text("utf8"), "html.parser")
    alone = [
        (formula.annotation.text, formula.next_sibling)
        for formula in html.select("article span.math")
        if "together" not in formula.parent.get("class", [])
        and len(formula.annotation.text) <= 30
        and re.match(r"[,.;:!?)]", formula.next_sibling or "")
    ]
    assert alone == []


@EVERY
def test_every_playground_of_a_page_comes_alive(site, browser, page):
    expected = [figure for figure in figures() if figure.page == page]
    with visit(browser, (site / page).as_uri()) as seen:
        seen.page.wait_for_function(READY)
        alive = seen.page.locator(".page-host-ready .playground[data-scene]")
        assert alive.count() == len(expected)
        assert seen.page.locator(".page-host-plain:visible").count() == 0


@EVERY
def test_every_link_inside_the_book_leads_somewhere(site, page):
    for kind, attribute, address, relations in addresses(page):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            assert kind == "a" or parts.scheme == "data" or {*relations} & HINTS, address
            continue
        target = (site / page).parent / unquote(parts.path) if parts.path else site / page
        assert target.is_file(), (attribute, address)
        if parts.fragment and target.suffix == ".html":
            name, is_state, _ = unquote(parts.fragment).partition("?")
            known = anchors(target.relative_to(site).as_posix())
            assert name in (known if not is_state else {each.name for each in figures()}), address


@EVERY
def test_no_page_shows_what_is_no_number(site, page):
    article = soup(page).select_one("main")
    for each in article.select("script, .highlight"):
        each.decompose()
    assert not re.search(r"\b(NaN|nan|undefined)\b|Traceback", article.get_text())


def soup(page):
    return BeautifulSoup((SITE / page).read_text("utf8"), "html.parser")


@cache
def addresses(page):
    """The addresses on a page: element, attribute, address, and what a link is for."""
    return [
        (element.name, attribute, element[attribute], element.get("rel", []))
        for element in soup(page).select("[href], [src]")
        for attribute in ("href", "src")
        if element.get(attribute)
    ]


@cache
def anchors(page):
    """The ids on a page."""
    return {element["id"] for element in soup(page).select("[id]")}
