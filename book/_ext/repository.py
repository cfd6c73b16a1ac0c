"""Buttons and previews that need the repository's address, only where it is known.

The address is the environment variable DOWNHILL_REPOSITORY, or git's origin if that is on
GitHub. Without one, a page has no launch button rather than one that leads nowhere.
"""

import os
import re
import subprocess
from pathlib import Path

GITHUB = re.compile(r"github\.com[:/](?P<owner>[\w.-]+)/(?P<name>[\w.-]+?)(?:\.git)?/?$")


def address(folder: Path) -> tuple[str, str] | None:
    """Return (owner, name) of the repository on GitHub, or None where it has no such address."""
    given = os.environ.get("DOWNHILL_REPOSITORY") or origin(folder)
    found = GITHUB.search(given)
    return (found["owner"], found["name"]) if found else None


def origin(folder: Path) -> str:
    """Return the address of git's origin, or nothing."""
    git = ["git", "-C", str(folder), "config", "--get", "remote.origin.url"]
    try:
        return subprocess.run(git, capture_output=True, text=True).stdout.strip()
    except FileNotFoundError:
        return ""


def configure(app, config) -> None:
    """Set the theme's options from the address, or take off what needs one."""
    options = config.html_theme_options
    found = address(Path(app.srcdir))
    if found is None:
        for name in ["repository_url", "repository_branch", "path_to_docs", "launch_buttons"]:
            options.pop(name, None)
        return
    options["repository_url"] = "https://github.com/{}/{}".format(*found)
    options["repository_branch"] = os.environ.get("DOWNHILL_BRANCH", "main")
    options["path_to_docs"] = "book"
    options["use_repository_button"] = True


def setup(app) -> dict:
    """Register with Sphinx; previews for other sites need absolute addresses."""
    app.connect("config-inited", configure, priority=100)
    found = address(Path(app.srcdir))
    if found:
        app.config.ogp_site_url = "https://{}.github.io/{}/".format(*found)
        app.config.ogp_social_cards = {"enable": False}
        app.setup_extension("sphinxext.opengraph")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
