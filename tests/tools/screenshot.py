"""Take a picture of the built book: `python tests/tools/screenshot.py PAGE.html#PLACE OUT.png`.

The page is shown in a window of 1280 by 800 pixels, at twice the density, scrolled to the place
that the address names; its widgets are alive.
"""

import sys
from pathlib import Path

SITE = Path(__file__).resolve().parents[2] / "_build" / "html"


def main(address: str, target: str) -> None:
    """Write the picture."""
    from browser import FLAGS, find_browser
    from playwright.sync_api import sync_playwright

    page_name, _, place = address.partition("#")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, device_scale_factor=2)
        page.goto((SITE / page_name).as_uri() + (f"#{place}" if place else ""))
        page.wait_for_timeout(1500)  # the figures have been drawn
        page.screenshot(path=target)
        browser.close()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__.splitlines()[0])
    main(*sys.argv[1:])
