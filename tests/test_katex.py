"""Mathematics rendered while the book is built."""

import pytest

from katex_math import DIST, NUMBERED, OTHER_FONT_FORMATS, Katex


@pytest.fixture(scope="module")
def katex():
    running = Katex({r"\loss": r"\mathcal{L}"})
    yield running
    running.stop()


def test_a_formula_becomes_html_that_keeps_its_tex(katex):
    html = katex.render(r"\eta < 2/\lambda_{\max}", False)["html"]
    assert html.startswith('<span class="katex">')
    assert (
        '<annotation encoding="application/x-tex">\\eta &lt; 2/\\lambda_{\\max}</annotation>'
        in html
    )


def test_a_displayed_formula_is_marked_as_one(katex):
    assert katex.render("x", True)["html"].startswith('<span class="katex-display">')


def test_a_mistake_is_told_not_shown(katex):
    assert "parse error" in katex.render(r"\frac{1}", False)["error"]
    assert "undefined" in katex.render(r"\nonsense", False)["error"].lower()


def test_macros_of_the_configuration_are_known(katex):
    assert "mathcal" in katex.render(r"\loss", False)["html"]


def test_a_formula_is_rendered_once(katex):
    katex.render("a + b", False)
    katex.process, process = None, katex.process
    assert "html" in katex.render("a + b", False)
    assert katex.process is None
    katex.process = process


def test_a_line_break_or_a_letter_of_another_alphabet_does_not_upset_the_conversation(katex):
    assert "html" in katex.render("\\begin{aligned} a &= b \\\\\n c &= d \\end{aligned}", True)
    assert "error" in katex.render("é", False)
    assert "html" in katex.render("x", False)


def test_a_numbered_block_is_numbered_by_sphinx_alone():
    block = r"\begin{align} a \end{align} \begin{aligned} b \end{aligned}"
    starred = r"\begin{align*} a \end{align*} \begin{aligned} b \end{aligned}"
    assert NUMBERED.sub(r"\\\1{\2*}", block) == starred


def test_the_style_sheet_names_only_fonts_that_are_copied():
    style = OTHER_FONT_FORMATS.sub("", (DIST / "katex.min.css").read_text("utf8"))
    assert ".woff2)" in style
    assert ".woff)" not in style and ".ttf)" not in style
