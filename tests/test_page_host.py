"""The page host's Sphinx side: what it writes into a built book, from notebooks made here."""

import base64
import gzip
import io
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import anywidget
import ipywidgets
import nbformat
import pytest
import traitlets
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from page_host.lean import lean
from page_host.state import LINKS, reduce_state

VIEW = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"
DOT = (  # a picture of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


class Stage(anywidget.AnyWidget):
    """A widget whose module shows one number."""

    _esm = """export default { render({ model, el }) {
      const show = () => { el.textContent = model.get("rate"); };
      model.on("change:rate", show);
      show();
    } };"""
    _css = ".stage { color: teal }"
    rate = traitlets.Float(0.06).tag(sync=True)


def figure(name: str = "first") -> ipywidgets.VBox:
    """A slider that drives a stage, as an author would compose it."""
    stage = Stage()
    slider = ipywidgets.FloatSlider(value=0.06, max=1, step=0.01, description="rate")
    root = ipywidgets.VBox([stage, slider])
    root.add_class("figure")
    root.add_class(name)
    root.links = [ipywidgets.jslink((slider, "value"), (stage, "rate"))]
    return root


def output(widget: ipywidgets.Widget, *, picture: bool = True) -> dict:
    """The output of a cell that displays the widget."""
    data = {VIEW: {"model_id": widget.model_id, "version_major": 2, "version_minor": 0}}
    data["text/plain"] = "A curve that rises.\n\nstep  loss\n   0     1 < 2"
    if picture:
        data["image/png"] = DOT
    return nbformat.v4.new_output("display_data", data=data)


def stored_state() -> dict:
    """The state of all widgets there are, as a front end or nbclient stores it."""
    return ipywidgets.Widget.get_manager_state(drop_defaults=False)["state"]


def notebook(*outputs: dict, state: dict | None = None) -> nbformat.NotebookNode:
    """An executed notebook with these outputs, and the state of all widgets there are."""
    cells = [nbformat.v4.new_markdown_cell("# A page")]
    cells += [nbformat.v4.new_code_cell("show()", outputs=[each]) for each in outputs]
    book = nbformat.v4.new_notebook(cells=cells)
    if state is None:
        state = stored_state()
    book.metadata = {
        "kernelspec": {"name": "python3", "display_name": "Python 3"},
        "language_info": {"name": "python", "pygments_lexer": "python3"},
        "widgets": {STATE: {"state": state, "version_major": 2, "version_minor": 0}},
    }
    return book


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., tuple[Path, str]]:
    """Build pages with Sphinx; gives the folder of the site and the warnings."""

    def run(builder: str = "html", *, into: str = "site", parallel: int = 0, **pages):
        source = tmp_path / f"{into}-source"
        source.mkdir(exist_ok=True)
        for name, page in pages.items():
            nbformat.write(page, source / f"{name}.ipynb")
        (source / "index.md").write_text("# Pages\n\n```{toctree}\n:glob:\n*\n```\n")
        settings = {
            "extensions": ["myst_nb", "page_host"],
            "nb_execution_mode": "off",
            "html_theme": "basic",
            "html_copy_source": False,
            "project": "Pages",
        }
        warnings, site = io.StringIO(), tmp_path / into
        with patch_docutils(), docutils_namespace():
            Sphinx(
                source,
                None,
                site,
                tmp_path / f"{into}-doctrees",
                builder,
                settings,
                status=None,
                warning=warnings,
                parallel=parallel,
            ).build()
        return site, warnings.getvalue()

    yield run
    ipywidgets.Widget.close_all()


def files(site: Path) -> dict[str, bytes]:
    """All that a reader gets, by path."""
    return {
        str(path.relative_to(site)): path.read_bytes()
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name not in (".buildinfo", "objects.inv")
    }


def page_state(site: Path, page: str = "lesson") -> dict:
    """The widget state that a built page holds."""
    html = (site / f"{page}.html").read_text()
    (body,) = re.findall(f'<script type="{re.escape(STATE)}">(.*?)</script>', html, re.DOTALL)
    return json.loads(body)["state"]


def test_an_output_is_a_described_picture_its_text_and_the_view(build):
    site, warnings = build(lesson=notebook(output(figure())))
    html = (site / "lesson.html").read_text()
    host = re.search(r'<div class="page-host docutils container">(.*?)</div>', html, re.DOTALL)[1]
    assert warnings == ""
    assert re.match(r'\s*<img alt="A curve that rises\." src="_images/\w+\.png" />\s*<pre', host)
    assert "step  loss\n   0     1 &lt; 2</pre><script" in host
    (root,) = re.findall(r'widget-view\+json">(.*?)</script>', host)
    assert page_state(site)[json.loads(root)["model_id"]]["model_name"] == "VBoxModel"


def test_an_author_s_own_alternative_text_stays(build):
    page = notebook(output(figure()))
    page.cells[1].metadata["mystnb"] = {"image": {"alt": "My own words"}}
    site, _ = build(lesson=page)
    assert 'alt="My own words"' in (site / "lesson.html").read_text()


def test_a_widget_without_a_picture_leaves_its_repr_out(build):
    site, warnings = build(lesson=notebook(output(figure(), picture=False)))
    html = (site / "lesson.html").read_text()
    assert warnings == ""
    assert VIEW in html
    assert "A curve that rises" not in html


def test_only_pages_with_widgets_load_the_page_host(build):
    site, _ = build(lesson=notebook(output(figure())))
    loaded = re.findall(r'src="_static/page_host/(\w+\.js)', (site / "lesson.html").read_text())
    assert len(loaded) == 3 and loaded[-1] == "page_host.js"  # after the module and its style
    assert all((site / "_static/page_host" / name).is_file() for name in loaded)
    assert "_static/page_host/page_host.css" in (site / "lesson.html").read_text()
    assert "page_host" not in (site / "index.html").read_text()


def test_a_book_without_widgets_holds_nothing_of_the_page_host(build):
    site, _ = build()
    assert not any("page_host" in name for name in files(site))


def test_html_manager_and_its_cdn_are_gone(build):
    site, _ = build(lesson=notebook(output(figure())))
    html = (site / "lesson.html").read_text()
    assert not re.search(r"require|html-manager|https?://(?!www\.sphinx-doc)", html)


def test_the_state_holds_what_the_page_shows_and_no_more(build):
    ipywidgets.HBox([ipywidgets.IntSlider(description="never displayed")])
    root = figure()
    root.children[1].layout.width = "50%"
    site, _ = build(lesson=notebook(output(root)))
    state = page_state(site)
    kinds = sorted(entry["model_name"] for entry in state.values())
    assert kinds == ["AnyModel", "FloatSliderModel", "LayoutModel", "LinkModel", "VBoxModel"]
    (layout,) = [each["state"] for each in state.values() if each["model_name"] == "LayoutModel"]
    assert layout == {"width": "50%"}
    (slider,) = [e["state"] for e in state.values() if e["model_name"] == "FloatSliderModel"]
    assert slider["value"] == 0.06 and slider["layout"].startswith("IPY_MODEL_w")
    assert not {"_view_name", "_model_module", "style", "tooltip"} & {*slider}


def test_a_model_that_only_links_lead_through_is_kept(build):
    slider, between, stage = ipywidgets.IntSlider(), ipywidgets.IntText(), Stage()
    links = [
        ipywidgets.jslink((slider, "value"), (between, "value")),
        ipywidgets.jsdlink((between, "value"), (stage, "rate")),
    ]
    site, _ = build(lesson=notebook(output(ipywidgets.VBox([slider, stage]))))
    kinds = [entry["model_name"] for entry in page_state(site).values()]
    assert "IntTextModel" in kinds and len([k for k in kinds if k in LINKS]) == len(links)


def test_a_layout_that_a_link_sets_is_kept(build):
    box, text = ipywidgets.IntSlider(), ipywidgets.Text("none")
    link = ipywidgets.jslink((text, "value"), (box.layout, "display"))
    site, _ = build(lesson=notebook(output(ipywidgets.VBox([box, text]))))
    kinds = [entry["model_name"] for entry in page_state(site).values()]
    assert kinds.count("LayoutModel") == 1 and link.model_id not in page_state(site)


def test_a_module_s_text_is_stored_once_in_the_site(build):
    lessons = {
        name: notebook(output(figure(name)), output(figure(f"{name}-2")))
        for name in ("one", "two")
    }
    site, _ = build(**lessons)
    holders = [name for name, data in files(site).items() if b"el.textContent" in data]
    assert len(holders) == 1 and re.fullmatch(r"_static/page_host/[0-9a-f]{16}\.js", holders[0])
    stages = [e for e in page_state(site, "one").values() if e["model_name"] == "AnyModel"]
    assert [e["state"]["_esm"] for e in stages] == [f"page-host:{Path(holders[0]).stem}"] * 2


def test_text_that_would_end_the_script_stays_inside(build):
    root = ipywidgets.VBox([ipywidgets.HTML("<!-- <script></script><b>bold</b>")])
    site, _ = build(lesson=notebook(output(root)))
    values = [entry["state"].get("value") for entry in page_state(site).values()]
    assert "<!-- <script></script><b>bold</b>" in values


def test_two_builds_of_a_book_are_the_same_byte_for_byte(build):
    sites = []
    for into in ("first", "second"):
        ipywidgets.Widget.close_all()  # new widgets, new random names
        pages = {
            f"page{n}": notebook(output(figure(f"a{n}")), output(figure(f"b{n}")))
            for n in range(2)
        }
        sites.append(files(build(into=into, **pages)[0]))
    assert sites[0] == sites[1]


def test_the_order_in_which_a_cache_stored_the_state_does_not_matter():
    root = figure()
    between = ipywidgets.IntText()
    links = [ipywidgets.jslink((root.children[1], "step"), (between, "value"))]
    links += [ipywidgets.jslink((between, "value"), (root.children[0], "rate"))]
    state = stored_state()
    expected = json.dumps(reduce_state(state, [root.model_id]).state)
    for seed in range(5):
        names = list(state)
        random.Random(seed).shuffle(names)
        shuffled = reduce_state({name: state[name] for name in names}, [root.model_id])
        assert json.dumps(shuffled.state) == expected
    ipywidgets.Widget.close_all()


def test_a_parallel_build_gives_the_same_site(build):
    pages = {f"page{n}": notebook(output(figure(f"figure-{n}"))) for n in range(8)}
    serial, _ = build(into="serial", **pages)
    parallel, warnings = build(into="parallel", parallel=2, **pages)
    assert files(parallel) == files(serial)
    assert warnings == ""


def test_a_page_that_did_not_change_keeps_its_scripts(build):
    page = notebook(output(figure()))
    site, _ = build(lesson=page)
    before, state = files(site / "_static/page_host"), page_state(site)
    build(lesson=page, other=notebook())
    assert files(site / "_static/page_host") == before and len(before) == 4
    assert page_state(site) == state


@pytest.mark.parametrize(
    "widget", [ipywidgets.Output, ipywidgets.FloatRangeSlider, ipywidgets.Tab], ids=str
)
def test_a_widget_that_needs_a_kernel_fails_a_strict_build(build, widget):
    _, warnings = build(lesson=notebook(output(ipywidgets.VBox([widget()]))))
    kind = widget().model_name if hasattr(widget, "model_name") else widget.__name__
    assert f"page 'lesson' shows a widget that needs a kernel: {kind}" in warnings
    assert "lesson.ipynb" in warnings


def test_a_view_whose_state_was_not_stored_fails_a_strict_build(build):
    _, warnings = build(lesson=notebook(output(figure()), state={}))
    assert "page 'lesson' shows a widget whose state it does not hold" in warnings


@pytest.mark.parametrize(
    ("builder", "name", "expected"),
    [
        ("latex", "pages.tex", r"\sphinxincludegraphics"),
        ("singlehtml", "index.html", ""),
        ("text", "lesson.txt", "A curve that rises."),
    ],
)
def test_other_builders_take_the_picture(build, builder, name, expected):
    site, warnings = build(builder, lesson=notebook(output(figure())))
    written = (site / name).read_text()
    assert expected in written
    assert VIEW not in written and "page_host" not in written
    assert warnings == ""


def test_binary_traits_travel_with_their_model():
    class Data(anywidget.AnyWidget):
        _esm = "export default {}"
        samples = traitlets.Bytes(b"\x01\x02").tag(sync=True)

    widget = Data()
    state = stored_state()
    (entry,) = reduce_state(state, [widget.model_id]).state.values()
    assert base64.b64decode(entry["buffers"][0]["data"]) == b"\x01\x02"
    ipywidgets.Widget.close_all()


def test_what_a_page_loads_is_small(build):
    site, _ = build(lesson=notebook(output(figure())))
    sent = {name: data for name, data in files(site).items() if "page_host." in name}
    sizes = {Path(name).name: len(gzip.compress(data, 9)) for name, data in sent.items()}
    assert sizes["page_host.js"] < 6000 and sizes["page_host.css"] < 2000


def test_a_built_page_is_alive(build, browser):
    site, _ = build(lesson=notebook(output(figure("first")), output(figure("second"))))
    page = browser.new_page()
    complaints = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    page.goto((site / "lesson.html").as_uri() + "#second?rate=0.5")
    page.wait_for_selector(".page-host-ready >> nth=1")
    page.get_by_label("rate", exact=True).first.press("End")
    assert page.locator(".page-host-anywidget").all_inner_texts() == ["1", "0.5"]
    assert not page.get_by_role("img").first.is_visible()
    assert complaints == []
    page.close()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("js", "let a; // one\n\n  /** two\n */\n  let b;\n", "let a;\nlet b;\n"),
        ("js", "return /* a line's end ends it\n */ x", "return\nx"),
        ("js", "a = \"// no /* no */\"; b = '/*'; // yes", "a = \"// no /* no */\"; b = '/*'; "),
        ("js", "a = `  x\n   // no\n ${b /* yes */}`;", "a = `  x\n   // no\n ${b }`;"),
        ("js", "a = `${`in // no`}`;   b", "a = `${`in // no`}`; b"),
        ("js", "a = /[/*]/; /* yes */ b = c / d;", "a = /[/*]/; b = c / d;"),
        ("js", "/*! MIT */\nlet a;", "/*! MIT */\nlet a;"),
        ("js", "/* @license MIT */\nlet a;", "/* @license MIT */\nlet a;"),
        ("js", "let a\\ // not JavaScript", "let a\\ // not JavaScript"),
        ("css", "/* a */\n.b  .c {\n  d: e; /* f */\n}\n", ".b .c {\nd: e;\n}\n"),
        ("css", "a { b: '/* no */  c' }", "a { b: '/* no */  c' }"),
        ("css", 'a { b: "\\"/* no */" }', 'a { b: "\\"/* no */" }'),
        (
            "css",
            "a { b: url(data:image/png;c//d/*e*/f) }",
            "a { b: url(data:image/png;c//d/*e*/f) }",
        ),
        ("css", "a/**/b", "a/**/b"),
    ],
)
def test_comments_and_indentation_are_not_sent_and_nothing_else_is_lost(language, text, expected):
    assert lean(text, language) == expected
