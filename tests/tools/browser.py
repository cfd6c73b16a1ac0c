"""Find a Chromium, or install one: the tests of the built book look at it in a real browser."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ON_PATH = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
]
ELSEWHERE = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
]
ADVICE = (
    "The tests of the built book need a browser, and none was found or could be installed. "
    "Install Chromium (Debian, Ubuntu: `apt install chromium`), Chrome or Edge, "
    "or set CHROME_PATH to the program of a browser that is there."
)


class NoBrowserError(RuntimeError):
    """There is no browser, and none can be installed."""


def find_browser() -> str:
    """Return the path of a Chromium-like browser; install one where there is none."""
    given = os.environ.get("CHROME_PATH")
    if given:
        if not Path(given).is_file():
            raise NoBrowserError(f"CHROME_PATH is {given!r}, and there is no such file.")
        return given
    for find in (installed, playwrights_own, debians):
        found = next(find(), None)
        if found:
            return found
    raise NoBrowserError(ADVICE)


def installed() -> Iterator[str]:
    """Yield the browsers that the machine has."""
    for name in ON_PATH:
        path = shutil.which(name)
        if path:
            yield path
    yield from (path for path in ELSEWHERE if Path(path).is_file())


def playwrights_own() -> Iterator[str]:
    """Yield the browser that Playwright downloads, unless the download is refused."""
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=300)
    except subprocess.TimeoutExpired:
        return
    if done.returncode:
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright.chromium.executable_path


def debians() -> Iterator[str]:
    """Yield Debian's Chromium, installed where we may."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return
    subprocess.run(["apt-get", "update", "-qq"], capture_output=True)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]
    if subprocess.run(install, capture_output=True).returncode == 0:
        path = shutil.which("chromium")
        if path:
            yield path


if __name__ == "__main__":
    try:
        print(find_browser())
    except NoBrowserError as missing:
        sys.exit(str(missing))
