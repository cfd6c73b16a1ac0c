"""Notebooks as they are committed: the text that nbval compares, nothing of one run only."""

from pathlib import Path

import nbformat
import pytest

from notebooks import text_of, written

CHAPTERS = sorted((Path(__file__).resolve().parents[1] / "book").glob("*.ipynb"))


def notebook(*outputs: dict, source: str = "f()", **metadata) -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source, outputs=list(outputs), metadata=metadata)
    return nbformat.v4.new_notebook(cells=[cell], metadata={"widgets": {"state": 1}})


def stored(node: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return nbformat.reads(written(node), as_version=4)


def test_pictures_and_widgets_go_and_their_text_stays():
    view = "application/vnd.jupyter.widget-view+json"
    data = {"text/plain": "A curve.", "image/png": "aaaa", view: {"model_id": "1"}}
    output = nbformat.v4.new_output("display_data", data=data, metadata={"image/png": {}})
    result = stored(notebook(output))
    assert result.cells[0].outputs[0].data == {"text/plain": "A curve."}
    assert result.cells[0].outputs[0].metadata == {}
    assert "widgets" not in result.metadata


def test_an_output_that_is_only_a_picture_goes():
    assert text_of(nbformat.v4.new_output("display_data", data={"image/png": "aaaa"})) is None


def test_what_is_printed_stays():
    output = nbformat.v4.new_output("stream", name="stdout", text="0.8\n")
    assert stored(notebook(output)).cells[0].outputs == [output]


def test_each_cell_counts_as_run_so_that_nbval_compares_it():
    assert stored(notebook()).cells[0].execution_count == 1


def test_an_id_comes_from_the_text_and_occurs_once():
    cells = [nbformat.v4.new_markdown_cell("same") for _ in range(3)]
    first, second = (
        [cell.id for cell in stored(nbformat.v4.new_notebook(cells=cells[start:])).cells]
        for start in (0, 1)
    )
    assert len(set(first)) == 3
    assert first[:2] == second


def test_a_cell_folded_in_the_book_is_folded_in_jupyterlab():
    result = stored(notebook(tags=["hide-input"], collapsed=True))
    assert result.cells[0].metadata == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}}


def test_writing_twice_changes_nothing():
    once = written(notebook(nbformat.v4.new_output("stream", name="stdout", text="0.8\n")))
    assert written(nbformat.reads(once, as_version=4)) == once


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_stored_as_make_notebooks_writes_it(path):
    assert path.read_text("utf8") == written(nbformat.read(path, as_version=4))
