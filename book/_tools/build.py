"""Build the book: execute its notebooks, then a strict Jupyter Book build of the pages.

Nothing happens when nothing has changed since the last build that succeeded.
"""

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from sources import BOOK, BUILD, ROOT, fingerprint

HTML = BUILD / "html"
STAMP = BUILD / "book-stamp"
JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "SOURCE_DATE_EPOCH": "1767225600",  # the same build twice is the same bytes twice
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    "PYTHONWARNINGS": "ignore::DeprecationWarning",
}


def main() -> None:
    """Build the book if it is not up to date, and say where it is."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    BUILD.mkdir(exist_ok=True)
    with open(BUILD / "lock", "w") as lock:  # two builds at once would tear the pages
        fcntl.flock(lock, fcntl.LOCK_EX)
        if up_to_date():
            print("book: nothing has changed since it was built")
        else:
            build()
    print(
        f"book: open {(HTML / 'index.html').relative_to(ROOT)} in a browser, or run `make serve`"
    )


def up_to_date() -> bool:
    """Tell whether the built site is the one that today's sources give."""
    return HTML.exists() and STAMP.exists() and STAMP.read_text() == source_key()


def source_key() -> str:
    """Return a hash of everything that decides how the site looks."""
    paths = [BOOK, ROOT / "src", ROOT / "_config.yml", ROOT / "_toc.yml", ROOT / "constraints.txt"]
    return fingerprint(paths, os.environ.get("DOWNHILL_REPOSITORY", ""), remote())


def remote() -> str:
    """Return the address of the repository's origin, or nothing."""
    git = ["git", "-C", str(ROOT), "config", "--get", "remote.origin.url"]
    try:
        return subprocess.run(git, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""


def build() -> None:
    """Execute and build from the beginning; leave with an error where anything is wrong."""
    import execute  # takes two seconds, which an unchanged book need not wait for

    started = time.monotonic()
    key = source_key()
    STAMP.unlink(missing_ok=True)
    execute.main()
    for folder in [HTML, BUILD / ".doctrees"]:  # a second build over a failed one would pass
        shutil.rmtree(folder, ignore_errors=True)
    command = [JUPYTER_BOOK, "build", "book", "--config", "_config.yml"]
    options = ["--toc", ROOT / "_toc.yml", "--path-output", ".", "-W", "-n", "--keep-going", "-q"]
    print("book: building the pages ...", flush=True)
    if subprocess.run([*command, *options], cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        sys.exit("book: the build has warnings or errors (see above); each counts as a failure")
    STAMP.write_text(key)
    print(f"book: built in {time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
