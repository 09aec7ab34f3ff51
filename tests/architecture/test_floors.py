"""Floors: no file of the instrument imports itself through others, and no room imports one that stands above it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
PAGE = HOME / "docs" / "architecture.md"


def rooms() -> list[str]:
    """The rooms from the ground up, as the page on the architecture lists them."""
    table = re.search("<!-- rooms -->(.*?)<!-- end -->", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert table
    return re.findall(r"^\| `(\w+)` \|", table[1], re.MULTILINE)


def modules(root: Path) -> dict[str, Path]:
    """Every file of the instrument by the name under which it is imported."""
    found = {}
    for path in sorted((root / "workbench").rglob("*.py")):
        *folders, name = path.relative_to(root).with_suffix("").parts
        found[".".join(folders if name == "__init__" else [*folders, name])] = path
    return found


def arrows(root: Path) -> dict[str, set[str]]:
    """Which files each file imports, anywhere in it and for type hints too."""
    known = modules(root)
    return {name: {each for each in imported(path, known) if each != name} & set(known) for name, path in known.items()}


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path} imports relatively; write the whole name"
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in known else str(node.module) for name in whole)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))


def circle(root: Path = HOME) -> list[str]:
    """Files that import each other in a circle; none when there is none."""
    try:
        TopologicalSorter(arrows(root)).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def room(module: str) -> str:
    return f"{module}.__init__".split(".")[1]


def climbs(root: Path = HOME) -> list[str]:
    """Imports of a room that stands above, as 'importer → imported'."""
    floor = {name: place for place, name in enumerate(rooms())}
    return [
        f"{name} → {other}"
        for name, others in arrows(root).items()
        for other in sorted(others)
        if floor[room(other)] > floor[room(name)]
    ]


def test_no_file_imports_itself_through_others():
    assert circle() == []


def test_no_room_imports_one_above_it():
    assert climbs() == []


def test_the_page_lists_every_room_once():
    assert sorted(rooms()) == sorted({room(name) for name in modules(HOME)})


def missing(text: str, root: Path = HOME) -> list[str]:
    """Files, folders and tables that a page names and that are not there."""
    places = re.findall(r"`((?:workbench|tests)/[\w/.]*)`", text)
    gone = [place for place in places if not (root / place).exists()]
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted((root / "workbench").rglob("*.py")))
    tables = re.findall(r"`([A-Z][A-Z_]+)`", text)
    return gone + [table for table in tables if not re.search(rf"^{table}\b.*=", sources, re.MULTILINE)]


def test_every_place_that_the_page_names_exists():
    text = PAGE.read_text(encoding="utf-8")
    assert missing(text) == []
    assert {"BY_LAW", "STAGES", "RULES", "KINDS", "RUNGS"} <= set(re.findall(r"`([A-Z][A-Z_]+)`", text))


def test_a_place_that_is_gone_is_noticed():
    assert missing("enter it in `RULES` of `workbench/no_rules.py`, then in `NO_RULES`") == [
        "workbench/no_rules.py",
        "NO_RULES",
    ]


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("claims.py", "from workbench.judging.verdicts import Verdict"),
        ("claims.py", "if TYPE_CHECKING:\n    from workbench.judging import verdicts"),
        ("claims.py", "def late():\n    import workbench.judging.verdicts"),
        ("claims.py", "import_module('workbench.judging.verdicts')"),
    ],
)
def test_a_planted_climb_and_its_circle_are_found(tmp_path, place, line):
    house = tmp_path / "workbench"
    (house / "judging").mkdir(parents=True)
    (house / "judging" / "verdicts.py").write_text("from workbench import claims\n", encoding="utf-8")
    (house / place).write_text("import ast\n", encoding="utf-8")
    assert circle(tmp_path) == [] and climbs(tmp_path) == []
    (house / place).write_text(line + "\n", encoding="utf-8")
    assert set(circle(tmp_path)) == {"workbench.claims", "workbench.judging.verdicts"}
    assert climbs(tmp_path) == ["workbench.claims → workbench.judging.verdicts"]
