"""Every notebook runs from a clean kernel, and one that claims something false is noticed."""

from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
NOTEBOOKS = sorted(path for path in EXAMPLES.glob("*.py") if "# %%" in path.read_text(encoding="utf-8"))
MINUTES = 10  # a cell that hangs is stopped after so many
# The kernel's own machinery (zmq, asyncio) warns about its future; the notebooks are what is tested.
pytestmark = pytest.mark.filterwarnings("default")


def executed(text: str, folder: Path) -> list[dict]:
    """The cells of a notebook in percent format, run in a clean kernel."""
    notebook = jupytext.reads(text, fmt="py:percent")
    client = NotebookClient(notebook, timeout=60 * MINUTES, kernel_name="python3")
    return client.execute(cwd=str(folder)).cells


def test_there_is_a_notebook_for_every_chapter():
    chapters = {path.name for path in (EXAMPLES.parent / "derivations").iterdir() if any(path.glob("*.py"))}
    assert chapters <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_a_clean_kernel_and_shows_statements_and_a_picture(path, tmp_path):
    cells = executed(path.read_text(encoding="utf-8"), tmp_path)
    shown = [output for cell in cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output for output in shown if output.output_type == "error"] == []
    kinds = {kind for output in shown for kind in output.get("data", {})}
    assert {"text/html", "image/png"} <= kinds


@pytest.mark.parametrize("false", ["assert 1 + 1 == 3", "raise ValueError", "no_such_letter"])
def test_a_notebook_that_fails_is_noticed(false, tmp_path):
    with pytest.raises(CellExecutionError):
        executed(f"# %%\n1 + 1\n\n# %%\n{false}\n", tmp_path)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_prose_stands_between_the_ideas_of_a_notebook(path):
    """A cell is short, and a function in it is shorter: the mathematics is in the house, not in the notebook."""
    cells = jupytext.read(path).cells
    assert cells[0].cell_type == "markdown" and any("## Exercises" in cell.source for cell in cells)
    for cell in cells:
        if cell.cell_type == "code" and "import" not in cell.source:
            assert len(cell.source.splitlines()) <= 9, cell.source
