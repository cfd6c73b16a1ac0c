"""Look at a page as a reader's browser does, and write down what it asks for and complains of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OWN = ("http://127.0.0.1", "file:", "data:", "blob:")


@dataclass
class Visit:
    """A page that is open, and what has happened on it so far."""

    page: object
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def external(self) -> list[str]:
        """What the page asked other machines for."""
        return [address for address in self.requests if not address.startswith(OWN)]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def axe(self, source: str) -> list[str]:
        """Return what axe finds wrong, one line for each kind of mistake."""
        self.page.evaluate(source)
        options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
        found = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{rule['id']}: {rule['help']}: {[node['html'][:160] for node in rule['nodes'][:3]]}"
            for rule in found["violations"]
        ]


@contextmanager
def visit(browser, address: str, *, width: int = 1280, mode: str = "light", **options) -> Iterator:
    """Open a page in a window of its own; `options` are those of Playwright's new_context."""
    size = {"width": width, "height": 900}
    context = browser.new_context(viewport=size, color_scheme=mode, **options)
    page = context.new_page()
    seen = Visit(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("requestfailed", lambda request: seen.complaints.append(f"not there: {request.url}"))
    page.on("pageerror", lambda error: seen.complaints.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            seen.complaints.append(f"console: {message.text}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    page.goto(address)
    page.wait_for_load_state()
    try:
        yield seen
    finally:
        context.close()
