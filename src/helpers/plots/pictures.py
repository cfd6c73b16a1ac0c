"""Figures as PNG pictures: dense, small, and with a note of where their panels are."""

import json
from base64 import b64encode
from io import BytesIO
from itertools import pairwise

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox
from PIL import Image, PngImagePlugin

from .style import STYLE, style

DENSITY = 144  # dots an inch, twice that of the page
NARROW = 480  # pixels: a figure of this width can be read on a telephone
SLACK = 16  # pixels by which the boxes of panels may overlap: letters have room around them


def use_style() -> None:
    """Give every later figure of this session the course's look; a notebook's first cell does it.

    In a notebook it also asks for the pictures of `png`, shown at the size of the figure.
    """
    mpl.rcParams.update(STYLE)
    try:
        from IPython import get_ipython
    except ImportError:
        return
    shell = get_ipython()
    if shell is not None and hasattr(shell, "kernel"):
        # Importing it chooses the notebook's backend, which would choose its own pictures later.
        import matplotlib_inline.backend_inline  # noqa: F401

        shell.display_formatter.formatters["image/png"].for_type(Figure, _shown)


def _shown(figure: Figure) -> tuple[bytes, dict[str, int]]:
    width, height = (round(inches * 72) for inches in figure.get_size_inches())
    return png(figure), {"width": width, "height": height}


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG at twice the density of the page, the same bytes every time.

    It has 256 colours: nobody sees the difference, and it is a third as large. What a narrow page
    needs stands in its texts: ``Panels`` is what `panels` returns, and ``Narrow``, of a wide
    figure with one panel, the figure drawn anew with less width for its letters, as base64.
    """
    with style():
        picture = _drawn(figure)
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Panels", json.dumps(panels(figure, *picture.size)))
        if len(figure.axes) == 1 and picture.width > 2.5 * NARROW:
            narrow = _narrow(figure)
            if narrow:
                notes.add_text("Narrow", b64encode(_stored(narrow)).decode("ascii"))
        return _stored(picture, notes)


def _drawn(figure: Figure) -> Image.Image:
    with BytesIO() as file:
        figure.savefig(file, format="png", dpi=DENSITY)
        return Image.open(file).convert("RGB").quantize(256, dither=Image.Dither.NONE)


def _stored(picture: Image.Image, notes: PngImagePlugin.PngInfo | None = None) -> bytes:
    with BytesIO() as file:
        picture.save(file, "png", optimize=True, dpi=(DENSITY, DENSITY), pnginfo=notes)
        return file.getvalue()


def _narrow(figure: Figure) -> Image.Image | None:
    """Draw a figure with less width; nothing if its words do not fit then."""
    width, height = figure.get_size_inches()
    try:
        figure.set_size_inches(NARROW / 72, 0.85 * height, forward=False)
        picture = _drawn(figure)
        left, bottom, right, top = figure.get_tightbbox().extents
        fits = min(left, bottom) >= 0 and right <= NARROW / 72 and top <= 0.85 * height
        return picture if fits else None
    finally:
        figure.set_size_inches(width, height, forward=False)


def panels(figure: Figure, width: int, height: int) -> list[list[int]]:
    """Return the boxes that hold one panel each, in reading order: left, top, right, bottom.

    The boxes fill the figure. Panels that no straight line tells apart share a box, and a colour
    bar is a part of its panel.

    Args:
        figure: as it has been drawn last.
        width: of its picture, in the picture's pixels.
        height: of its picture.
    """
    scale = width / figure.bbox.width
    bars = {ax: _colour_bars(ax) for ax in figure.axes}
    boxes = []
    for ax, own in bars.items():
        if ax.get_visible() and not any(ax in others for others in bars.values()):
            parts = [part.get_tightbbox() for part in (ax, *own)]
            left, bottom, right, top = scale * Bbox.union(parts).extents
            boxes.append((left, height - top, right, height - bottom))
    return [
        [left, top, right, bottom]
        for top, bottom, row in _cut(boxes, 1, height)
        for left, right, _ in _cut(row, 0, width)
    ]


def _colour_bars(ax: Axes) -> list[Axes]:
    return [artist.colorbar.ax for artist in (*ax.images, *ax.collections) if artist.colorbar]


def _cut(boxes: list, side: int, end: int) -> list[tuple[int, int, list]]:
    """Cut between boxes that lie apart along one axis; return (from, to, boxes) of each part."""
    parts: list[list] = []
    for box in sorted(boxes, key=lambda box: box[side]):
        if parts and box[side] + SLACK < max(other[side + 2] for other in parts[-1]):
            parts[-1].append(box)
        else:
            parts.append([box])
    gaps = [
        round((max(box[side + 2] for box in before) + min(box[side] for box in after)) / 2)
        for before, after in pairwise(parts)
    ]
    return list(zip([0, *gaps], [*gaps, end], parts, strict=True))
