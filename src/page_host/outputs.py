"""Outputs that hold a widget: a picture first, the live view where a script can run."""

import html

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = "image/png"
PLAIN = "text/plain"
LIVE_BUILDERS = ("html", "dirhtml")


def widget_outputs(doctree: nodes.document) -> list[tuple[nodes.container, dict]]:
    """Find the outputs that have a widget view, each with its parts by MIME type."""
    bundles = [
        (node, {part["mime_type"]: part for part in node.children})
        for node in doctree.findall(nodes.container)
        if node.get("nb_element") == "mime_bundle"
    ]
    return [(bundle, parts) for bundle, parts in bundles if VIEW in parts]


def describe_pictures(doctree: nodes.document) -> None:
    """Give a widget's picture its alternative text: the first line of its text."""
    for _, parts in widget_outputs(doctree):
        if PICTURE in parts and PLAIN in parts:
            first_line = parts[PLAIN].astext().strip().partition("\n")[0]
            for image in parts[PICTURE].findall(nodes.image):
                image.setdefault("alt", first_line)


class PictureThenView(SphinxPostTransform):
    """Write picture, text and view side by side; other builders than HTML get the picture.

    It runs before MyST-NB's SelectMimeType, which would choose one of them.
    """

    default_priority = 3

    def run(self, **kwargs: object) -> None:
        """Rewrite the outputs of one page."""
        live = self.app.builder.name in LIVE_BUILDERS
        for bundle, parts in widget_outputs(self.document):
            if not live:
                bundle.remove(parts[VIEW])
                continue
            host = nodes.container(classes=["page-host"])
            if PICTURE in parts:
                host += parts[PICTURE].children
                if PLAIN in parts:
                    text = html.escape(parts[PLAIN].astext())
                    pre = f'<pre class="page-host-plain" tabindex="0">{text}</pre>'
                    host += nodes.raw(text=pre, format="html")
            host += parts[VIEW].children
            bundle.replace_self(host)
