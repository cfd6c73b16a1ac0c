"""Sphinx extension: the ipywidgets of a notebook are alive in the built page, without a kernel.

Add `page_host` to the extensions of a Jupyter Book (or of any Sphinx project with MyST-NB).
Pages with widgets then load one small script in place of require.js and Jupyter's html-manager.
It warns of each widget that it cannot show, so that a strict build fails.
"""

import json
import re
import shutil
from pathlib import Path

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from page_host.lean import lean
from page_host.outputs import VIEW, PictureThenView, describe_pictures
from page_host.state import kinds_not_shown, module_script, reduce_state

HERE = Path(__file__).parent
FOLDER = "page_host"  # in the site's _static
STATE = "ipywidgets_state"  # MyST-NB's name for the script that holds a page's widget state
VIEW_SCRIPT = re.compile(f'(<script type="{re.escape(VIEW)}">)(.*?)(</script>)', re.DOTALL)

logger = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, object]:
    """Connect the extension to a build."""
    app.setup_extension("myst_nb")
    app.add_post_transform(PictureThenView)
    app.connect("doctree-read", keep_what_is_shown, priority=400)
    app.connect("env-updated", write_assets)
    app.connect("html-page-context", load_assets)
    return {"parallel_read_safe": True, "parallel_write_safe": True, "env_version": 1}


def keep_what_is_shown(app: Sphinx, doctree: nodes.document) -> None:
    """Reduce the page's widget state to what its views show, and take out html-manager."""
    describe_pictures(doctree)
    docname = app.env.docname
    scripts = NbMetadataCollector.get_js_files(app.env, docname)
    stored = scripts.get(STATE)
    for name in [name for name in scripts if name.startswith("ipywidgets_")]:
        del scripts[name]
    views = [raw for raw in doctree.findall(nodes.raw) if VIEW_SCRIPT.search(raw.astext())]
    if not views:
        return
    state = json.loads(stored[1]["body"].replace(r"<\/script>", "</script>")) if stored else {}
    models = state.get("state", {})
    roots = [
        json.loads(script[2])["model_id"]
        for raw in views
        for script in VIEW_SCRIPT.finditer(raw.astext())
    ]
    reduced = reduce_state(models, roots)
    for kind in kinds_not_shown(models, reduced.names):
        _warn(f"page {docname!r} shows a widget that needs a kernel: {kind}", views[0])
    if {*roots} - {*models}:
        _warn(f"page {docname!r} shows a widget whose state it does not hold", views[0])

    for raw in views:
        raw[:] = [nodes.Text(VIEW_SCRIPT.sub(lambda m: _renamed(m, reduced.names), raw.astext()))]
    body = json.dumps({"version_major": 2, "version_minor": 0, "state": reduced.state})
    kind = {"type": VIEW.replace("view", "state"), "body": body.replace("<", r"\u003c")}
    NbMetadataCollector.add_js_file(app.env, docname, STATE, None, kind)
    NbMetadataCollector.set_doc_data(app.env, docname, FOLDER, reduced.texts)


def write_assets(app: Sphinx, env: BuildEnvironment) -> None:
    """Write the script, its style sheet and each distinct module text into the site, once."""
    data = NbMetadataCollector.get_doc_data(env).values()
    pages = [page[FOLDER] for page in data if FOLDER in page]
    if app.builder.format != "html":
        return
    folder = Path(app.outdir, "_static", FOLDER)
    shutil.rmtree(folder, ignore_errors=True)
    if not pages:
        return
    folder.mkdir(parents=True)
    for kind in ("js", "css"):
        text = (HERE / f"page_host.{kind}").read_text(encoding="utf-8")
        (folder / f"page_host.{kind}").write_text(lean(text, kind), encoding="utf-8")
    for key, text in {key: text for texts in pages for key, text in texts.items()}.items():
        (folder / f"{key}.js").write_text(module_script(key, text), encoding="utf-8")


def load_assets(app: Sphinx, pagename: str, *_: object) -> None:
    """Load the page host on pages with widgets, before the scripts of the theme."""
    texts = NbMetadataCollector.get_doc_data(app.env).get(pagename, {}).get(FOLDER)
    if texts is None:
        return
    app.add_css_file(f"{FOLDER}/page_host.css")
    for key in sorted(texts):
        app.add_js_file(f"{FOLDER}/{key}.js", priority=190, loading_method="defer")
    app.add_js_file(f"{FOLDER}/page_host.js", priority=191, loading_method="defer")


def _renamed(script: re.Match[str], names: dict[str, str]) -> str:
    view = json.loads(script[2])
    view["model_id"] = names.get(view["model_id"], view["model_id"])
    return script[1] + json.dumps(view, sort_keys=True) + script[3]


def _warn(message: str, location: nodes.Node) -> None:
    logger.warning(message, location=location, type="page_host")
