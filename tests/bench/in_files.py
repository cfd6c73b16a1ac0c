"""The files of the site: sizes, what a page loads, whom it asks."""

import gzip
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from report import Row

from tools.playgrounds import DESK, unfold
from tools.site import SITE, pages

NOT_WEIGHED = {".woff", ".woff2", ".ttf", ".png", ".jpg", ".svg", ".ico"}
HOST = SITE / "_static" / "page_host"


def sizes() -> list[Row]:
    """Weigh the page host and the playground's module as the site holds them."""
    host = packed(HOST / "page_host.js")
    modules = [path for path in HOST.glob("*.js") if path.name != "page_host.js"]
    code = sum(packed(path) for path in modules if "export default" in path.read_text("utf8"))
    looks = sum(packed(path) for path in modules if "export default" not in path.read_text("utf8"))
    return [
        Row("page host, script", kilobytes(host), "<= 6 kB", host <= 6000),
        Row("page host, style sheet", kilobytes(packed(HOST / "page_host.css"))),
        Row(
            "playground's module with all its scenes", kilobytes(code), "<= 20 kB", code <= 20_000
        ),
        Row("playground's style sheet", kilobytes(looks)),
    ]


def weights(browser: Any) -> list[Row]:
    """Open each page from disk; weigh what it loads, and count what it asks of others."""
    rows, strangers = [], []
    context = browser.new_context(**DESK)
    for name in pages():
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.goto((SITE / name).as_uri())
        unfold(page)
        page.close()
        strangers += [url for url in asked if urlsplit(url).scheme in ("http", "https")]
        files = {Path(unquote(urlsplit(url).path)) for url in asked if url.startswith("file:")}
        text = sum(packed(file) for file in files if file.suffix not in NOT_WEIGHED)
        rest = sum(file.stat().st_size for file in files if file.suffix in NOT_WEIGHED)
        measured = f"{kilobytes(text)} (fonts and pictures {kilobytes(rest)}), {len(files)} files"
        rows.append(Row(name, measured, "<= 400 kB", text <= 400_000))
    context.close()
    rows.append(
        Row("external requests of the whole site", str(len(strangers)), "0", not strangers)
    )
    return rows


def packed(path: Path) -> int:
    """Return a file's size as a server sends it."""
    return len(gzip.compress(path.read_bytes(), 6))


def kilobytes(size: int) -> str:
    """Return a size in words."""
    return f"{size / 1000:.1f} kB"
