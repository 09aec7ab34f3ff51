"""Dirichlet columns: polynomials of them, for every number of categories."""

import pytest
import sympy as sp
from sympy import HadamardProduct
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import CalculusError
from workbench.calculus.means.expectation import expect
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian
from workbench.language.letters import matrix, positive, size, tr
from workbench.language.simplices import dirichlet
from workbench.sessions.answers import check

d, alpha = size("d"), positive("alpha")
p, A = dirichlet("p", d, alpha), matrix("A", d, d)
ONES = sp.OneMatrix(d, d)
MEANS = [
    p * p.T,
    p * p.T * A * p,
    HadamardProduct(p, p).T * A * p,
    A * DiagMatrix(p) * A.T,
    tr(p * p.T) ** 2,
    p * gaussian("x", d).T * A * gaussian("x", d) * p.T,
]


def graded(before, after, seed="simplex"):
    """What the re-check says of a mean at d = 2 and d = 3."""
    letters = letters_of(before, after)
    return {check_line(expectation, before, after, draw(letters, seed, {"d": n}), {}) for n in (2, 3)}


@pytest.mark.parametrize("inside", MEANS, ids=str)
def test_a_mean_for_every_size_is_that_of_brute_force(inside):
    assert graded(E(inside), expect(E(inside))) == {"proved"}


def test_entries_that_are_taken_for_independent_ones_are_refuted():
    with pytest.raises(Refuted):
        graded(E(p * p.T), sp.Identity(d) / (alpha * d**3) + ONES / d**2)


def test_the_uniform_simplex_has_the_concentration_one():
    uniform = expect(E(tr(dirichlet("p", d) * dirichlet("p", d).T)))
    assert sp.simplify(uniform - 2 / (d + 1)) == 0  # E Σ p² = 2/(d + 1)


def test_the_entries_sum_to_one():
    ones = sp.OneMatrix(d, 1)
    assert sp.simplify(expect(E(tr(ones.T * p) ** 3)) - 1) == 0


def test_what_has_no_rule_is_refused_in_a_sentence():
    for inside in (HadamardProduct(p * p.T, A), sp.exp(tr(A * p * p.T))):
        with pytest.raises(CalculusError):
            expect(E(inside))


def test_the_risk_of_a_smoothed_guess_is_judged_from_one_line():
    """The guess (1 − s)e + s/d for a distribution of which one draw e was seen, here the part that p alone decides."""
    where = "p: d ~ Dirichlet(alpha)"
    assert check("E[norm(p - ones(d)/d)**2] == (d - 1)/(d*(alpha*d + 1))", where).status == "supported"
    wrong = check("E[norm(p - ones(d)/d)**2] == 1/(alpha*d + 1)", where)
    assert wrong.status == "refuted" and wrong.correction["found"] == "by the derivation"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("p ~ Dirichlet(1)", "law of a vector"),
        ("p: d ~ Dirichlet(-1)", "need not be positive"),
        ("p: d ~ Dirichlet(q, 1)", "one concentration"),
    ],
    ids=str,
)
def test_a_law_that_is_none_is_refused_in_a_sentence(where, said):
    from workbench.errors import BadInput
    from workbench.sessions.declarations import declared

    with pytest.raises(BadInput, match=said):
        declared([where])
