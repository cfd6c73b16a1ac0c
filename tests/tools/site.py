"""What the built book consists of: its pages, and the playgrounds on them."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"
NOT_PAGES = {"_static", "_sources", "_images", "reports"}
WIDGET = re.compile(
    r'<script type="application/vnd\.jupyter\.widget-(state|view)\+json">(.*?)</script>', re.DOTALL
)


@dataclass(frozen=True)
class Figure:
    """One playground: where it stands, and what its author called it."""

    page: str
    number: int
    name: str
    make: str  # its kind of scene and its controls

    def __str__(self) -> str:
        return f"{self.page.removesuffix('.html')}-{self.name}"


@cache
def pages() -> list[str]:
    """Return the built pages, as addresses inside the site; the front page where none is built."""
    found = [path.relative_to(SITE) for path in sorted(SITE.rglob("*.html"))]
    return [path.as_posix() for path in found if path.parts[0] not in NOT_PAGES] or ["index.html"]


@cache
def figures() -> list[Figure]:
    """Return the playgrounds of all pages, from the widget state that the pages hold."""
    return [figure for page in pages() for figure in _figures(page)]


@cache
def makes() -> list[Figure]:
    """Return the first playground of each make: of one kind of scene with the same controls."""
    first = {figure.make: figure for figure in reversed(figures())}
    return [figure for figure in figures() if figure is first[figure.make]]


def _figures(page: str) -> list[Figure]:
    if not (SITE / page).exists():
        return []
    scripts = WIDGET.findall((SITE / page).read_text("utf8"))
    models = {}
    for kind, text in scripts:
        if kind == "state":
            models |= json.loads(text)["state"]
    states = {name: model["state"] for name, model in models.items()}
    views = [json.loads(text)["model_id"] for kind, text in scripts if kind == "view"]
    roots = [states[view] for view in views if "playground" in states[view]["_dom_classes"]]
    return [
        Figure(page, number, root["_dom_classes"][-1], _make(root, states))
        for number, root in enumerate(roots)
    ]


def _make(root: dict, states: dict) -> str:
    children = [states[child.removeprefix("IPY_MODEL_")] for child in root["children"]]
    [scene] = [child["scene"] for child in children if "scene" in child]
    return " ".join([scene["kind"], *scene["controls"]])
