"""Sources: what may not be written anywhere in the tree, and how long a file may be."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
WINGS = ("derivations", "numerics")
EVERYWHERE = ("workbench", *WINGS)
LONGEST = {"derivations": 200, "numerics": 200}


def called(node: ast.AST) -> str:
    """The name that a call calls, without what it is called on."""
    return getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else ""


def bare(node: ast.AST) -> str:
    """The name of a call to a plain function (not a method)."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr) and not isinstance(getattr(node, "value", ""), int | float)


def typed_tolerance(node: ast.AST) -> bool:
    """A comparison with a hand-picked tolerance: allclose, isclose, approx, or an atol/rtol argument."""
    keywords = {keyword.arg for keyword in getattr(node, "keywords", []) if isinstance(node, ast.Call)}
    # brentq iterates until its own tolerance, which is set to roundoff: that compares nothing.
    compares = called(node) not in ("brentq", "solve_ivp")
    return called(node) in ("allclose", "isclose", "approx", "assert_close", "assert_allclose") or bool(
        compares and keywords & {"atol", "rtol"}
    )


def executed_text(node: ast.AST) -> bool:
    """Text that becomes code or objects: eval, exec, compile, pickle, or sympify and friends on a string."""
    modules = [alias.name for alias in node.names] if isinstance(node, ast.Import | ast.ImportFrom) else []
    source = [getattr(node, "module", "")] if isinstance(node, ast.ImportFrom) else []
    if {"pickle", "cloudpickle", "dill", "shelve", "marshal"} & {*modules, *source}:
        return True
    if bare(node) in ("eval", "exec", "compile") or called(node) in ("parse_expr", "parse_latex", "literal_eval"):
        return True
    if called(node) in ("sympify", "S", "nsimplify", "sympify_method_args") and node.args and is_text(node.args[0]):
        return True
    # torch.load unpickles.
    return called(node) == "load" and ast.unparse(node.func) == "torch.load"


def derivative_by_sympy(node: ast.AST) -> bool:
    """`.diff(…)` or diff(…): SymPy's matrix derivatives are silently wrong, so gradients come from the rules."""
    return called(node) in ("diff", "Derivative")


def skipped_test(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail", "importorskip")


def offences(wrong: Callable[[ast.AST], bool], places: tuple[str, ...], root: Path = HOME) -> list[str]:
    """Where something that may not be written is written."""
    return [
        f"{path.relative_to(root)}:{getattr(node, 'lineno', 0)}"
        for place in places
        for path in sorted((root / place).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if wrong(node)
    ]


RULES = {
    "typed tolerance": (typed_tolerance, (*EVERYWHERE, "tests")),
    "executed text": (executed_text, EVERYWHERE),
    "derivative by SymPy": (derivative_by_sympy, ("derivations",)),
    "skipped test": (skipped_test, ("tests",)),
}


@pytest.mark.parametrize("name", RULES)
def test_the_tree_is_free_of_it(name):
    wrong, places = RULES[name]
    assert offences(wrong, places) == []


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("typed tolerance", "assert torch.allclose(a, b)"),
        ("typed tolerance", "np.testing.assert_allclose(a, b, rtol=1e-3)"),
        ("typed tolerance", "assert x == pytest.approx(3)"),
        ("typed tolerance", "same(a, b, atol=1e-8)"),
        ("executed text", "eval(text)"),
        ("executed text", "exec(text, {})"),
        ("executed text", "sp.sympify('x + 1')"),
        ("executed text", "sympify(f'{name} + 1')"),
        ("executed text", "S('1/3')"),
        ("executed text", "parse_expr(text)"),
        ("executed text", "import pickle"),
        ("executed text", "from pickle import loads"),
        ("executed text", "torch.load(path)"),
        ("derivative by SymPy", "risk.formula.diff(U)"),
        ("derivative by SymPy", "diff(tr(U), U)"),
        ("skipped test", "@pytest.mark.xfail\ndef test(): pass"),
        ("skipped test", "pytest.skip('later')"),
    ],
)
def test_a_planted_line_is_found(tmp_path, name, line):
    wrong, places = RULES[name]
    path = tmp_path / places[-1] / "chapter" / "planted.py"
    path.parent.mkdir(parents=True)
    path.write_text(line + "\n", encoding="utf-8")
    assert offences(wrong, places, tmp_path)
    path.write_text("value = sympify(expression) + solver(tolerance)\n", encoding="utf-8")
    assert not offences(wrong, places, tmp_path)


def too_long(root: Path = HOME) -> list[str]:
    """Theorem files and twins of more than 200 lines: two theorems in one file."""
    return [
        f"{path.relative_to(root)} has {count} lines"
        for wing, most in LONGEST.items()
        for path in sorted((root / wing).rglob("*.py"))
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > most
    ]


def test_a_theorem_fits_in_200_lines():
    assert too_long() == []


def test_a_planted_long_theorem_is_found(tmp_path):
    path = tmp_path / "derivations" / "a" / "b.py"
    path.parent.mkdir(parents=True)
    path.write_text("x = 1\n" * 200, encoding="utf-8")
    assert too_long(tmp_path) == []
    path.write_text("x = 1\n" * 201, encoding="utf-8")
    assert too_long(tmp_path) == ["derivations/a/b.py has 201 lines"]


def undocumented(root: Path = HOME) -> list[str]:
    """Files and public functions of the wings that do not say what they are."""
    missing = []
    for wing in WINGS:
        for path in sorted((root / wing).glob("*/*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            named = [tree] if path.name != "__init__.py" else []
            named += [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
            missing += [f"{path.name}: {getattr(n, 'name', 'file')}" for n in named if not ast.get_docstring(n)]
    return missing


def test_every_theorem_and_claim_begins_with_a_sentence():
    assert undocumented() == []


def test_a_planted_silent_claim_is_found(tmp_path):
    path = tmp_path / "derivations" / "a" / "b.py"
    path.parent.mkdir(parents=True)
    path.write_text('"""A file."""\n\n@claim("rate", rivals={})\ndef quiet():\n    yield given("so", x)\n')
    assert undocumented(tmp_path) == ["b.py: quiet"]
