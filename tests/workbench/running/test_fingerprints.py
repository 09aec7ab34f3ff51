"""Fingerprints: whatever a verdict depends on changes its key, and nothing else does."""

import os

import pytest

from workbench.catalogue import Catalogue
from workbench.running import fingerprints
from workbench.running.fingerprints import Reading, key_of


def keys(folder, **choice):
    """The key of every claim of a folder, its files read afresh."""
    options = {"standard": "quick", "seed": 0} | choice
    reading = Reading()
    return {entry.id: key_of(entry, **options, reading=reading) for entry in Catalogue((folder.root,)).entries}


def changed(before, after):
    """The claims whose key is another one."""
    return {name for name in before if before[name] != after[name]}


@pytest.fixture
def three(folder):
    """Three theorems in two chapters; the first twin uses a helper that uses another."""
    folder.write("vectors.second").write("other.third")
    (folder.root / "numerics" / "vectors" / "draws.py").write_text("from . import widths\n\nWIDTH = widths.WIDTH\n")
    (folder.root / "numerics" / "vectors" / "widths.py").write_text("WIDTH = 1\n")
    folder.edit("numerics", "vectors.gaussian", "import torch\n", "import torch\n\nfrom .draws import WIDTH\n")
    return folder


def test_the_key_depends_on_standard_and_seed(folder):
    assert len({str(keys(folder, **choice)) for choice in ({}, {"seed": 1}, {"standard": "strict"})}) == 3
    assert keys(folder) == keys(folder)


@pytest.mark.parametrize(
    ("wing", "old", "new"), [("derivations", "dot(x, x)", "dot(x, x) * 1"), ("numerics", "x @ x", "x @ x * 1")]
)
def test_touching_a_theorem_changes_its_key_and_no_other(three, wing, old, new):
    before = keys(three)
    three.edit(wing, "vectors.second", old, new)
    assert changed(before, keys(three)) == {"vectors.second.length"}


def test_a_comment_or_another_layout_changes_nothing(three):
    before = keys(three)
    three.edit("numerics", "vectors.gaussian", "    return s * (x @ x)", "    # squared\n\n    return s*(x @ x)")
    os.utime(three.root / "numerics" / "vectors" / "widths.py", (0, 0))
    assert keys(three) == before


@pytest.mark.parametrize("helper", ["draws", "widths"])
def test_touching_a_helper_changes_the_keys_of_all_who_import_it_and_no_other(three, helper):
    three.edit("numerics", "vectors.second", "import torch\n", "import torch\nimport numerics.vectors.widths\n")
    before = keys(three)
    path = three.root / "numerics" / "vectors" / f"{helper}.py"
    path.write_text(path.read_text() + "\nDEPTH = 2\n")
    users = {"vectors.gaussian.length", "vectors.second.length"} if helper == "widths" else {"vectors.gaussian.length"}
    assert changed(before, keys(three)) == users


def test_a_helper_of_the_derivation_counts_and_so_does_a_package_on_the_way(three):
    (three.root / "derivations" / "shared").mkdir()
    (three.root / "derivations" / "shared" / "laws.py").write_text("ONE = 1\n")
    three.edit("derivations", "other.third", 'd = size("d")', 'from ..shared.laws import ONE\n\nd = size("d")')
    before = keys(three)
    (three.root / "derivations" / "shared" / "laws.py").write_text("ONE = 1 + 0\n")
    assert changed(before, keys(three)) == {"other.third.length"}
    before = keys(three)
    (three.root / "derivations" / "shared" / "__init__.py").write_text("TWO = 2\n")
    assert changed(before, keys(three)) == {"other.third.length"}


def test_data_beside_a_theorem_counts_and_what_an_editor_leaves_does_not(three):
    before = keys(three)
    for leftover in (".draft.csv", "table.csv~"):
        (three.root / "numerics" / "other" / leftover).write_text("1")
    assert keys(three) == before
    (three.root / "numerics" / "other" / "tables").mkdir()
    (three.root / "numerics" / "other" / "tables" / "roots.csv").write_text("1")
    assert changed(before, keys(three)) == {"other.third.length"}


def test_what_recalls_another_theorem_depends_on_it(three):
    three.edit(
        "derivations", "other.third", 'd = size("d")', 'from ..vectors.second import length as l\n\nd = size("d")'
    )
    before = keys(three)
    three.edit("derivations", "vectors.second", "dot(x, x)", "dot(x, x) * 1")
    assert changed(before, keys(three)) == {"other.third.length", "vectors.second.length"}


@pytest.mark.parametrize("name", ["judge.py", "table.json"])
def test_touching_the_workbench_changes_every_key(folder, monkeypatch, tmp_path, name):
    before = keys(folder)
    (tmp_path / "workbench").mkdir()
    (tmp_path / "workbench" / name).write_text("[]\n")
    monkeypatch.setattr(fingerprints, "HOME", tmp_path)
    one = keys(folder)
    (tmp_path / "workbench" / name).write_text("[1]\n")
    assert len({*before.values(), *one.values(), *keys(folder).values()}) == 3


def test_another_look_of_the_report_changes_no_key(folder, monkeypatch, tmp_path):
    (tmp_path / "workbench" / "report").mkdir(parents=True)
    monkeypatch.setattr(fingerprints, "HOME", tmp_path)
    before = keys(folder)
    for name in ("figures.py", "page.css"):
        (tmp_path / "workbench" / "report" / name).write_text("1\n")
    assert keys(folder) == before


def test_only_the_command_line_imports_the_report():
    """What a verdict depends on must not stand in the one room that is left out of its key."""
    house = fingerprints.HOME / "workbench"
    users = {
        file.relative_to(house).as_posix()
        for file in house.rglob("*.py")
        if "workbench.report" in file.read_text(encoding="utf-8") and house / "report" not in file.parents
    }
    assert users == {"cli.py"}


def test_another_version_of_a_library_changes_every_key(folder, monkeypatch):
    before = keys(folder)
    assert {"python", "sympy", "mpmath", "torch", "numpy", "scipy", "python-flint"} <= dict(
        fingerprints.installed()
    ).keys()
    monkeypatch.setattr(fingerprints, "installed", lambda: (("sympy", "0.1"),))
    assert changed(before, keys(folder)) == {"vectors.gaussian.length"}


def test_moving_a_folder_changes_nothing(folder):
    before = keys(folder)
    folder.root.rename(folder.root.with_name("elsewhere"))
    assert keys(type(folder)(folder.root.with_name("elsewhere"))) == before


def test_a_helper_that_is_not_python_still_counts(three):
    helper = three.root / "numerics" / "vectors" / "widths.py"
    before = keys(three)
    helper.write_bytes(b"WIDTH = (\n")
    broken = keys(three)
    helper.write_bytes(b"WIDTH = \xff(\n")
    assert changed(before, broken) == changed(broken, keys(three)) == {"vectors.gaussian.length"}
