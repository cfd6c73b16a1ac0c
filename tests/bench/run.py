"""Measure what the course promises; print it and write RESULTS.md.

`make bench` measures everything, in about five minutes on two cores that have nothing else to
do. Names of groups as arguments measure those alone, and write nothing:
`python tests/bench/run.py page lab opening python files make`.
"""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1] / "src")]

import in_files  # noqa: E402
import in_lab  # noqa: E402
import in_make  # noqa: E402
import in_page  # noqa: E402
import in_python  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402
from report import RESULTS, Report  # noqa: E402

from tools.browser import FLAGS, NoBrowserError, find_browser  # noqa: E402

GROUPS = {
    "page": ("A slider moved in the built page, opened from disk", in_page.moved),
    "lab": ("A slider moved in JupyterLab", in_lab.moved),
    "opening": ("A page opened from disk", in_page.opened),
    "python": ("A million steps on the ripple", lambda _: in_python.million_steps()),
    "batch": ("10,000 starts, 1,000 steps, 2-D", lambda _: in_python.ten_thousand_starts()),
    "files": ("Sizes, compressed", lambda _: in_files.sizes()),
    "weights": ("Pages and all that they load, compressed", in_files.weights),
    "make": ("The commands", lambda _: in_make.builds()),
}


def main(chosen: list[str]) -> None:
    """Measure the chosen groups, or all."""
    unknown = {*chosen} - {*GROUPS}
    if unknown:
        sys.exit(f"There is no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}.")
    try:
        path = find_browser()
    except NoBrowserError as missing:
        sys.exit(str(missing))
    report = Report()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        for name in chosen or GROUPS:
            title, measure = GROUPS[name]
            report.add(title, measure(browser))
        version = f"Chromium {browser.version}"
        browser.close()
    if not chosen:
        report.write(version)
        print(f"\nwritten to {RESULTS.relative_to(HERE.parents[1])}")


if __name__ == "__main__":
    main(sys.argv[1:])
