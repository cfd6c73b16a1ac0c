"""Where the book's files are, and whether they have changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
BUILD = ROOT / "_build"
LEFTOVERS = {"__pycache__", ".ipynb_checkpoints", ".jupyter_cache", "_build", ".virtual_documents"}


def fingerprint(paths: Iterable[Path], *words: str) -> str:
    """Return a hash of these files, of all files in these folders, and of some words."""
    digest = hashlib.sha256()
    for path in sorted(file for start in paths for file in files(start)):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    digest.update("\0".join(words).encode())
    return digest.hexdigest()


def files(path: Path) -> Iterable[Path]:
    """Yield a file itself, or the files below a folder that somebody wrote."""
    if path.is_dir():
        for child in path.iterdir():
            if child.name not in LEFTOVERS and not child.name.endswith(".egg-info"):
                yield from files(child)
    elif path.exists():
        yield path
