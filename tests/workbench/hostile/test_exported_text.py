"""Exported text: whatever a journal says, its export is a program of the kind that was meant, and runs nothing else."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
import sympy as sp

from workbench import session
from workbench.errors import BadInput
from workbench.files import write_new
from workbench.language.letters import matrix, positive, scalar
from workbench.sessions.exports import export, python
from workbench.sessions.literals import docstring, identifier, literal, read_back
from workbench.sessions.sessions import Session

RUN = "open('pwned', 'w').close()"
TEXTS = {
    "plain quotes": 'the "risk"',
    "a quote at the end": 'the so-called "risk"',
    "three quotes and a statement": f'"""\n{RUN}\n"""',
    "three single quotes": f"'''\n{RUN}\n'''",
    "a quote and a statement": f'", 0)\n{RUN}\n#',
    "a quote and an expression": f'" + str({RUN}) + "',
    "a backslash at the end": "the risk\\",
    "a backslash before the quote": f'\\", {RUN}) #',
    "a continued line": f"the risk\\\n{RUN}",
    "a new line": f"the risk\n{RUN}",
    "a carriage return": f"the risk\r{RUN}",
    "a form feed": f"the risk\f{RUN}",
    "line separators": f"the risk\u2028{RUN}\u2029\x85\x0b{RUN}",
    "nothing that prints": "\x00\x07\x1b[2J\x7f",
    "right to left": "the \u202eksir\u202c",
    "half a character": "the \ud83d risk",
    "braces": "{0} {RUN} {{x}} %s $x",
    "escapes": "\\x41 \\N{BULLET} \\u0041 \\101 \\",
    "Greek and far away": "Σ ⟂ 𝔼 ∇ ✓",
    "a name of another": "__import__('os')",
}  # fmt: skip
NAMES = [
    "if",
    "lambda",
    "a b",
    "a-b",
    "1a",
    "",
    "__class__",
    "__import__",
    "a;b",
    "a\nb",
    "x)",
    '"',
    "ﬁ",
    "a.b",
    "None",
]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_a_literal_says_what_it_was_told(text):
    for written in (literal(text), docstring(text)):
        (statement,) = ast.parse(f"{written}\n").body
        assert isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        assert statement.value.value == text
    assert "\n" not in literal(text) and literal(text).isprintable()
    assert docstring(text).encode("utf-8") and docstring(text).replace("\n", "").isprintable()


@pytest.mark.parametrize("name", NAMES)
def test_what_is_no_name_is_refused(name):
    with pytest.raises(BadInput, match="cannot be a name in a Python file"):
        identifier(name)


def journal(path: Path, text: str, *, head: str = "") -> Path:
    """A session in which everything that takes text says the same; head: another name for the session."""
    events = [
        {"schema": 1, "session": head or text.replace("\ud83d", "?"), "standard": "quick", "seed": 0},
        {"do": "let", "with": ["s: positive; x ~ N(0, s)"], "named": {}},
        {"do": "start", "with": [text, "E[x**2]"], "named": {}},
        {"do": "expect", "with": [], "named": {}},
        {"do": "conjecture", "with": ["2*s"], "named": {}},
        {"do": "so", "with": [text, "s + 0"], "named": {}},
        {"do": "call", "with": ["risk", text], "named": {}},
    ]
    path.write_text("".join(f"{json.dumps(event)}\n" for event in events), encoding="utf-8")
    return path


def doings(tree: ast.Module) -> list[str]:
    """What a program does when it is imported, by kind of statement; texts are left out."""
    texts = [node for node in tree.body if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)]
    return [type(node).__name__ for node in tree.body if node not in texts]


@pytest.fixture(scope="module")
def honest(tmp_path_factory):
    """What the export of such a session does when nobody means harm."""
    place = tmp_path_factory.mktemp("honest")
    paths = export(Session.load(journal(place / "s.jsonl", "the risk")), "mine.risk", place)
    return [doings(ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_an_export_does_the_same_whatever_it_is_told(tmp_path, monkeypatch, honest, text):
    monkeypatch.chdir(tmp_path)
    paths = export(Session.load(journal(tmp_path / "s.jsonl", text)), "mine.risk", tmp_path)
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    assert list(map(doings, trees)) == honest
    said = [node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    assert said.count(text) == 2, "the reasons of both typed lines are texts, as they were told"
    calls = [ast.unparse(node.func) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert not {"open", "str", "__import__"} & set(calls) and not (tmp_path / "pwned").exists()


def test_a_hostile_export_verifies_and_runs_nothing(workbench, tmp_path):
    path = journal(
        tmp_path / "s.jsonl",
        TEXTS["three quotes and a statement"],
        head="\n".join(TEXTS.values()).replace("\ud83d", "?"),
    )
    export(Session.load(path), "mine.risk", tmp_path / "own")
    reply = workbench("verify", tmp_path / "own")
    assert reply.code == 0 and "1 supported" in reply.out, reply
    assert not Path("pwned").exists() and not (tmp_path / "own" / "pwned").exists()


BEGUN = [{"do": "start", "with": ["a number", "E[x**2]*N"]}, {"do": "expect"}]
BROKEN = [
    {"do": ["expect"]}, {"do": {"a": 1}}, {"do": "let", "with": [5]}, {"do": "let", "with": 5}, {"do": "let"},
    {"do": "let", "with": ["d = 3"], "named": 7}, {"do": "let", "named": {"self": 1}}, {"do": "let", "with": [""]},
    {"do": "start", "with": ["w", [RUN]]}, {"do": "start", "with": ["w", {RUN: RUN}]},
    {"do": "start", "with": ["w", None]}, {"do": "start", "with": ["w", [[RUN]]]},
    {"do": "start", "with": ["w", RUN]}, {"do": "so", "with": ["w", [RUN]]}, {"do": "start", "with": [[RUN], "E[x]"]},
    {"do": "conjecture", "with": [[RUN]]}, {"do": "conjecture", "with": [True]},
    {"do": "expand_large", "with": ["N"], "named": {"order": RUN}}, {"do": "substitute", "with": [{"x": [RUN]}]},
    {"do": "expand_large", "with": ["N"], "named": {"order": {RUN: RUN}}}, {"do": "substitute", "with": [{RUN: RUN}]},
    {"do": "fixed_points", "named": {"hypotheses": [{RUN: RUN}]}},
    {"do": "stability", "with": [["x"], {"x": {RUN: 1}}]}, {"do": "substitute", "with": [[RUN]]},
    {"do": "gradient", "with": [[RUN]]}, {"do": "fixed_points", "with": [RUN]},
    {"do": "fixed_points", "named": {"hypotheses": RUN}}, {"do": "fixed_points", "named": {"hypotheses": [[RUN]]}},
    {"do": "critical_scale", "with": [RUN, [5]]}, {"do": "stability", "with": ["x", RUN]},
    {"do": "recall", "with": [[RUN]]}, {"do": "call", "with": [[RUN]]}, {"do": "call", "with": ["n", 5]},
    {"do": "undo", "with": [RUN]}, {"do": "hessian"}, {"do": "undo", "with": [10**400]},
    {"do": "save", "with": ["pwned"]}, {"do": "export", "with": ["a.b"]}, {"do": "write", "with": ["pwned"]},
    {"do": "load", "with": ["pwned"]}, {"do": "__class__"}, {"do": "append"}, [], "x", 5,
]  # fmt: skip


@pytest.mark.parametrize("event", BROKEN, ids=lambda event: json.dumps(event)[:60])
def test_a_journal_with_a_step_that_is_none_ends_in_a_sentence_or_without_it(tmp_path, monkeypatch, event):
    monkeypatch.chdir(tmp_path)
    events = [{"session": "s"}, {"do": "let", "with": ["x ~ N(0, 1); N: count"]}, *BEGUN, event]
    Path("s.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in events), encoding="utf-8")
    try:
        Session.load("s.jsonl")
    except BadInput as problem:
        assert len(str(problem).splitlines()) == 1
    assert sorted(path.name for path in Path().iterdir()) == ["s.jsonl"]


@pytest.mark.parametrize("head", [
    {"session": 5}, {"session": [RUN]}, {"session": "s", "standard": [RUN]}, {"session": "s", "standard": RUN},
    {"session": "s", "seed": RUN}, {"session": "s", "seed": [RUN]}, {"session": "s", "seed": None},
])  # fmt: skip
def test_a_journal_whose_head_is_none_is_refused_in_a_sentence(tmp_path, head):
    path = tmp_path / "s.jsonl"
    path.write_text(f"{json.dumps(head)}\n", encoding="utf-8")
    with pytest.raises(BadInput) as refusal:
        Session.load(path)
    assert len(str(refusal.value).splitlines()) == 1


def test_letters_whose_names_are_code_are_not_written(tmp_path):
    for name in ("x; import os", 'x"', "x)\nimport os", "if"):
        with pytest.raises(BadInput) as refusal:
            s = session("letters")
            s.start("a number", positive(name) * 2 + scalar("t"))
            s.call("line")
            s.export("mine.letters", tmp_path)
        assert name.split()[0] in str(refusal.value)
    with pytest.raises(BadInput, match="cannot be a name"):
        python(sp.Symbol(RUN) + 1)
    with pytest.raises(BadInput, match="cannot be a name"):
        python(matrix("A[0]", 2, 2))
    assert list(tmp_path.iterdir()) == [] and python(RUN) == literal(RUN)


FOREIGN = [
    "import os", "from os import system", "from . import x", "import torch.hub", f"{RUN}", "x = __builtins__",
    "import torch\n\ny = torch.__dict__", "def f():\n    return eval('1')", "class A: ...", "async def f(): ...",
    "def f(:", "x = getattr(1, 'real')", "x\0", "(" * 500,
]  # fmt: skip


@pytest.mark.parametrize("program", FOREIGN, ids=lambda text: ascii(text[:30]))
def test_a_program_of_another_kind_is_not_saved(program):
    with pytest.raises(BadInput, match="what would be exported"):
        read_back(program, ("torch",))


def test_files_are_written_all_or_none(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        write_new({tmp_path / "a" / "one.py": "1", tmp_path / "file" / "two.py": "2"})
    with pytest.raises(BadInput, match="exists already"):
        write_new({tmp_path / "a" / "one.py": "1", tmp_path / "file": "2"})
    assert not (tmp_path / "a" / "one.py").exists() and (tmp_path / "file").read_text() == ""
