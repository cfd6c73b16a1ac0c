"""The built page: a slider moved, a page opened."""

from typing import Any

from keys import WATCH, latencies, own_work, repeat
from report import Row, both, median, p95

from tools.playgrounds import DESK, READY
from tools.site import SITE, figures, pages

FRAME = 16.7  # ms
OPENINGS = 7
OPENED = """() => {
  const [first] = performance.getEntriesByName("first-contentful-paint");
  const seen = bench.paints.find((time) => time > 0);
  return [first.startTime, seen];
}"""


def moved(browser: Any) -> list[Row]:
    """Measure each playground of the book on its page, opened from disk."""
    rows = []
    context = browser.new_context(**DESK)
    context.add_init_script(WATCH)
    page = context.new_page()
    for figure in figures():
        page.goto("about:blank")
        page.goto((SITE / figure.page).as_uri())
        page.wait_for_function(READY)
        root = page.locator(".playground").nth(figure.number)
        slider = root.locator("input[name=learning_rate]")
        slider.scroll_into_view_if_needed()
        times, work = latencies(page, slider), own_work(page, slider)
        pictures, late = repeat(page, slider)
        kept = median(times) < FRAME and p95(work) < 4
        rows.append(
            Row(
                f"{figure}: key to picture; own work; key repeated for 2 s",
                f"{both(times)}; {both(work)}; {pictures} pictures of 60, ends {late:.0f} ms late",
                "median < 16.7; p95 of own work < 4",
                kept,
            )
        )
    context.close()
    return rows


def opened(browser: Any) -> list[Row]:
    """Measure how long after a page's first paint its first playground is drawn."""
    rows = []
    for name in [page for page in pages() if any(each.page == page for each in figures())]:
        waits, firsts = [], []
        for _ in range(OPENINGS):
            context = browser.new_context(**DESK)
            context.add_init_script(WATCH)
            page = context.new_page()
            page.goto((SITE / name).as_uri())
            page.wait_for_function(READY)
            page.wait_for_function("bench.paints.length")
            first, ready = page.evaluate(OPENED)
            waits.append(max(0.0, ready - first))
            firsts.append(first)
            context.close()
        rows.append(
            Row(
                f"{name}: first paint to first playground ready (first paint at)",
                f"{both(waits)} ({median(firsts):.0f})",
                "median <= 300",
                median(waits) <= 300,
            )
        )
    return rows
