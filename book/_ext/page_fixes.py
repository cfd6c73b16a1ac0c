"""Repairs of the pages: accessible names, places of pictures, unused styles."""

import re

REPLACED_STYLES = ("proof.css", "exercise.css")  # book.css has its own
REPAIRS = [
    # the summary's text is its name already
    (re.compile('<summary aria-label="Toggle hidden content">'), "<summary>"),
    # a list's children must be list items, which these are not
    (re.compile('<div role="list" class="citation-list">'), '<div class="citation-list">'),
    # a role that is not allowed there, and deprecated
    (re.compile(r' role="doc-biblioentry"'), ""),
    # a header cell, of pandas or of a Markdown table, that heads nothing
    (re.compile(r'<th(?: class="(?:blank|head)[^>]*)?>(?:&nbsp;|<p></p>)?</th>'), "<td></td>"),
    # with these, the page keeps the picture's place, and loads it when a reader comes near
    (
        re.compile(r'style="width: (\d+)px; height: (\d+)px;"'),
        r'width="\1" height="\2" loading="lazy"',
    ),
]


def repair(app, pagename, templatename, context, doctree) -> None:
    """Repair the finished page's HTML."""
    context["css_files"] = [
        style
        for style in context["css_files"]
        if not str(style.filename).endswith(REPLACED_STYLES)
    ]
    if context.get("body"):
        for wrong, right in REPAIRS:
            context["body"] = wrong.sub(right, context["body"])


def setup(app) -> dict:
    """Register the repairs with Sphinx."""
    app.connect("html-page-context", repair, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
