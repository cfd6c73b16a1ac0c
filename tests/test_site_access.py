"""Every page of the built book for every reader: both modes, a telephone, no scripts, axe."""

import re

import pytest
from bs4 import BeautifulSoup

from tools.pages import visit
from tools.playgrounds import unfold
from tools.site import pages

EVERY = pytest.mark.parametrize("page", pages())
STILL = "*, *::before, *::after { transition: none !important; animation: none !important }"
CONTRAST = """() => axe.run(document, { runOnly: ["color-contrast"], resultTypes: ["violations"] })
  .then(({ violations }) => violations.flatMap(({ nodes }) => nodes.map(({ html }) => html)))"""
SCALE = "picture => picture.clientWidth / picture.getAttribute('width')"
A_FILE_NAME = re.compile(r"[0-9a-f]{16,}|\.(png|svg|jpe?g|gif)$")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@EVERY
def test_axe_finds_nothing_on_a_page(site, browser, axe_source, page):
    with visit(browser, (site / page).as_uri()) as seen:
        unfold(seen.page)
        seen.page.add_style_tag(content=STILL)
        assert seen.axe(axe_source) == []


@EVERY
def test_a_dark_page_is_legible(site, browser, axe_source, page):
    with visit(browser, (site / page).as_uri(), mode="dark") as seen:
        unfold(seen.page)
        seen.page.add_style_tag(content=STILL)
        assert seen.page.evaluate("document.documentElement.dataset.theme") == "dark"
        seen.page.evaluate(axe_source)
        assert seen.page.evaluate(CONTRAST) == []


@EVERY
def test_a_page_fits_a_telephone(site, browser, page):
    phone = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}
    with visit(browser, (site / page).as_uri(), width=390, **phone) as seen:
        unfold(seen.page)
        assert seen.overflow() == 0
        assert seen.page.evaluate("visualViewport.scale") == 1
        assert seen.complaints == []


@EVERY
def test_a_telephone_shows_another_form_of_a_wide_picture(site, browser, page):
    with visit(browser, (site / page).as_uri(), width=390) as seen:
        unfold(seen.page)
        pictures = seen.page.locator("img.wide").all()
        forms = seen.page.locator(".narrow").all()
        for wide, narrow in zip(pictures, forms, strict=True):
            assert not wide.is_visible()
            parts = narrow.locator("img").all()
            assert all(part.is_visible() for part in parts)
            if len(parts) > 1:
                assert sum(area(part) for part in parts) == area(wide)
            # Letters of 15 pixels stay legible; a panel below others may be as wide as they are.
            assert max(part.evaluate(SCALE) for part in parts) > 0.65
        seen.page.set_viewport_size({"width": 1280, "height": 800})
        assert all(wide.is_visible() for wide in pictures)
        assert not any(narrow.is_visible() for narrow in forms)


def area(picture):
    return picture.evaluate("picture => picture.naturalWidth * picture.naturalHeight")


@EVERY
def test_a_page_reads_without_scripts(site, browser, page):
    with visit(browser, (site / page).as_uri(), java_script_enabled=False) as seen:
        assert len(seen.page.locator("main").inner_text()) > 20
        hosts = seen.page.locator(".page-host")
        assert hosts.count() == (site / page).read_text("utf8").count("widget-view+json")
        for host in hosts.all():
            picture, table = host.locator("img"), host.locator(".page-host-plain")
            assert picture.is_visible()
            assert picture.evaluate("image => image.complete && image.naturalWidth > 300")
            assert len(picture.get_attribute("alt").split()) >= 4
            assert table.is_visible()
            assert len(NUMBER.findall(table.inner_text())) >= 20
        assert seen.complaints == []


@EVERY
def test_every_picture_has_an_alternative_text(site, page):
    html = BeautifulSoup((site / page).read_text("utf8"), "html.parser")
    assert [image for image in html.select("img") if not image.has_attr("alt")] == []
    for image in html.select("article img"):  # elsewhere stands the logo, next to its name
        assert image["alt"].strip(), image
        assert not A_FILE_NAME.search(image["alt"]), image
