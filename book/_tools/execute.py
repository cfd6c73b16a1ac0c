"""Execute the book's notebooks side by side, into the cache that the build reads.

jupyter-cache knows a notebook by its code cells alone. What they import matters as much, so the
whole cache is thrown away when `src/helpers` or the environment changes.
"""

import os
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from myst_nb.core.read import is_myst_markdown_notebook, myst_nb_reader_plugin
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError

from sources import BOOK, BUILD, ROOT, fingerprint

CACHE = BUILD / ".jupyter_cache"
KEY = BUILD / "jupyter-cache-key"
TIMEOUT = 300  # seconds a cell may take


def main() -> None:
    """Execute what is not in the cache yet; stop with the traceback of what failed."""
    failures = execute_book()
    if failures:
        sys.exit("\n\n".join(failures))


def execute_book() -> list[str]:
    """Fill the cache; return what failed, in words."""
    cache = open_cache()
    waiting = []
    for path in notebooks():
        notebook = read(path)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting.append((path, notebook))
    waiting.sort(key=lambda item: -len(item[1].cells))  # long ones first, to finish together
    failures = []
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        runs = {pool.submit(execute, path, notebook): path for path, notebook in waiting}
        for run in as_completed(runs):
            path = runs[run]
            try:
                notebook, seconds = run.result()
            except (CellExecutionError, CellTimeoutError) as error:
                failures.append(f"{path.relative_to(ROOT)} does not run:\n{error}")
                continue
            data = {"execution_seconds": seconds}
            bundle = CacheBundleIn(notebook, str(path), data=data)
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
            print(f"book: executed {path.name} in {seconds:.1f} s", flush=True)
    return failures


def notebooks() -> list[Path]:
    """Return the pages of the book that hold code: notebooks, and Markdown with code cells."""
    pages = [page for page in BOOK.glob("*.md") if is_myst_markdown_notebook(page.read_text())]
    return sorted([*pages, *BOOK.glob("*.ipynb")])


def read(path: Path) -> nbformat.NotebookNode:
    """Read a notebook in either of its forms."""
    if path.suffix == ".md":
        return myst_nb_reader_plugin(str(path))
    return nbformat.read(path, as_version=4)


def open_cache():
    """Return the cache, emptied first if what it was computed with has changed."""
    key = fingerprint([ROOT / "src" / "helpers", ROOT / "constraints.txt"])
    if CACHE.exists() and (not KEY.exists() or KEY.read_text() != key):
        shutil.rmtree(CACHE)
    cache = get_cache(str(CACHE))
    cache.path  # noqa: B018  (makes the folder)
    KEY.write_text(key)
    return cache


def execute(path: Path, notebook: nbformat.NotebookNode) -> tuple[nbformat.NotebookNode, float]:
    """Run one notebook in a kernel of its own, in the folder where it stands."""
    started = time.monotonic()
    where = {"metadata": {"path": str(path.parent)}}
    client = NotebookClient(
        notebook,
        timeout=TIMEOUT,
        resources=where,
        record_timing=False,  # or the cache would not know the notebook again
        extra_arguments=["--IPKernelApp.log_level=ERROR"],  # or a kernel warns about its port
    )
    client.execute()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return notebook, time.monotonic() - started


def joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Put together what was printed in one go: a busy kernel sends it in pieces, cut anywhere."""
    whole: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = whole[-1] if whole else None
        if (
            last
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            whole.append(output)
    return whole


if __name__ == "__main__":
    main()
