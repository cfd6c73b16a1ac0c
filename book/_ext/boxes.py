"""Theorems, proofs, exercises and solutions as clean boxes that fold without a script.

A box of class `dropdown` becomes a native <details> element: closed at first, opened by a click,
a key, a link into it or a search on the page, and by no script. sphinx-proof's proofs get a
title of their own and lose the ids that they all share.
"""

import re

from docutils import nodes
from sphinx.writers.html5 import HTML5Translator
from sphinx_proof.nodes import NODE_TYPES, proof_node

TITLE = re.compile(r'<p class="admonition-title">(.*?)</p>', re.DOTALL)
LINK = re.compile(r"</?a\b[^>]*>")
SHARED_IDS = (["proof-content"], ["exercise-content"], ["solution-content"])
OWN = ["solution_node", "exercise_node", "exercise_enumerable_node"]


def tidy(app, doctree) -> None:
    """Give each proof a title, and take away the ids that would occur twice on a page."""
    for proof in doctree.findall(proof_node):
        box = proof[0]
        box["ids"] = []
        opening = next(iter(box.findall(nodes.Text)))
        opening.parent.replace(opening, nodes.Text(opening.removeprefix("Proof. ")))
        box.insert(0, nodes.title("", "Proof"))
    for section in list(doctree.findall(nodes.section)):
        if section["ids"] in SHARED_IDS:
            section.parent.replace(
                section, nodes.container("", *section.children, classes=["box-text"])
            )


def folded(box: str) -> str:
    """Turn the HTML of a box into a <details> element, its title into the <summary>.

    >>> folded('<div class="a"><p class="admonition-title">To <a href="#">this</a></p>!</div>')
    '<details class="a"><summary class="admonition-title">To this</summary>!</details>'
    """
    head, _, tail = box.rpartition("</div>")
    box = head.replace("<div", "<details", 1) + "</details>" + tail
    title = TITLE.search(box)
    summary = f'<summary class="admonition-title">{LINK.sub("", title[1])}</summary>'
    return box.replace(title[0], summary, 1)


def wrapped(visit, depart):
    """Return handlers that fold the box if its class says so."""

    def start(translator, node: nodes.Element, *name: str) -> None:
        node.start = len(translator.body)
        visit(translator, node, *name)

    def end(translator, node: nodes.Element) -> None:
        depart(translator, node)
        if "dropdown" in node["classes"]:
            translator.body[node.start :] = [folded("".join(translator.body[node.start :]))]

    return start, end


def wrap(app) -> None:
    """Put those handlers in the place of Sphinx's and of the extensions' own."""
    handlers = app.registry.translation_handlers.setdefault("html", {})
    for name in [*OWN, *(node.__name__ for node in NODE_TYPES.values())]:
        handlers[name] = wrapped(*handlers[name])
    standard = HTML5Translator.visit_admonition, HTML5Translator.depart_admonition
    handlers["admonition"] = wrapped(*standard)  # notes, tips and warnings pass through it too


def setup(app) -> dict:
    """Register with Sphinx."""
    app.setup_extension("sphinx_proof")
    app.setup_extension("sphinx_exercise")
    app.connect("builder-inited", wrap)
    app.connect("doctree-read", tidy, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
