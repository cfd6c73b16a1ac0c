"""Pictures: alternative text, the size they were drawn for, and another form for telephones."""

import json
from base64 import b64decode
from io import BytesIO
from pathlib import Path, PurePosixPath

from docutils import nodes
from PIL import Image
from sphinx.util import logging

from page_host.outputs import VIEW

POINTS_PER_INCH = 72  # helpers.plots draws one point for each CSS pixel

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


def add_narrow(app, doctree) -> None:
    """Put behind a wide picture what a narrow screen shows in its place.

    That is its panels one by one, or the picture drawn narrower; which of them, the picture says
    itself: see `helpers.plots.pictures`. The style sheet chooses.
    """
    for image in list(doctree.findall(nodes.image)):
        path = Path(app.srcdir, image["uri"])
        if path.suffix != ".png" or not path.exists() or _has_view(image):
            continue
        with Image.open(path) as picture:
            parts = _narrow(picture)
        if not parts:
            continue
        narrow = nodes.container(classes=["narrow"])
        for k, part in enumerate(parts, 1):
            name = f"{path.stem}-{k}.png"
            part.save(path.with_name(name), dpi=part.info["dpi"])
            uri = str(PurePosixPath(image["uri"]).with_name(name))
            words = [f"Panel {k} of {len(parts)}."] * (len(parts) > 1) + [image["alt"]] * (k == 1)
            narrow += nodes.image(uri=uri, candidates={"*": uri}, alt=" ".join(words))
            app.env.images.add_file(app.env.docname, uri)
        image["classes"].append("wide")
        image.parent.insert(image.parent.index(image) + 1, narrow)


def _narrow(picture: Image.Image) -> list[Image.Image]:
    boxes = json.loads(picture.text.get("Panels", "[]"))
    if any(right - left < picture.width for left, _, right, _ in boxes):
        return [picture.crop(box) for box in boxes]
    if "Narrow" in picture.text:
        return [Image.open(BytesIO(b64decode(picture.text["Narrow"])))]
    return []


def _has_view(image: nodes.image) -> bool:
    """Whether the picture stands in for a live widget, whose panels arrange themselves."""
    bundle = image.parent.parent or ()
    kinds = [kind for kind in bundle if isinstance(kind, nodes.Element)]
    return any(kind.get("mime_type") == VIEW for kind in kinds)


def give_size(app, doctree) -> None:
    """Show pictures at the size they were drawn for, however dense their pixels are."""
    for image in doctree.findall(nodes.image):
        path = Path(app.srcdir, image["uri"])
        if path.suffix == ".png" and path.exists() and "width" not in image:
            with Image.open(path) as picture:
                density = picture.info.get("dpi", (POINTS_PER_INCH, 0))[0] / POINTS_PER_INCH
                width, height = (round(size / density) for size in picture.size)
            image["width"], image["height"] = f"{width}px", f"{height}px"


def take_notes_out(app, exception) -> None:
    """Take the texts out of the site's pictures: no browser reads them."""
    for path in Path(app.outdir, "_images").glob("*.png"):
        png = path.read_bytes()
        chunks, at = [png[:8]], 8
        while at < len(png):
            end = at + 12 + int.from_bytes(png[at : at + 4])
            chunks += [png[at:end]] * (png[at + 4 : at + 8] != b"tEXt")
            at = end
        if sum(map(len, chunks)) < len(png):
            path.write_bytes(b"".join(chunks))


def setup(app) -> dict:
    """Register the work on pictures with Sphinx."""
    for work in (warn_of_missing_alt, add_narrow, give_size):
        app.connect("doctree-read", work, priority=900)
    app.connect("build-finished", take_notes_out)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
