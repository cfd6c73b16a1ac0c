"""Write the notebooks as they are committed: small, and the same whoever writes them.

What stays of a run is the text that nbval compares. Pictures, widgets and everything else that
each run makes anew goes; the book's build, which executes the notebooks, has it all.
"""

import hashlib
import sys

import nbformat
from nbformat import NotebookNode

import execute
from sources import BOOK

PICTURES = ("image/", "application/papermill.record/image/")
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
CELL_METADATA = ("mystnb", "tags")


def main() -> None:
    """Execute what has changed, and write each notebook that is not yet as it should be."""
    failures = execute.execute_book()
    if failures:
        sys.exit("\n\n".join(failures))
    cache = execute.open_cache()
    for path in sorted(BOOK.glob("*.ipynb")):
        _, executed = cache.merge_match_into_notebook(execute.read(path))
        text = written(executed)
        if path.read_text("utf8") != text:
            path.write_text(text, "utf8")
            print(f"notebooks: wrote book/{path.name}")


def written(notebook: NotebookNode) -> str:
    """Return the text of the file that is committed for an executed notebook."""
    ids: set[str] = set()
    cells = [committed(cell, ids) for cell in notebook.cells]
    slim = nbformat.v4.new_notebook(cells=cells, metadata=NOTEBOOK_METADATA)
    slim.nbformat_minor = 5
    nbformat.validate(slim)
    return nbformat.writes(slim) + "\n"


def committed(cell: NotebookNode, ids: set[str]) -> NotebookNode:
    """Return what is kept of a cell."""
    metadata = {name: cell.metadata[name] for name in CELL_METADATA if cell.metadata.get(name)}
    if "hide-input" in metadata.get("tags", []):
        metadata["jupyter"] = {"source_hidden": True}  # folded in JupyterLab as in the book
    kept = NotebookNode(
        id=cell_id(cell, ids), cell_type=cell.cell_type, metadata=metadata, source=cell.source
    )
    if cell.cell_type == "code":
        # Numbers would change in every later cell when one is put in; nbval wants only a number.
        kept.execution_count = 1
        kept.outputs = [output for output in map(text_of, cell.outputs) if output]
    return kept


def cell_id(cell: NotebookNode, ids: set[str]) -> str:
    """Return an id that depends on the cell's text, not on chance or on other cells."""
    text, n = f"{cell.cell_type}\n{cell.source}", 0
    while (name := hashlib.sha256(f"{text}{n or ''}".encode()).hexdigest()[:8]) in ids:
        n += 1
    ids.add(name)
    return name


def text_of(output: NotebookNode) -> NotebookNode | None:
    """Return the part of an output that nbval compares, or nothing."""
    if output.output_type == "stream":
        return NotebookNode(output_type="stream", name=output.name, text=output.text)
    if output.output_type == "error":
        return NotebookNode(
            output_type="error", ename=output.ename, evalue=output.evalue, traceback=[]
        )
    data = {
        kind: value
        for kind, value in output.data.items()
        if not kind.startswith(PICTURES) and kind != WIDGET_VIEW
    }
    if not data:
        return None
    kept = NotebookNode(output_type=output.output_type, metadata={}, data=data)
    if output.output_type == "execute_result":
        kept.execution_count = 1
    return kept


if __name__ == "__main__":
    main()
