"""The notebooks' execution into the cache that the build reads."""

import nbformat
import pytest
from jupyter_cache import get_cache

import execute
import sources
from execute import joined
from sources import fingerprint

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A book of its own, with a cache of its own; gives a function that writes a notebook."""
    monkeypatch.setattr(execute, "BOOK", tmp_path)
    monkeypatch.setattr(execute, "ROOT", tmp_path)
    monkeypatch.setattr(execute, "open_cache", lambda: get_cache(str(tmp_path / "cache")))

    def write(name: str, code: str) -> None:
        cell = nbformat.v4.new_code_cell(code, metadata={"tags": ["hide-input"]})
        notebook = nbformat.v4.new_notebook(cells=[cell], metadata=KERNEL)
        nbformat.write(notebook, tmp_path / f"{name}.ipynb")

    return write


def test_what_is_executed_is_found_again(book, capsys):
    book("lesson", "print(6 * 7)")
    assert execute.execute_book() == []
    assert "executed lesson.ipynb" in capsys.readouterr().out
    assert execute.execute_book() == []
    assert capsys.readouterr().out == ""


def test_a_notebook_that_fails_is_named_and_others_are_kept(book, capsys):
    book("good", "1 + 1")
    book("bad", "1 / 0")
    (failure,) = execute.execute_book()
    assert "bad.ipynb does not run" in failure
    assert "ZeroDivisionError" in failure
    assert "executed good.ipynb" in capsys.readouterr().out


def test_pieces_of_what_was_printed_are_joined_as_they_were():
    def stream(text, name="stdout"):
        return nbformat.v4.new_output("stream", name=name, text=text)

    picture = nbformat.v4.new_output("display_data", data={"text/plain": "A figure"})
    pieces = [
        stream("from 6.85"),
        stream(", minimum 0.2\n"),
        picture,
        stream("end"),
        stream("!", "stderr"),
    ]
    whole = [stream("from 6.85, minimum 0.2\n"), picture, stream("end"), stream("!", "stderr")]
    assert joined(pieces) == whole


def test_a_fingerprint_changes_with_the_text_the_name_and_the_words(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "one.txt").write_text("1")
    first = fingerprint([folder], "word")
    assert fingerprint([folder], "word") == first
    assert fingerprint([folder], "other") != first
    (folder / "one.txt").write_text("2")
    second = fingerprint([folder], "word")
    assert second != first
    (folder / "one.txt").rename(folder / "two.txt")
    assert fingerprint([folder], "word") not in (first, second)


def test_a_fingerprint_passes_over_what_tools_leave_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    (tmp_path / "one.txt").write_text("1")
    before = fingerprint([tmp_path])
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("1")
    assert fingerprint([tmp_path]) == before
