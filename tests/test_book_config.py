"""What the book is made from agrees with itself: pins, table of contents, sources, notebooks."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from pybtex.database import parse_file

ROOT = Path(__file__).resolve().parents[1]
BOOK = ROOT / "book"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s#]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    """The packages that a file pins, under their canonical names."""
    found = PINNED.findall((ROOT / name).read_text("utf8"))
    return {re.sub(r"[-_.]+", "-", package).lower(): version for package, version in found}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_and_agree_with_the_constraints(name):
    everything = pins("constraints.txt")
    assert pins(name).items() <= everything.items()
    loose = [
        line
        for line in (ROOT / name).read_text("utf8").splitlines()
        if line and not line.startswith(("#", "-")) and not PINNED.match(line)
    ]
    assert loose == []


def test_what_a_reader_installs_holds_all_that_the_package_needs():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf8"))["project"]
    needed = {re.match(r"[\w.-]+", line)[0] for line in project["dependencies"]}
    assert needed <= pins("requirements.txt").keys()
    assert (ROOT / "requirements.txt").read_text("utf8").splitlines()[-1] == "-e ."


def test_the_table_of_contents_takes_every_chapter_in_the_order_of_the_names():
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text("utf8"))
    entries = [entry for part in toc["parts"] for entry in part["chapters"]]
    named = [toc["root"], *(entry["file"] for entry in entries if "file" in entry)]
    for name in named:
        assert any((BOOK / f"{name}{suffix}").exists() for suffix in (".md", ".ipynb")), name
    taken = {page for entry in entries if "glob" in entry for page in BOOK.glob(entry["glob"])}
    assert taken | {BOOK / f"{name}.md" for name in named} >= {*BOOK.glob("*.ipynb")}


def test_every_source_says_who_what_when_and_where():
    for key, entry in parse_file(str(BOOK / "references.bib")).entries.items():
        assert entry.persons["author"] and entry.fields["title"], key
        assert key.endswith(entry.fields["year"]), key
        where = {"journal", "booktitle", "publisher", "howpublished"} & set(entry.fields.keys())
        assert where, key
        assert {"doi", "url"} & set(entry.fields.keys()) or entry.type == "book", key


def test_make_help_lists_every_command():
    makefile = (ROOT / "Makefile").read_text("utf8")
    phony = re.search(r"\.PHONY: (.*)", makefile)[1].split()
    silent = ["make", "--no-print-directory", "help"]
    done = subprocess.run(silent, cwd=ROOT, capture_output=True, text=True, check=True)
    assert [line.split()[1] for line in done.stdout.splitlines()] == phony
    assert all(len(line.split()) > 3 for line in done.stdout.splitlines())


def test_no_check_is_silenced():
    scripts = [ROOT / "Makefile", ROOT / ".ci" / "run", *(ROOT / ".github").rglob("*.yml")]
    assert [path.name for path in scripts if "|| true" in path.read_text("utf8")] == []


def test_without_a_python_that_is_new_enough_set_up_says_what_to_do(tmp_path):
    old = tmp_path / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    script = ["/bin/sh", "book/_tools/find_python.sh"]
    done = subprocess.run(
        script, cwd=ROOT, env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "No Python 3.11 or newer was found" in done.stderr
    assert "apt install" in done.stderr


def test_set_up_has_nothing_to_do_where_nothing_has_changed():
    script = [sys.executable, "book/_tools/environment.py"]
    done = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=10)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
