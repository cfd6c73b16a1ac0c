"""Repairs of the pages: alternative text, sizes of pictures, accessible names, unused styles."""

import re
from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.util import logging

POINTS_PER_INCH = 72  # helpers.plots draws one point for each CSS pixel
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

log = logging.getLogger(__name__)


def warn_of_missing_alt(app, doctree) -> None:
    """Warn of pictures that have no alternative text, or only their file's name."""
    for image in doctree.findall(nodes.image):
        alt = image.get("alt", "")
        if not alt or alt.endswith(Path(image["uri"]).name):
            place = image
            while not place.line and place.parent is not None:
                place = place.parent
            log.warning("picture without alternative text", location=place, type="alt")


def give_size(app, doctree) -> None:
    """Show pictures at the size they were drawn for, however dense their pixels are."""
    for image in doctree.findall(nodes.image):
        path = Path(app.srcdir, image["uri"])
        if path.suffix == ".png" and path.exists() and "width" not in image:
            with Image.open(path) as picture:
                density = picture.info.get("dpi", (POINTS_PER_INCH, 0))[0] / POINTS_PER_INCH
                width, height = (round(size / density) for size in picture.size)
            image["width"], image["height"] = f"{width}px", f"{height}px"


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
    app.connect("doctree-read", warn_of_missing_alt, priority=900)
    app.connect("doctree-read", give_size, priority=900)
    app.connect("html-page-context", repair, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
