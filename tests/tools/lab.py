"""A JupyterLab of one's own, on a free port, with nothing of the user's in it."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import TimeoutError

START = 90  # seconds that JupyterLab may take to start
RUN = 60_000  # milliseconds that a cell may take
OPTIONS = {
    "ServerApp.ip": "127.0.0.1",
    "ServerApp.port": "0",
    "ServerApp.port_retries": "0",
    "ServerApp.allow_root": "True",
    "ServerApp.open_browser": "False",
    "IdentityProvider.token": "",
    "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
}
PRIVATE = {
    "JUPYTER_CONFIG_DIR": "config",
    "JUPYTER_DATA_DIR": "data",
    "JUPYTER_RUNTIME_DIR": "runtime",
    "JUPYTERLAB_SETTINGS_DIR": "settings",
    "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
    "IPYTHONDIR": "ipython",
}


@contextmanager
def jupyterlab(folder: Path, cells: list[str]) -> Iterator[str]:
    """Serve a notebook of these cells; yield its address, and end the server in all cases."""
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    home = folder / "notebooks"
    home.mkdir()
    nbformat.write(notebook, home / "try.ipynb")
    news = folder / "settings" / "@jupyterlab" / "apputils-extension"
    news.mkdir(parents=True)
    (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
    private = {variable: str(folder / name) for variable, name in PRIVATE.items()}
    options = [f"--{key}={value}" for key, value in OPTIONS.items()]
    log = folder / "log.txt"
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--ServerApp.root_dir={home}"],
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | private,
        )
    try:
        yield f"{_address(log, server)}/lab/tree/try.ipynb?reset"
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(log: Path, server: subprocess.Popen) -> str:
    """Return the server's address, once it answers."""
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and server.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\d+", log.read_text())
        if found:
            try:
                urllib.request.urlopen(f"{found[0]}/api", timeout=5).close()
                return found[0]
            except urllib.error.URLError:
                pass
        time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()}")


class Notebook:
    """The notebook on an open page of JupyterLab."""

    def __init__(self, page: Any, address: str):
        self.page = page
        page.goto(address)
        self.cells = page.locator(".jp-Notebook .jp-CodeCell")
        self.cells.first.wait_for(timeout=RUN)
        page.get_by_text("| Idle").wait_for(timeout=RUN)  # the kernel, in the status bar

    def start(self, number: int) -> None:
        """Start a cell."""
        cell = self.cells.nth(number)
        before = self._prompt(number).inner_text()
        for _ in range(5):  # JupyterLab passes over a cell that is started too early
            cell.locator(".cm-content").click()
            self.page.keyboard.press("Control+Enter")
            try:
                self.page.wait_for_function(
                    "([prompt, before]) => prompt.isConnected && prompt.innerText !== before",
                    arg=[self._prompt(number).element_handle(), before],
                    timeout=5000,
                )
                return
            except TimeoutError:
                continue
        raise RuntimeError(f"JupyterLab does not start cell {number}")

    def run(self, number: int) -> str:
        """Run a cell to its end; return what it shows."""
        self.start(number)
        self._prompt(number).filter(has_text=re.compile(r"\[\d+\]")).wait_for(timeout=RUN)
        cell = self.cells.nth(number)
        return "\n".join(cell.locator(".jp-OutputArea-output").all_inner_texts())

    def _prompt(self, number: int) -> Any:
        return self.cells.nth(number).locator(".jp-InputPrompt")

    def is_busy(self, number: int) -> bool:
        """Tell whether a cell is running."""
        return "[*]" in self._prompt(number).inner_text()
