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


def _figures(page: str) -> list[Figure]:
    if not (SITE / page).exists():
        return []
    scripts = WIDGET.findall((SITE / page).read_text("utf8"))
    models = {}
    for kind, text in scripts:
        if kind == "state":
            models |= json.loads(text)["state"]
    roots = [json.loads(text)["model_id"] for kind, text in scripts if kind == "view"]
    classes = [models[root]["state"].get("_dom_classes", []) for root in roots]
    names = [names[-1] for names in classes if "playground" in names]
    return [Figure(page, number, name) for number, name in enumerate(names)]
