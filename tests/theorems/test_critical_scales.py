"""Every critical scale says what it is: a transition, a divergence, a crossover, or a level."""

import ast
from pathlib import Path

import pytest

KINDS = ("(a transition", "(a divergence", "(a crossover", "(a level", "(a half-time")
ROOT = Path(__file__).resolve().parents[2] / "derivations"
FILES = sorted(ROOT.glob("*/[a-z]*.py"))


def untold(source):
    """Critical scales whose docstring does not name one kind in its first paragraph."""
    found = []
    for node in ast.parse(source).body:
        kinds = [call.args[0] for call in getattr(node, "decorator_list", []) if isinstance(call, ast.Call)]
        if any(isinstance(kind, ast.Constant) and kind.value == "critical scale" for kind in kinds):
            assert isinstance(node, ast.FunctionDef)
            first = (ast.get_docstring(node) or "").split("\n\n")[0]
            found += [node.name] * (sum(kind in first for kind in KINDS) != 1)
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_it_names_its_kind(path):
    assert untold(path.read_text(encoding="utf-8")) == []


def test_a_scale_without_a_kind_is_found():
    assert untold('@claim("critical scale", "x")\ndef half():\n    """Half."""') == ["half"]
    assert untold('@claim("critical scale", "x")\ndef half():\n    """Half (a level)."""') == []
