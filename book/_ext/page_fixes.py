"""Repairs of the theme's pages."""

from docutils import nodes
from sphinx.util import logging

log = logging.getLogger(__name__)


def warn_of_missing_alt(app, doctree) -> None:
    """Warn of pictures without alternative text."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt"):
            log.warning("picture without alternative text", location=image, type="alt")


def setup(app) -> dict:
    """Register the repairs with Sphinx."""
    app.connect("doctree-read", warn_of_missing_alt)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
