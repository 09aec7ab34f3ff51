"""Wick's formula, pairing by pairing, against pencil and paper and against the engines."""

import pytest

from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError
from workbench.calculus.means.gaussian.expectation import moment
from workbench.calculus.means.gaussian.wick import with_means_by_wick
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, mask

d, N = L.size("d"), L.count("N")
Sigma, Omega = L.spd("Sigma", d), L.spd("Omega", N)
A, B, mu, a = L.matrix("A", d, d), L.matrix("B", d, d), L.vector("mu", d), L.vector("a", d)
X, Y = gaussian("X", d, N, cov=Sigma), gaussian("Y", d, N, cov=Sigma, token_cov=Omega)
x, z = gaussian("x", d, cov=Sigma, mean=mu), gaussian("z", 1)

BY_HAND = {
    "the second moment": (E(X * X.T), N * Sigma),
    "the fourth power of a number": (E(L.tr(z) ** 4), polynomial(3)),
    "a square of a form": (E(L.dot(a, X * X.T * a) ** 2), (N**2 + 2 * N) * L.form(a, Sigma, a) ** 2),
    "an odd moment": (E(L.tr(X * X.T) * L.dot(a, x)), N * L.tr(Sigma) * L.dot(a, mu)),
    "correlated columns": (E(Y * Omega * Y.T), L.tr(Omega**2) * Sigma),
    "two factors": (
        E(X * X.T * A * X * X.T), N**2 * Sigma * A * Sigma + N * Sigma * A.T * Sigma + N * L.tr(A * Sigma) * Sigma
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_HAND)
def test_what_pencil_and_paper_say(what):
    mean, right = BY_HAND[what]
    assert same(with_means_by_wick(mean), right if hasattr(right, "terms") else polynomial(right))


ENGINES = [
    E(L.tr((X * X.T) ** 3) * X * X.T),
    E(x * x.T * A * x * L.dot(x, x)),
    E(L.tr(Y * Omega * Y.T * A * Y * Y.T * B)),
    E(L.tr(X * X.T * A) ** 2 * L.dot(a, x) ** 2),
    E(L.form(x, A, x) ** 4),
]


@pytest.mark.parametrize("mean", ENGINES, ids=str)
def test_pairings_and_engines_agree(mean):
    assert same(with_means_by_wick(mean), moment(mean))


def test_other_laws_and_endless_lists_are_refused():
    with pytest.raises(CalculusError):
        with_means_by_wick(E(L.dot(mask("o", d, L.probability("q")), a)))
    with pytest.raises(CalculusError):
        with_means_by_wick(E(L.form(x, A, x) ** 7))
