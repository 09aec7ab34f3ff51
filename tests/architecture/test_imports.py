"""Imports: the wings cannot see each other, and nothing heavy loads where it is not needed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Room:
    """What the modules of a folder (or one file) may or may not import, by the first matching prefix."""

    place: str
    allowed: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    def files(self, root: Path) -> list[Path]:
        whole = root / self.place
        return [whole] if whole.suffix == ".py" else sorted(whole.rglob("*.py"))

    def refuses(self, module: str) -> bool:
        if self.allowed:
            return not any(within(module, name) for name in (*self.allowed, *SMALL))
        return any(within(module, name) for name in self.forbidden)


# Modules of the standard library that a theorem or its twin may use.
SMALL = ("__future__", "collections", "dataclasses", "fractions", "functools", "itertools", "math", "typing")
ROOMS = [
    Room("derivations", allowed=("sympy", "workbench", "derivations")),
    Room("numerics", allowed=("torch", "numpy", "scipy", "jaxtyping", "workbench.evidence", "numerics")),
    Room("workbench", forbidden=("derivations", "numerics")),
    Room("workbench/evidence", forbidden=("sympy", "workbench.language", "workbench.calculus")),
    Room("workbench/catalogue.py", forbidden=("sympy", "torch", "numpy")),
    Room("workbench/calculus", forbidden=("torch", "workbench.evidence")),
    # Checks are independent of what the rules compute: they see exact evaluation alone.
    *(
        Room(
            f"workbench/calculus/rules/{what}_compared.py",
            allowed=(
                "workbench.exact",
                "workbench.language.laws",
                "workbench.calculus.agreement",
                "workbench.calculus.rules.making",
                "flint",
                "numpy",
                "random",
                "sympy",
            ),
        )
        for what in ("values", "derivatives", "solutions", "recursions")
    ),
    Room("workbench/lowering", forbidden=("workbench.calculus", "workbench.exact.oracle")),
    Room("workbench/exact", forbidden=("workbench.calculus", "torch")),
    # The page is made from the record alone.
    Room(
        "workbench/report",
        forbidden=("sympy", "torch", "workbench.catalogue", "workbench.claims", "workbench.calculus"),
    ),
]


def within(module: str, name: str) -> bool:
    return module == name or module.startswith(f"{name}.")


def imports(path: Path, root: Path) -> Iterator[str]:
    """Every module that a file imports, anywhere in it; relative imports by their full name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            package = path.relative_to(root).with_suffix("").parts[: -node.level] if node.level else ()
            base = ".".join([*package, *([node.module] if node.module else [])])
            yield from (base if base not in ("workbench", "") else f"{base}.{alias.name}" for alias in node.names)
        elif is_import_call(node):
            yield node.args[0].value


def is_import_call(node: ast.AST) -> bool:
    """import_module("…") or __import__("…") with a literal name."""
    called = isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", ""))
    return called in ("import_module", "__import__") and bool(node.args) and isinstance(node.args[0], ast.Constant)


def trespasses(room: Room, root: Path = HOME) -> list[str]:
    """The imports that a room refuses, as 'file: module'."""
    return [
        f"{path.relative_to(root)}: {module}"
        for path in room.files(root)
        for module in imports(path, root)
        if room.refuses(module)
    ]


@pytest.mark.parametrize("room", ROOMS, ids=lambda room: room.place)
def test_a_room_imports_only_what_it_may(room):
    assert room.files(HOME), f"{room.place} is empty"
    assert trespasses(room) == []


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("derivations/a/b.py", "import torch"),
        ("derivations/a/b.py", "from numerics.a.b import twin"),
        ("derivations/a/b.py", "def late():\n    import torch.nn as nn"),
        ("derivations/a/b.py", "from ...numerics.a import b"),
        ("numerics/a/b.py", "import sympy as sp"),
        ("numerics/a/b.py", "from derivations.a.b import claim"),
        ("numerics/a/b.py", "from workbench.exact.values import evaluate"),
        ("numerics/a/b.py", "from workbench import verify"),
        ("numerics/a/b.py", "import workbench"),
        ("numerics/a/b.py", "from ...derivations.a import b"),
        ("workbench/running/runs.py", "import numerics.a.b"),
        ("workbench/running/runs.py", "from derivations import a"),
        ("workbench/running/runs.py", "import_module('derivations.a.b')"),
        ("workbench/evidence/ladder.py", "import sympy"),
        ("workbench/evidence/ladder.py", "from workbench.language.laws import E"),
        ("workbench/lowering/twins.py", "from workbench.calculus.rules import expectation"),
        ("workbench/catalogue.py", "def late():\n    from sympy import Symbol"),
        ("workbench/exact/oracle.py", "from workbench.calculus.gaussian import moments"),
        ("workbench/calculus/rules/solutions_compared.py", "from workbench.calculus.critical.case_splits import split"),
    ],
)
def test_a_planted_import_is_found(tmp_path, place, line):
    path = tmp_path / place
    path.parent.mkdir(parents=True)
    path.write_text(line + "\n", encoding="utf-8")
    assert any(trespasses(room, tmp_path) for room in ROOMS if (tmp_path / room.place).exists())
    path.write_text("from math import sqrt\n", encoding="utf-8")
    assert not any(trespasses(room, tmp_path) for room in ROOMS if (tmp_path / room.place).exists())


def test_only_the_catalogue_and_a_named_executor_are_imported_by_a_computed_name():
    computed = {
        path.relative_to(HOME).as_posix()
        for path in (HOME / "workbench").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("import_module", "__import__")
    }
    # A package may load its own public names late; they are listed in its __init__.
    assert {place for place in computed if not place.endswith("__init__.py")} == {
        "workbench/catalogue.py",
        "workbench/limits.py",  # the room that a command works in, loaded before its time begins
        "workbench/evidence/uncompiled.py",  # the compiler of torch, for whoever asks for it
        "workbench/doors.py",  # the public names of a package, which its door lists
        "workbench/running/workers.py",  # an executor that the user names on the command line
    }
