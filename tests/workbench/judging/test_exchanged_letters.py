"""Two letters of one kind exchanged: no value that a letter is given lets it stand for another of its kind."""

from __future__ import annotations

import re

import pytest

from workbench import check
from workbench.catalogue import Entry, builtin, member
from workbench.exact.instances import letters_of
from workbench.judging.proofs import SIZES, points
from workbench.judging.statement import SHAPES, Statement
from workbench.language.letters import Count, Size
from workbench.options import REFUTED

# A right statement, its declarations, and the letters that are exchanged in one side of it.
EXCHANGED = [
    ("E[X*X.T] == N*Sigma", "", "N M"), ("E[tr(X*X.T)] == N*tr(Sigma)", "", "N M"),
    ("E[X*X.T*A*X*X.T] == N*(N*Sigma*A*Sigma + Sigma*A.T*Sigma + tr(A*Sigma)*Sigma)", "", "N M"),
    ("E[X*X.T + Y*Y.T] == N*Sigma + 2*M*Sigma", "Y: d×M ~ N(0, 2*Sigma)", "N M"),
    ("E[W] == N*Sigma", "W ~ Wishart(N, Sigma); M > d", "N M"),
    ("E[inv(W)] == inv(Sigma)/(N - d - 1)", "W ~ Wishart(N, Sigma); N > d + 3; M > d + 3", "N M"),
    ("E[N*z**2 + M*z] == N", "", "N M"), ("E[x.T*x] == d", "x: d ~ N(0, I); k: size", "d k"),
    ("E[x.T*x/k] == d/k", "x: d ~ N(0, I); k: size", "d k"),
    ("E[tr(Z*Z.T)*d] == d**2*k", "d, k: size; Z: d×k ~ N(0, I)", "d k"),
    ("E[tr(Z.T*A*Z)] == k*tr(A)", "d, k: size; A: d×d; Z: d×k ~ N(0, I)", "d k"),
    ("E[x*x.T] == Sigma", "Gamma: spd d", "Sigma Gamma"), ("E[x.T*A*x] == tr(A*Sigma)", "Gamma: spd d", "Sigma Gamma"),
    ("E[x*x.T + 2*y*y.T] == Sigma + 2*Gamma", "Gamma: spd d; y ~ N(0, Gamma)", "Sigma Gamma"),
    ("E[(x.T*A*x)*(y.T*B*y)] == tr(A*Sigma)*tr(B*Gamma)", "Gamma: spd d; y ~ N(0, Gamma)", "Sigma Gamma"),
    ("E[x*x.T] == Sigma", "Gamma: spd d; y ~ N(0, Gamma)", "x y"),
    ("E[x*x.T*A*y] == Sigma*A*mu", "y ~ N(mu, I); A: d×d", "x y"),
    ("E[u**2*v + u**2*z**2] == 1", "v ~ N(0, 1)", "v z"),
    ("E[y] == mu", "y ~ N(mu, I); nu: d", "mu nu"), ("E[x*y.T*A*x] == Sigma*A.T*mu", "y ~ N(mu, I); nu: d", "mu nu"),
    ("E[y.T*a*y.T*b] == a.T*mu*mu.T*b + a.T*b", "y ~ N(mu, I)", "mu a"),
    ("E[x.T*A*B*x] == tr(A*B*Sigma)", "", "A B"), ("E[A*x*x.T*B] == A*Sigma*B", "", "A B"),
    ("grad(E[x.T*A*B*x], A) == Sigma*B.T", "", "A B"),
    ("E[x*x.T*A*x*x.T*B] == Sigma*A*Sigma*B + Sigma*A.T*Sigma*B + tr(A*Sigma)*Sigma*B", "", "A B"),
    ("E[exp(t*z)] == exp(t**2/2)", "", "t s"), ("E[(t + s*z)**3] == t**3 + 3*t*s**2", "", "t s"),
    ("E[relu(g*z)] == g/sqrt(2*pi)", "", "g tau"),
    ("E[step(t + g*z)] == 1/2 + erf(t/(g*sqrt(2)))/2", "", "g tau"),
    ("E[sign(u)*sign(v)] == 2*asin(rho)/pi", "eta: overlap", "rho eta"),
    ("E[o.T*a] == p*tr(a.T*ones(d))", "o: d ~ Bernoulli(p); p, q: probability", "p q"),
]  # fmt: skip
SIDES = re.compile(r"\s*==\s*")


def exchanged(statement: str, pair: str) -> str:
    """The statement with two letters exchanged on its right side, or on its left where neither stands right."""
    one, other = pair.split()
    letters = re.compile(rf"\b({one}|{other})\b")
    left, right = SIDES.split(statement)
    swapped = {side: letters.sub(lambda found: {one: other, other: one}[found[0]], side) for side in (left, right)}
    return f"{left} == {swapped[right]}" if swapped[right] != right else f"{swapped[left]} == {right}"


@pytest.mark.parametrize(("statement", "where", "pair"), EXCHANGED, ids=lambda text: text[:40])
def test_a_right_statement_is_supported_and_refuted_with_two_letters_exchanged(statement, where, pair):
    assert check(statement, where).status == "supported"
    answer = check(exchanged(statement, pair), where)
    assert answer.status == "refuted" and answer.witness, (answer.reason, answer.compared)
    assert answer.witness["claimed"] != answer.witness["measured"]


@pytest.mark.parametrize("size", "dk")
def test_no_size_is_always_the_larger_of_two(size):
    answer = check(f"E[tanh(u*v)**2]*{size} == E[tanh(u*v)**2]*max(d, k)", "d, k: size")  # measured only
    assert answer.status == "refuted" and answer.witness


COUNTS = '''
"""The second moment of N Gaussian columns.

Source: by hand
"""

from workbench import E, by, claim, count, gaussian, given, size, so, spd, tr
from workbench.calculus.rules import expectation

d, N, M = size("d"), count("N"), count("M")
Sigma = spd("Sigma", d)
X = gaussian("X", d, N, cov=Sigma)


@claim("expectation", "E tr(XXᵀ)", rivals={"one column": tr(Sigma), "squared": N * tr(Sigma * Sigma)})
def length():
    """The mean is N times the trace of the covariance."""
    yield given("the definition", E(tr(X * X.T)))
    yield by(expectation)
    yield so("another letter", M * tr(Sigma))
    yield so("and back", N * tr(Sigma))
'''
TWIN = '''
"""Gaussian columns, measured."""

import torch


def length(N, Sigma, *, draw):
    """Their squared length."""
    X = torch.linalg.cholesky(Sigma) @ draw.normal("X", len(Sigma), N)
    return (X * X).sum()
'''


def test_a_theorem_that_takes_one_count_for_another_and_goes_back_is_refuted_at_its_false_line(workbench, folder):
    folder.write("vectors.gaussian", COUNTS, TWIN).write("vectors.right", COUNTS, TWIN)
    folder.edit("derivations", "vectors.right", '    yield so("another letter", M * tr(Sigma))\n', "")
    reply = workbench("verify", folder.root)
    assert reply.code == REFUTED and "1 supported  1 refuted" in reply.out and "another letter" in reply.out, reply


def of_one_kind(letters: list) -> list[list]:
    """The sizes among letters, by kind, where there are several of a kind."""
    sizes = [letter for letter in letters if isinstance(letter, Size)]
    kinds = [[letter for letter in sizes if isinstance(letter, Count) is counted] for counted in (True, False)]
    return [kind for kind in kinds if len(kind) > 1]


def crowded() -> list[Entry]:
    """The claims of theorem files that name two sizes of one kind."""
    files = {entry.derivation for entry in builtin().entries}
    calls = {file: re.findall(r"\b(size|count)\(\"", file.read_text(encoding="utf-8")) for file in files}
    return [entry for entry in builtin().entries if len(calls[entry.derivation]) > len(set(calls[entry.derivation]))]


@pytest.mark.parametrize("entry", crowded(), ids=lambda entry: entry.id)
def test_no_two_sizes_of_one_kind_are_given_the_same_value(entry):
    claim = member(entry, "derivations")
    formulas = [line.expression for line in claim.lines]
    letters = letters_of(*formulas, *claim.hypotheses)
    statement = Statement(entry.id, claim.formula, (), tuple(letters), tuple(claim.hypotheses), tuple(claim.regime))
    drawn = [statement.instance(0, place) for place in range(len(SHAPES))]
    drawn += [next(points(claim, "proof", start, set(), *formulas))[1] for start in SIZES]
    for kind in of_one_kind(letters):
        for point in drawn:
            assert len({int(point[letter]) for letter in kind}) == len(kind)
