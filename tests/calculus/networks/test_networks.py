"""Formulas with the same networks are equal at every size, and formulas that differ have others."""

from itertools import combinations

import pytest
import sympy as sp
from sympy import HadamardProduct as had
from sympy import Identity, OneMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.errors import CalculusError, DegreeTooHigh, NotPolynomial, UnknownLaw
from workbench.calculus.networks import equal_as_networks
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, haar, index, mask, second_moments
from workbench.language.letters import count, matrix, positive, probability, size, spd, unit_vector, vector

d, m, N = size("d"), size("m"), count("N")
q, v = probability("q"), positive("v")
A, B, F = matrix("A", d, d), matrix("B", d, d), matrix("F", m, d)
S, C = spd("S", d), spd("C", d)
a, b, u = vector("a", d), vector("b", d), unit_vector("u", d)
eye, one = Identity(d), OneMatrix(d, 1)
o, o2 = mask("o", d, q), mask("o2", d, q)
x, X, Y = gaussian("x", d, mean=a, cov=S), gaussian("X", d, N, cov=S), gaussian("Y", d, 2, token_cov=spd("R", 2))
e = index("e", N)
seen = DiagMatrix(o)
tr = sp.Trace


def diag(M):
    return had(eye, M)


def hollow(M):
    return M - diag(M)


M = (1 - q) * S + q * diag(S)
IDENTITIES = [
    (tr(one.T * had(A, B) * one), tr(A * B.T)),
    (DiagMatrix(a) * A * DiagMatrix(b), had(A, a * b.T)),
    (DiagonalOf(A * DiagMatrix(a) * B.T), had(A, B) * a),
    (tr(diag(A) * B), tr(A * diag(B))),
    (had(A, B).T, had(B.T, A.T)),
    (tr(A * S * A.T), tr(S * A.T * A)),
    (hollow(hollow(A)), hollow(A)),
    (tr(one * one.T), d),
    (M.inv() * S * (1 - q), eye - q * M.inv() * diag(S)),
    (S * (S + v * eye).inv(), eye - v * (S + v * eye).inv()),
    ((had(C, S) + v * diag(S)).inv() * had(C, S), eye - v * (had(C, S) + v * diag(S)).inv() * diag(S)),
    (F.T * (F * S * F.T).inv() * F * S * F.T, F.T),
    (DiagMatrix(a).inv() * DiagMatrix(a) * A, A),
    (diag(A).inv() * DiagMatrix(DiagonalOf(A)), eye),
    (tr(A) / (tr(A) + tr(B)), 1 - tr(B) / (tr(A) + tr(B))),
    (tr(u * u.T * A) * tr(u.T * u), tr(u.T * A * u)),
    (E(o * o.T), q**2 * one * one.T + q * (1 - q) * eye),
    (E(seen * A * seen), q**2 * A + q * (1 - q) * diag(A)),
    (E(tr(seen * A * seen * B)), q**2 * tr(A * B) + q * (1 - q) * tr(diag(A) * B)),
    (E(seen * DiagMatrix(o2) * A * DiagMatrix(o2)), q * (q**2 * A + q * (1 - q) * diag(A))),
    (E(x * x.T), S + a * a.T),
    (E(X * X.T * A * X * X.T), N**2 * S * A * S + N * S * A.T * S + N * tr(A * S) * S),
    (E(Y.T * Y), d * spd("R", 2)),
    (E(X * e * e.T * X.T, e), X * X.T / N),
    ((tr(eye) * S + v * eye).inv() * S * d, eye - v * (d * S + v * eye).inv()),
    (DiagMatrix(DiagonalOf(A * A.T)).inv() * DiagMatrix(DiagonalOf(A * A.T)), eye),
    (E(tr(had(X * X.T, X * X.T))), 2 * N * tr(had(S, S)) + N**2 * tr(had(S, S)) + 0 * q),
]


@pytest.mark.parametrize("pair", IDENTITIES, ids=str)
def test_an_identity_holds_at_every_size(pair):
    assert equal_as_networks(*pair)


def test_a_diagonal_inverse_meets_only_what_it_inverts():
    lengths = DiagMatrix(DiagonalOf(A * A.T)).inv()
    assert not equal_as_networks(lengths * DiagMatrix(DiagonalOf(A * DiagMatrix(a) * A.T)), DiagMatrix(a))
    assert not equal_as_networks(lengths * DiagMatrix(DiagonalOf(A * DiagMatrix(a) * A.T)), tr(DiagMatrix(a)) * eye)


def wrong_neighbours(right):
    """A formula changed in ways that a slip of the pen would."""
    return [2 * right, right + right.T if right.is_Matrix else right + 1, -right]


@pytest.mark.parametrize("pair", IDENTITIES, ids=str)
def test_no_neighbour_of_an_identity_does(pair):
    left, right = pair
    for wrong in wrong_neighbours(right):
        if wrong.shape == left.shape if left.is_Matrix else True:
            assert not equal_as_networks(left, wrong)


SQUARES = [
    A * B, B * A, had(A, B), A * diag(B), diag(A) * B, diag(A * B), diag(A) * diag(B), had(A, B.T), had(A, A) * B,
    A.T * B, S * A, A * S, S.inv() * A, had(S.inv(), S), S.inv() * S, eye, (A * S).inv(), S.inv() * A.inv(),
    A.inv() * S.inv(), M.inv() * S, S * M.inv(), M.inv(), diag(M.inv()).inv(), diag(M), diag(S),
    DiagMatrix(DiagonalOf(S)), a * b.T, b * a.T, DiagMatrix(a) * A * DiagMatrix(b), had(A, a * b.T), had(A, b * a.T),
    tr(A) * A, tr(A.T) * A, tr(A * B) * eye, tr(B.T * A.T) * eye, tr(A * B.T) * eye,
    tr(one.T * had(A, B) * one) * eye, d * eye, one * one.T, one * one.T / d, one * one.T * one * one.T / d,
    E(o * o.T), E(seen * A * seen), q**2 * A + q * (1 - q) * diag(A), E(x * x.T), S + a * a.T,
]  # fmt: skip


def test_networks_agree_with_exact_numbers_on_every_pair_of_a_pool():
    """Equal networks are equal numbers; different ones are different numbers somewhere, but for what inverses hide."""
    points = [draw(letters_of(*SQUARES), "networks", {"d": d, "m": 2, "N": 2}, bits=20) for d in (2, 3)]
    numbers = [[evaluate(formula, point).tolist() for point in points] for formula in SQUARES]
    hidden = {((A * S).inv(), S.inv() * A.inv())}
    for (one_formula, ours), (other, theirs) in combinations(list(zip(SQUARES, numbers)), 2):
        if (one_formula, other) in hidden:
            continue
        assert equal_as_networks(one_formula, other) == (ours == theirs), f"{one_formula} and {other}"


@pytest.mark.parametrize(("formula", "error"), [
    (E(tr(haar("H", d, d) * A)), UnknownLaw), (E(tr(second_moments("y", d, cov=S) * a.T)**4), DegreeTooHigh),
    (A**sp.Rational(1, 2), NotPolynomial), (sp.exp(tr(A)), NotPolynomial), (A**d, NotPolynomial),
    (gaussian("x", d) + gaussian("x", d, cov=S), NotPolynomial), (sp.Determinant(A), NotPolynomial),
    (E(tr((X * X.T).inv() * S)), NotPolynomial), (E(1 / tr(X * X.T)), NotPolynomial),
])  # fmt: skip
def test_what_is_no_sum_of_products_of_entries_is_refused(formula, error):
    with pytest.raises(error):
        equal_as_networks(formula, formula + formula)
    assert issubclass(error, CalculusError)
