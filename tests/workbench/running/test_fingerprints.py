"""Fingerprints: whatever a verdict depends on changes its key, and nothing else does."""

import os
import subprocess
import sys
from pathlib import Path

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


DOOR = (
    "if TYPE_CHECKING:\n    from workbench.language.letters import size\n    from workbench.sessions import session\n"
)
HOUSE = {
    "__init__.py": DOOR,
    "judging/verification.py": "from workbench.exact import values\n",
    "judging/canaries.py": "if TYPE_CHECKING:\n    from workbench.sessions import session\n",
    "judging/decoys.json": "[]",
    "exact/values.py": "def late():\n    import workbench.exact.rings\n",
    **dict.fromkeys(("exact/__init__.py", "exact/rings.py", "language/letters.py"), ""),
    **dict.fromkeys(("cli.py", "sessions.py", "showing/display.py", "report/page.css", "running/runs.py"), ""),
}  # fmt: skip


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A small workbench: what judges, what a theorem imports, and what shows."""
    for name, text in HOUSE.items():
        path = tmp_path / "workbench" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setattr(fingerprints, "HOUSE", tmp_path / "workbench")
    return tmp_path / "workbench"


@pytest.mark.parametrize("name", HOUSE)
def test_what_judges_counts_for_every_claim_and_what_shows_for_none(folder, house, name):
    before = keys(folder)
    with (house / name).open("a", encoding="utf-8") as file:
        file.write("\n# a comment\n")
    room = name.partition("/")[0]
    shows = room in ("cli.py", "sessions.py", "showing", "report", "running")
    assert changed(before, keys(folder)) == (set() if shows else {"vectors.gaussian.length"})


@pytest.mark.parametrize("how", ["from workbench import session", "import workbench", "from workbench import *"])
def test_a_theorem_depends_on_whatever_it_takes_through_the_door(folder, house, how):
    folder.edit("derivations", "vectors.gaussian", 'd = size("d")', f'{how}\n\nd = size("d")')
    before = keys(folder)
    (house / "sessions.py").write_text("1\n")
    assert changed(before, keys(folder)) == {"vectors.gaussian.length"}


def test_the_judge_of_this_house_imports_nothing_that_only_shows():
    files = Reading().of_judge()
    rooms = {file.relative_to(fingerprints.HOUSE).parts[0].removesuffix(".py") for file in files}
    assert {"judging", "diagnosis", "claims", "calculus", "exact", "evidence", "language"} <= rooms
    assert rooms.isdisjoint({"cli", "showing", "report", "sessions", "running", "scaffolds", "options"})


def test_whatever_a_verdict_loads_is_in_its_key_but_for_what_shows_it(folder):
    """The imports that are read from the source are those that happen."""
    code = (
        "import sys; from pathlib import Path; from workbench.catalogue import Catalogue\n"
        "from workbench.judging.verification import verify_entry\n"
        "[entry] = Catalogue((Path(sys.argv[1]),)).entries\n"
        "print(verify_entry(entry, standard='quick', seed=0).status)\n"
        "print(*(m.__file__ for name, m in sys.modules.items() if name.partition('.')[0] == 'workbench'), sep='\\n')"
    )
    done = subprocess.run([sys.executable, "-c", code, folder.root], capture_output=True, text=True, check=True)
    status, *loaded = done.stdout.split()
    faces = {fingerprints.HOUSE / "showing", fingerprints.HOUSE / "sweeps"}
    assert status == "supported" and len(loaded) > 50
    assert {file for file in map(Path, loaded) if faces.isdisjoint(file.parents)} - Reading().of_judge() == set()


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


def test_a_library_beside_an_installed_workbench_is_read_by_nobody(three, monkeypatch, tmp_path):
    site = tmp_path / "site-packages"
    for place in (
        "workbench/judging/verification.py",
        "torch/__init__.py",
        "torch/lib/data.bin",
        "torch.py",
        "workbench/theorems/numerics/own/laws.py",
    ):
        (site / place).parent.mkdir(parents=True, exist_ok=True)
        (site / place).write_text("1\n")
    for name, place in (("HOUSE", "workbench"), ("INSTALLED", "workbench/theorems"), ("HOME", "workbench/theorems")):
        monkeypatch.setattr(fingerprints, name, site / place)
    three.edit("numerics", "vectors.gaussian", "import torch\n", "import torch\nfrom numerics.own import laws\n")
    reading, before = Reading(), keys(three)
    for entry in Catalogue((three.root,)).entries:
        key_of(entry, "quick", 0, reading)
    read = {file for file, source in reading.sources.items() if source is not None and file.is_relative_to(site)}
    assert {file.relative_to(site).as_posix() for file in read} == {
        "workbench/judging/verification.py", "workbench/theorems/numerics/own/laws.py",
    }  # fmt: skip
    (site / "torch" / "lib" / "data.bin").write_text("2\n")
    assert keys(three) == before
    (site / "workbench" / "theorems" / "numerics" / "own" / "laws.py").write_text("2\n")
    assert changed(before, keys(three)) == {"vectors.gaussian.length"}


def test_a_helper_that_is_not_python_still_counts(three):
    helper = three.root / "numerics" / "vectors" / "widths.py"
    before = keys(three)
    helper.write_bytes(b"WIDTH = (\n")
    broken = keys(three)
    helper.write_bytes(b"WIDTH = \xff(\n")
    assert changed(before, broken) == changed(broken, keys(three)) == {"vectors.gaussian.length"}
