"""What `show` said is read again while nothing that it was made from has changed, and never afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.catalogue import Catalogue
from workbench.showing.kept import Kept

OWN = "vectors.gaussian.length"
KEPT = Path(".workbench") / "shown"
LOADED = """
import sys
from workbench.cli import main
sys.argv[0] = "workbench"
try:
    main()
except SystemExit as end:
    assert not end.code
sys.stderr.write(repr({"sympy", "torch", "numpy"} & set(sys.modules)))
"""


def show() -> str:
    """What a command of its own shows."""
    command = [sys.executable, "-m", "workbench", "show", OWN]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def here(folder, monkeypatch):
    """A folder that has a record."""
    monkeypatch.chdir(folder.root)
    Path(".workbench").mkdir()
    return folder


def test_a_claim_that_was_shown_is_shown_again_without_anything_heavy(here):
    first = show()
    done = subprocess.run([sys.executable, "-c", LOADED, "show", OWN], capture_output=True, text=True, check=True)
    assert done.stdout == first and done.stderr == "set()"


def test_where_there_is_no_record_nothing_is_written(folder, monkeypatch):
    monkeypatch.chdir(folder.root)
    assert show() and not Path(".workbench").exists()


def test_what_a_process_says_that_loaded_its_files_earlier_is_not_kept(here, workbench, monkeypatch):
    monkeypatch.chdir(here.root)
    assert workbench("show", OWN).code == 0 and not KEPT.exists()


@pytest.mark.parametrize(("wing", "old", "new"), [
    ("derivations", "The mean squared length", "Its mean squared length"),
    ("numerics", "Squared length of one vector", "Squared length of a single vector"),
])  # fmt: skip
def test_what_has_changed_is_shown_anew(here, wing, old, new):
    first = show()
    here.edit(wing, "vectors.gaussian", old, new)
    changed = show()
    assert old in first and new in changed and new not in first and old not in changed
    here.edit(wing, "vectors.gaussian", new, old)
    assert show() == first


def test_a_text_that_is_damaged_or_another_is_not_believed(here):
    first, entry = show(), Catalogue((here.root,)).claim(OWN)
    (path,) = KEPT.iterdir()
    sound = path.read_text()
    lie = json.dumps({**json.loads(sound), "said": first.replace("s*tr(Sigma)", "tr(Sigma)")})
    for damage in ("", "{", "[]", "null", '{"said": "a lie", "seal": ""}', "[" * 10000, sound[:-3] + '0"}', lie):
        path.write_text(damage)
        assert Kept([entry], "text").find(entry) is None
    path.write_text(lie)
    assert show() == first and path.read_text() == sound


def test_a_place_that_cannot_be_written_costs_no_answer(here):
    KEPT.write_text("no folder")
    assert show() == show() != ""
