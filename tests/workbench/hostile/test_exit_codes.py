"""Exit codes: 1 means refuted and nothing else; what cannot be judged is one sentence, whoever is to blame."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from workbench import session
from workbench.errors import BadInput
from workbench.options import BAD_INPUT, FAULT, INTERRUPTED

# A statement, how its letters are declared, and a word of the sentence that answers it.
NONSENSE = [
    ("grad(E[v],N) == W", "", "size N"), ("grad(E[z**2], d) == 0", "", "size d"),
    ("E[x] == 0", "x ~ N(x, I)", "itself"), ("E[x] == 0", "x ~ N(0, tr(x*x.T)*I)", "itself"),
    ("E[x] == 0", "x ~ N(y, I); y ~ N(x, I)", "random"), ("E[x] == 0", "y ~ N(0, I); x ~ N(y, I)", "y is random"),
    ("E[x*x.T] == I", "x ~ N(0, x*x.T)", "itself"), ("E[u] == 0", "(u, v) ~ N(0, [[1, z], [z, 1]])", "z is random"),
    ("E[z**2] == 1", "z > 0", "random"), ("E[x] == 0", "tr(x*x.T) < d", "random"),
    ("E[W] == N*Sigma", "W ~ Wishart(0, Sigma)", "at least one"),
    ("E[W] == N*Sigma", "W ~ Wishart(-1, Sigma)", "at least one"),
    ("E[W] == N*Sigma", "g: real; W ~ Wishart(g, Sigma)", "whole number"),
    ("E[W] == N*Sigma", "W ~ Wishart(Sigma, Sigma)", "whole number"),
    ("E[W] == N*Sigma", "W ~ Wishart(W, Sigma)", "itself"), ("ones(0) == 0", "", "no size"),
    ("I(0) == 0", "", "no size"), ("ones(d, 0) == 0", "", "no size"), ("ones(-1) == 0", "", "no size"),
    ("E[x] == x", "", "random"), ("E[E[z]] == 0", "", "inside another"), ("grad(E[z], z) == 0", "", "differentiates"),
    ("grad(W, W) == I", "", "number"), ("X == X", "", "random"), ("E[det(X)] == 0", "", "square"),
    ("E[z**100] == 0", "", "exponent"), ("E[max(z,Sigma)] == 0", "", "number"), ("Cov[x, X] == 0", "", "multiplied"),
    ("E[[[z, z], [z]]] == 0", "", "no matrix"), ("E[[]] == 0", "", "no matrix"), ("E[x/x] == 1", "", "number"),
    ("E[True] == 1", "", "True"), ("E[z]==", "", "formula"), ("==", "", "formula"),
    ("E[z] ==", "", "formula"), ("E[] == 0", "", "formula"), ("E[z, z] == 0", "", "makes no sense"),
    ("E[z]", "", "statement"), ("Cov[z, z, z] == 1", "", "makes no sense"), ("E[z] == 1e400", "", "inf"),
    ("E[z] == None", "", "None"), ("E[x] == 0", "d = -1", "no size"), ("E[x] == 0", "d = 1/2", "no size"),
    ("E[A] == A", "A: A×A", "no size"), ("E[x] == 0", "x ~ N", "normal law"), ("E[x] == 0", "x ~ Cauchy(0)", "no law"),
    ("E[x] == 0", "x: d ~ N()", "normal law"), ("E[u] == 0", "(u, v) ~ N(0, 1)", "2×2"),
    ("E[e] == 0", "e: N ~ OneHot(3)", "OneHot"), ("E[H] == 0", "H ~ Haar(2, 3)", "fit"),
    ("E[o] == 0", "o: d ~ Bernoulli(2)", "probability"), ("E[1/z] == 0", "", "does not exist"),
    ("Var[z] == 1", "d > d", "nothing"), ("__import__('os').system('touch pwned') == 0", "", ""),
    ("E[z].__class__ == 0", "", ""), ("E[open('pwned')] == 0", "", ""), ("E[z] == 0", "z = __import__('os')", ""),
    ("E[z] == 0", "z: __import__('os')", ""), ("E[z] == 0", "z ~ exec('1')", ""),
    ("(" * 400 + "z" + ")" * 400 + " == 0", "", ""), ("E[z]" + " + E[z]" * 2000 + " == 0", "", ""),
    ("\0 == 0", "", ""), ("E[z] == 9**9**9**9", "", ""), ("E[z] == 2**(2**(2**70))", "", ""), ("E[z] == 1/0", "", ""),
    ("E[inv(0*Sigma)] == 0", "", ""), ("E[sinh(u*v)*N] == d", "d = 2", "does not exist"),
    ("sqrt(t) == 1", "g > t", "no real value"), ("t**pi == t**pi + 1", "g > t", "no real value"),
    ("Var[t*tr(I)] == d", "d = 1/2", "no size"), ("tr(I) == d", "d = 0", "no size"), ("A == I", "d = .09", "no size"),
    ("E[z]*t**pi == 1", "", "root"), ("E[exp(tr(W))] == 0", "W ~ Wishart(N, Sigma)", "E[exp(tr(W))] does not exist"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "where", "word"), NONSENSE, ids=lambda text: ascii(text[:40]))
def test_a_statement_that_makes_no_sense_is_answered_in_one_sentence(workbench, statement, where, word):
    reply = workbench("check", statement, *(("--where", where) if where else ()))
    assert reply.code == BAD_INPUT and reply.out == "", reply
    assert len(reply.err.strip().splitlines()) == 1 and word in reply.err and "Traceback" not in reply.err
    assert list(Path().iterdir()) == []


def test_a_number_is_not_compared_with_a_matrix(workbench):
    answer = workbench("check", "E[relu(v)] == U")
    assert answer.code == BAD_INPUT and "the left side is a number, and the right side is d×d" in answer.err


def test_a_letter_may_have_as_many_eigenvalues_as_its_size_asks_for():
    from workbench.exact.instances import draw, known_eigenvalues
    from workbench.language.letters import size, spd

    (drawn,) = (value for value in draw([spd("S", size("d"))], sizes={"d": 18}).values() if hasattr(value, "shape"))
    assert len(set(known_eigenvalues(drawn))) == 18


def test_a_value_is_declared_in_a_session_as_in_a_statement():
    s = session("values")
    assert s.let("d = 3") == 3 and len(s.let("k = 2; A: d×d")) == 2
    with pytest.raises(BadInput, match="random"):
        s.let("z ~ N(0, 1); z > 0")


@pytest.mark.parametrize("forged", [None, 5, b"\x00", "", "null", "[]", "5", '{"claim": 1}', '"text"'])
def test_a_record_with_a_forged_verdict_costs_time_and_no_verdict(workbench, folder, forged):
    from workbench.running.record import seal_of

    assert workbench("verify", folder.root).code == 0
    seal = seal_of(forged) if isinstance(forged, str) else None
    with sqlite3.connect(".workbench/record.sqlite") as store:
        store.execute("UPDATE finished SET verdict = ?, seal = ?", (forged, seal))
    store.close()
    reply = workbench("verify", folder.root)
    assert reply.code == 0 and "1 supported" in reply.out and "from the record" not in reply.out, reply


@pytest.mark.parametrize("problem", [
    KeyError("no value"), TypeError("a\nb"), RuntimeError(), RecursionError("deep"), AssertionError("x"),
    UnicodeEncodeError("utf-8", "\ud83d", 0, 1, "surrogates not allowed"), OSError(28, "No space left on device"),
], ids=lambda problem: type(problem).__name__)  # fmt: skip
def test_a_fault_of_ours_has_an_exit_code_of_its_own_and_one_sentence(workbench, monkeypatch, problem):
    from workbench.sessions import answers

    def broken(*arguments, **named):
        raise problem

    monkeypatch.setattr(answers, "read_statement", broken)
    reply = workbench("check", "E[z] == 0")
    assert reply.code == FAULT == 5 and len(reply.err.strip().splitlines()) == 1 and "Traceback" not in reply.err
    assert reply.err.startswith("workbench: ") and ("fault" in reply.err or "memory" in reply.err)


def test_a_reader_who_left_is_no_support(workbench, monkeypatch):
    from workbench import cli

    def left(*arguments, **named):
        raise BrokenPipeError

    monkeypatch.setattr(cli.cli, "main", left)
    with pytest.raises(SystemExit) as end, monkeypatch.context() as patch, open("answer", "w") as answer:
        patch.setattr("sys.stdout", answer)
        cli.main(["list"])
    assert end.value.code == INTERRUPTED


def test_a_theorem_that_cannot_be_written_leaves_nothing_in_the_way(workbench, monkeypatch):
    from workbench import files

    opened = Path.open

    def full(self, mode="r", *arguments, **named):
        file = opened(self, mode, *arguments, **named)
        if "x" in mode and self.name.startswith("test_"):
            file.close()
            raise OSError(28, "No space left on device")
        return file

    with monkeypatch.context() as disk:
        disk.setattr(files.Path, "open", full)
        reply = workbench("new", "pca.rank_one")
    assert reply.code == BAD_INPUT and "No space left on device" in reply.err and len(reply.err.splitlines()) == 1
    assert [path for path in Path().rglob("*.py") if not path.name.startswith("test_")] == []
    for path in Path().rglob("test_*.py"):
        path.unlink()  # the disk that filled up as this one was opened
    assert workbench("new", "pca.rank_one").code == 0


@pytest.mark.parametrize("arguments", [("list",), ("verify", "."), ("check", "E[z] == 0"), ("new", "pca.rank_one")])
def test_a_folder_that_was_removed_under_a_command_is_a_sentence(workbench, tmp_path, monkeypatch, arguments):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    reply = workbench(*arguments)
    monkeypatch.chdir(tmp_path)
    assert reply.code == BAD_INPUT and len(reply.err.splitlines()) == 1 and "go to one that exists" in reply.err


@pytest.mark.parametrize("name", ["class.rank_one", "pca.lambda"])
def test_a_theorem_whose_name_python_cannot_import_is_not_begun(workbench, name):
    reply = workbench("new", name)
    assert reply.code == BAD_INPUT and "is a word of Python's" in reply.err and list(Path().iterdir()) == []


LEFT = "{ sleep 1; WORKBENCH list; echo $? >&2; } | true"


def test_a_reader_who_left_before_the_answer_is_no_refutation():
    line = LEFT.replace("WORKBENCH", f"{sys.executable} -m workbench")
    done = subprocess.run(line, shell=True, stderr=subprocess.PIPE, text=True)
    assert done.stderr.split() == [str(INTERRUPTED)]


SHELL = {"list -k outlier >&-": 0, "check 'E[' 2>&-": BAD_INPUT, "list > /dev/full": BAD_INPUT}


@pytest.mark.parametrize("line", SHELL)
def test_streams_that_are_closed_or_full_change_no_exit_code_into_a_fault(line):
    done = subprocess.run(f"{sys.executable} -m workbench {line}", shell=True, stderr=subprocess.PIPE, text=True)
    assert done.returncode == SHELL[line] and "fault" not in done.stderr and len(done.stderr.splitlines()) <= 1


def test_a_theorem_is_not_begun_where_nothing_can_be(workbench):
    Path("derivations").write_text("")
    reply = workbench("new", "pca.rank_one")
    assert reply.code == BAD_INPUT and len(reply.err.splitlines()) == 1 and "cannot be written" in reply.err


RINGS = """
import os, signal, sys
library = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == library:
            sys.meta_path.remove(self)
            os.killpg(0, signal.SIGINT)
sys.meta_path.insert(0, Finder())
from workbench.__main__ import main
main()
"""
SWEEP = ["sweep", "pca.spikes.outlier", "--over", "theta=2:4:5, d=4, n=9"]
CHECK = ["check", "E[z**2] == 1"]


@pytest.mark.parametrize(("library", "command"), [
    ("click", CHECK), ("workbench.papers.commands", CHECK), ("sympy", CHECK), ("torch.nn", CHECK),
    ("workbench.judging.canaries", CHECK), ("sympy.core", ["show", "pca.spikes"]), ("numpy", SWEEP),
    ("torch._C", SWEEP), ("rich.console", ["verify", "pca.spikes", "--fresh"]),
])  # fmt: skip
def test_an_interrupt_while_something_is_loaded_is_one_sentence(library, command):
    done = subprocess.run(
        [sys.executable, "-c", RINGS, library, *command], capture_output=True, text=True, start_new_session=True
    )
    assert done.returncode == INTERRUPTED and done.stderr.strip() == "workbench: interrupted"
