"""Columns of which the mean and the covariance are known: what the two determine, and where they stop."""

import pytest
from sympy import DiagMatrix, HadamardProduct, Identity, exp

from workbench.calculus.agreement import agree
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError, UnknownLaw
from workbench.calculus.means.expectation import expect
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, mask, second_moments
from workbench.language.letters import dot, form, matrix, probability, size, spd, tr, vector

d, q = size("d"), probability("q")
A, m, b = matrix("A", d, d), vector("m", d), vector("b", d)
S, Sigma = spd("S", d), spd("Sigma", d)
x = second_moments("x", d, mean=m, cov=S)
z, o = gaussian("z", d, cov=Sigma), mask("o", d, q)

BY_HAND = [
    (form(x, A, x), tr(A * S) + form(m, A, m)),
    (dot(b, x) * dot(x, A * b), form(b, A.T * S, b) + dot(b, m) * form(b, A.T, m)),
    (form(z, A, x) * form(z, A, x), tr(A * S * A.T * Sigma) + form(m, A.T * Sigma * A, m)),
    (x * z.T * z * x.T, tr(Sigma) * (S + m * m.T)),
]


@pytest.mark.parametrize(("integrand", "closed"), BY_HAND)
def test_two_moments_determine_degree_two(integrand, closed):
    assert same(polynomial(expect(E(integrand))), polynomial(closed))


@pytest.mark.parametrize("integrand", [integrand for integrand, _ in BY_HAND])
def test_the_oracle_takes_a_law_far_from_a_gaussian(integrand):
    definition, closed = E(integrand), expect(E(integrand))
    point = draw(letters_of(definition, closed), "moments", {"d": 2})
    agree(evaluate(definition, point), evaluate(closed, point), "the mean")


def test_the_oracle_and_a_gaussian_part_at_degree_four():
    fourth, like = E(dot(x, x) ** 2), gaussian("like", d, mean=m, cov=S)
    point = draw(letters_of(fourth), "moments", {"d": 2})
    assert evaluate(fourth, point) != evaluate(E(dot(like, like) ** 2), point)


def test_a_mask_beside_is_averaged_in_its_turn():
    kept = DiagMatrix(o) * x
    found, point = expect(E(kept * kept.T)), draw([d, q, m, S], "moments", {"d": 2})
    closed = q**2 * (S + m * m.T) + (q - q**2) * HadamardProduct(Identity(d), S + m * m.T)
    agree(evaluate(found, point), evaluate(closed, point), "the mean")


@pytest.mark.parametrize("integrand", [dot(x, x) ** 2, dot(b, x) * form(x, A, x), exp(dot(b, x))])
def test_what_two_moments_do_not_determine_is_refused(integrand):
    with pytest.raises(CalculusError):
        expect(E(integrand))


def test_the_refusal_says_what_is_known():
    with pytest.raises(UnknownLaw, match="only the mean and the covariance are known"):
        expect(E(dot(x, x) ** 2))
