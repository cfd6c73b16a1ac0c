"""The book's machinery, on a small book that has one of everything."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tools.pages import visit

ROOT = Path(__file__).resolve().parents[1]
PAGES = ["index.html", "sample.html", "second.html", "bibliography.html"]


def build(folder: Path, *, environment: dict | None = None, **pages: str) -> tuple[Path, str]:
    """Build the small book, with pages in the place of its own; gives the site and warnings."""
    shutil.copytree(ROOT / "tests" / "minibook", folder, dirs_exist_ok=True)
    for name in ["_assets", "_templates", "references.bib"]:
        part = ROOT / "book" / name
        (shutil.copytree if part.is_dir() else shutil.copyfile)(part, folder / name)
    for name, text in pages.items():
        (folder / f"{name}.md").write_text(text, "utf8")
    command = [Path(sys.executable).with_name("jupyter-book"), "build", folder]
    options = [
        "--config",
        ROOT / "_config.yml",
        "--toc",
        folder / "_toc.yml",
        "--path-output",
        folder,
    ]
    done = subprocess.run(
        [*command, *options, "-W", "-n", "--keep-going", "-q"],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1767225600", **(environment or {})},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    warnings = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr)
    return folder / "_build" / "html", f"{warnings}\nexit code {done.returncode}"


def files(folder: Path) -> dict[str, bytes]:
    """The contents of all files below a folder."""
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.fixture(scope="module")
def book(tmp_path_factory) -> Path:
    """The folder of the small book's site, built strictly."""
    site, log = build(tmp_path_factory.mktemp("book") / "book")
    assert log.endswith("exit code 0"), log
    return site


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("mode", ["light", "dark"])
def test_pages_are_sound_in_both_modes_and_on_both_screens(book, browser, axe_source, mode, width):
    for name in PAGES:
        with visit(browser, (book / name).as_uri(), mode=mode, width=width) as seen:
            for box in seen.page.locator("details").all():
                box.evaluate("box => { box.open = true; }")
            seen.page.wait_for_timeout(100)
            assert seen.external == []
            assert seen.complaints == []
            assert seen.overflow() == 0, name
            assert seen.axe(axe_source) == [], name


def test_a_page_asks_for_fonts_and_icons_and_finds_them(book, browser):
    with visit(browser, (book / "sample.html").as_uri()) as seen:
        seen.page.evaluate("document.fonts.ready")
        asked = [Path(address).name.partition("?")[0] for address in seen.requests]
        assert "source-serif-4-latin-wght-normal.woff2" in asked
        assert "KaTeX_Math-Italic.woff2" in asked
        assert "icons-solid.woff" in asked
        assert not [name for name in asked if name.startswith(("fontawesome", "fa-"))]


def test_the_icon_font_holds_just_the_icons_that_the_pages_name(book):
    style = (book / "_static" / "styles" / "pydata-sphinx-theme.css").read_text("utf8")
    named = {
        name
        for page in PAGES
        for name in re.findall(r"fa-(?!lg)[a-z-]+", (book / page).read_text())
    }
    codes = dict(re.findall(r'\.fa-([\w-]+):before(?=[^{}]*{content:"\\([0-9a-f]+)")', style))
    used = {
        int(codes[name.removeprefix("fa-")], 16) for name in named - {"fa-solid", "fa-regular"}
    }
    icons = TTFont(book / "_static" / "fonts" / "icons-solid.woff").getBestCmap().keys()
    assert len(used) > 8 and used <= icons
    assert len(icons) < 80


def test_a_solution_is_folded_and_opens_without_scripts(book, browser):
    with visit(browser, (book / "sample.html").as_uri(), java_script_enabled=False) as seen:
        solution = seen.page.locator("details.solution").first
        inside = solution.get_by_text("the ball jumps to the other side")
        assert solution.locator("summary").inner_text() == "Solution to Exercise 1.1 (One number)"
        assert not inside.is_visible()
        solution.locator("summary").click()
        assert inside.is_visible()


def test_a_proof_folds_under_a_title_of_its_own(book):
    html = (book / "sample.html").read_text("utf8")
    assert '<details class="proof dropdown admonition">' in html
    assert '<summary class="admonition-title">Proof</summary>' in html
    assert "Proof. " not in html


def test_no_id_occurs_twice_on_a_page(book):
    for name in PAGES:
        ids = re.findall(r'\sid="([^"]+)"', (book / name).read_text("utf8"))
        assert len(ids) == len(set(ids)), name


def test_a_wide_formula_scrolls_and_its_scroller_takes_the_keyboard(book, browser):
    with visit(browser, (book / "sample.html").as_uri(), width=390) as seen:
        scrollers = seen.page.locator(".math-body[tabindex='0']")
        assert scrollers.count() == 1
        assert scrollers.evaluate("box => box.scrollLeft") == 0
        scrollers.focus()
        seen.page.keyboard.press("End")
        seen.page.keyboard.press("ArrowRight")
        seen.page.wait_for_function("document.activeElement.scrollLeft > 0")


def test_equations_have_numbers_and_other_pages_lead_to_them(book):
    html = (book / "second.html").read_text("utf8")
    assert re.search(r'href="sample.html#equation-sample-rate">\(1\.1\)', html)
    assert '<span class="eqno">(1.1)' in (book / "sample.html").read_text("utf8")
    assert re.search(r'href="sample.html#sample-theorem".*?Theorem 1\.1', html)
    assert re.search(r'href="sample.html#sample-figure".*?Fig\. 1\.1', html)


def test_a_picture_has_the_size_it_was_drawn_for(book):
    picture = re.search(r"<img alt=\"The points[^>]*>", (book / "sample.html").read_text("utf8"))
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', picture[0]).groups())
    assert abs(width - 9 * 72) < 12 and abs(height - 3.4 * 72) < 12  # inches; cut a little


def test_the_reader_s_choice_of_light_or_dark_stays_and_is_there_before_the_first_paint(
    book, browser
):
    with visit(browser, (book / "sample.html").as_uri(), mode="dark") as seen:
        theme = "document.documentElement.dataset.theme"
        assert seen.page.evaluate(theme) == "dark"
        seen.page.route("**/pydata-sphinx-theme.js*", lambda route: route.abort())
        seen.page.reload()
        assert seen.page.evaluate(theme) == "dark"
        seen.page.unroute_all()
        seen.page.reload()
        seen.page.get_by_role("button", name="Colour mode").click()
        assert seen.page.evaluate(theme) == "light"
        seen.page.reload()
        assert seen.page.evaluate(theme) == "light"


def test_paper_is_white_and_shows_what_is_folded(book, browser):
    with visit(browser, (book / "sample.html").as_uri(), mode="dark") as seen:
        state = (
            "[document.documentElement.dataset.theme, document.querySelectorAll('[open]').length]"
        )
        before = seen.page.evaluate(state)
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        theme, opened = seen.page.evaluate(state)
        assert theme == "light"
        assert opened == seen.page.locator("details").count() > 2
        seen.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert seen.page.evaluate(state) == before == ["dark", 0]


def test_the_search_finds_words_in_a_book_on_disk(book, browser):
    with visit(browser, (book / "sample.html").as_uri()) as seen:
        seen.page.get_by_role("button", name="Search").first.click()
        seen.page.get_by_role("searchbox").fill("tangent")
        seen.page.keyboard.press("Enter")
        seen.page.wait_for_url("**/search.html?q=tangent*")
        seen.page.get_by_role("link", name="Descent in one dimension").last.wait_for()
        assert seen.external == []
        assert seen.complaints == []


def test_a_mistake_in_tex_stops_the_build_and_says_where(tmp_path):
    _, log = build(tmp_path, sample="# First", second="# Second\n\n$$ \\frac{1} $$\n")
    assert re.search(r"second\.md:3: WARNING: KaTeX parse error", log), log
    assert log.endswith("exit code 1")


def test_a_picture_without_alternative_text_stops_the_build(tmp_path):
    _, log = build(tmp_path, sample="# First", second="# Second\n\n![](_assets/logo.svg)\n")
    assert re.search(r"second\.md:3: WARNING: picture without alternative text", log), log
    assert log.endswith("exit code 1")


def test_two_builds_are_the_same_byte_for_byte(book, tmp_path):
    again, log = build(tmp_path)
    assert log.endswith("exit code 0"), log
    first, second = files(book), files(again)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_without_a_known_repository_no_page_has_a_launch_button(book):
    assert "mybinder" not in (book / "sample.html").read_text("utf8")
    assert "github.com/executablebooks" not in (book / "sample.html").read_text("utf8")


def test_with_a_known_repository_the_launch_button_opens_the_page_s_own_notebook(tmp_path):
    known = {"DOWNHILL_REPOSITORY": "https://github.com/somebody/downhill.git"}
    text = (ROOT / "tests" / "minibook" / "sample.md").read_text("utf8").partition("\n# ")[0]
    pages = {"sample": text + "\n# First\n", "second": "# Second"}
    site, log = build(tmp_path, environment=known, **pages)
    assert log.endswith("exit code 0"), log
    html = (site / "sample.html").read_text("utf8")
    binder = "https://mybinder.org/v2/gh/somebody/downhill/main?urlpath=lab/tree/book/sample"
    assert binder in html
    assert (
        '<meta property="og:url" content="https://somebody.github.io/downhill/sample.html"' in html
    )
    assert "https://github.com/somebody/downhill" in html
