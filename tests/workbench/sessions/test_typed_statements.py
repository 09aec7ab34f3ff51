"""Typed statements: one line in, a verdict, a witness and a correction out; the text is never evaluated.

`cases/one_liners.txt` holds twenty statements that a newcomer might type, right and wrong ones, written before
there was a grammar for them (a case list of this project); `correct: line n` names the correction looked for.
"""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from workbench.calculus.agreement import agree
from workbench.cli import cli
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import value
from workbench.notation import read_formula
from workbench.sessions.answers import check
from workbench.sessions.equations import read_equation

LINES = (Path(__file__).parent / "cases" / "one_liners.txt").read_text(encoding="utf-8").splitlines()
FORM = re.compile(r"(\d+)\s+(right|wrong)\s+(.*?)(?:\s{3,}(.*))?")
CASES = {int(m[1]): (m[2], m[3].strip(), m[4] or "") for line in LINES if (m := FORM.fullmatch(line))}


@pytest.mark.parametrize("number", CASES)
def test_a_newcomers_statement_gets_its_verdict_and_its_correction(number):
    expected, statement, note = CASES[number]
    answer = check(statement)
    assert answer.status == {"right": "supported", "wrong": "refuted"}[expected], answer.reason
    assert bool(answer.witness) == bool(answer.correction) == (expected == "wrong")
    if wanted := re.search(r"correct: line (\d+)", note):
        truth = read_equation(CASES[int(wanted[1])][1])
        corrected = read_formula(answer.correction["formula"], truth.letters, like=truth.right)
        for seed in range(3):
            point = draw(letters_of(corrected, truth.right), str(seed), hypotheses=truth.hypotheses)
            agree(value(corrected, point), value(truth.right, point), "the correction")


def test_all_twenty_cases_are_read():
    assert sorted(CASES) == list(range(1, 21))


def test_hypotheses_that_nothing_satisfies_are_refused_in_a_sentence():
    with pytest.raises(BadInput, match="says nothing: no instance"):
        check("E[z**2] == t", "t > 2; t < 1")
    assert "--where" not in check("E[z**2] == 2", "").replay


def test_a_slip_that_symmetry_hides_has_a_witness_of_two_dimensions():
    witness = check(CASES[5][1]).witness
    assert witness["instance"].startswith("d = 2")


@pytest.mark.parametrize(
    ("statement", "where", "status"),
    [
        ("tr(A*B) == tr(B*A)", "", "supported"),
        ("tr(A*B) == tr(A*B.T)", "", "refuted"),
        ("grad(tr(W*A*W.T), W) == W*(A + A.T)", "", "supported"),
        ("E[Y.T*Y] == tr(S)*I(n)", "k: size; n: count; S: spd k; Y: k×n ~ N(0, S)", "supported"),
        ("E[Y.T*Y] == tr(S)*K", "k: size; n: count; S: spd k; K: spd n; Y: k×n ~ N(0, S, K)", "supported"),
        ("E[(x - mu)*(x - mu).T] == Sigma", "x ~ N(mu, Sigma)", "supported"),
        ("E[exp(a.T*x)*x]/E[exp(a.T*x)] == Sigma*a", "", "supported"),
        ("E[exp(a.T*x)*x]/E[exp(a.T*x)] == 2*Sigma*a", "", "refuted"),
        ("E[p*q] == rho*g", "(p, q) ~ N(0, [[g**2, rho*g], [rho*g, 1]])", "supported"),
        ("E[u**2*v**2] == 1 + 2*rho**2", "", "supported"),
        ("N*Sigma == E[X*X.T]", "", "supported"),
        ("E[cosh(z)] == exp(1/2)", "", "supported"),
        ("E[cosh(z)] == exp(1)", "", "refuted"),
    ],
)
def test_other_statements_are_judged(statement, where, status):
    answer = check(statement, where)
    assert answer.status == status, (answer.reason, answer.compared)


def test_what_was_understood_is_repeated():
    answer = check("E[tr(X*C*X.T*B)] == tr(C)*tr(Sigma*B)")
    assert answer.where == "B: d×d; C: N×N; Sigma: spd d; X: d×N ~ N(0, Sigma)"


HOSTILE = [
    "E[X*X.T]", "", "x == 3", "A = B", "A == B == C", "A < B", "E[A] == A", "E[x*x] == Sigma", "grad(x.T*x, x) == 1",
    "grad(A, A) == A", "grad(E[x.T*x], 3) == 1", "__import__('os') == 1", "E[x.__class__] == 1", "E[X][0] == 1",
    "lambda: 1 == 1", "E[(x := a)] == a", "E[x] == 1/0", "E[f(x)] == 1", "tr(A*E[x]) == tr(A)", "E[E[x]*x] == 9**9**9",
]  # fmt: skip
DECLARATIONS = [
    "A", "A: ", "A: d×d×d", "A: banana d", "tr: d", "E: d×d", "X ~ M(0, 1)", "X ~ N(0)", "X ~ N(0, [[1], [2, 3]])",
    "(u, v) ~ N(0, 1)", "N >> d", "N > d > 1", "X ~ N(0, __import__('os'))", "X: d×N ~ N(0, A)\x00",
    "X: d×N ~ N(mu, Sigma)",
]  # fmt: skip


@pytest.mark.parametrize("statement", HOSTILE)
def test_what_is_no_statement_is_refused_in_a_sentence(statement):
    with pytest.raises(BadInput) as problem:
        check(statement)
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize("where", DECLARATIONS)
def test_what_declares_nothing_is_refused_in_a_sentence(where):
    with pytest.raises(BadInput) as problem:
        check("E[X*X.T] == A", where)
    assert "\n" not in str(problem.value)


def test_the_command_line_answers_with_its_exit_codes():
    right = CliRunner().invoke(cli, ["check", CASES[1][1]])
    wrong = CliRunner().invoke(cli, ["check", CASES[11][1]])
    assert (right.exit_code, wrong.exit_code) == (0, 1)
    assert "SUPPORTED" in right.output and "where B: d×d; C: N×N" in right.output
    assert "fails at" in wrong.output and "try: exp(tr(a.T*Sigma*a)/2)*Sigma*a" in wrong.output
