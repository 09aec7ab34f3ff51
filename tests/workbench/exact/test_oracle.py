"""The oracle: means by brute force against Isserlis by hand, known closed forms and rigorous integrals."""

from math import factorial

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.exact import noise
from workbench.exact.instances import draw, letters_of
from workbench.exact.oracle import TooLarge, line_integral, triangular_factors
from workbench.exact.rings import Balls, Dual, NotRational, identity
from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.laws import E, gaussian, mask

d, n = L.size("d"), L.count("n")
Sigma, T = L.spd("Sigma", d), L.spd("T", n)
A, mu, a, b = L.matrix("A", d, d), L.vector("mu", d), L.vector("a", d), L.vector("b", d)
x, z, w = gaussian("x", d, cov=Sigma), gaussian("z", 1), gaussian("w", 1)
y = gaussian("y", d, mean=mu, cov=Sigma)
X = gaussian("X", d, n, cov=Sigma, token_cov=T)
seeds = st.integers(0, 99).map(str)


def at(expression, seed="0", ring=None, **sizes):
    """The value at a drawn point."""
    point = draw(letters_of(expression), seed, {"d": 2, "n": 2} | sizes)
    return evaluate(expression, point, ring)


def same(left, right, seed, **sizes):
    """Both sides have the same exact value at a drawn point of all their letters."""
    point = draw(letters_of(left, right), seed, {"d": 2, "n": 2} | sizes)
    return np.array_equal(evaluate(left, point), evaluate(right, point))


@pytest.mark.parametrize("degree", range(9))
def test_the_moments_of_a_standard_gaussian_are_double_factorials(degree):
    expected = 0 if degree % 2 else factorial(degree) // (2 ** (degree // 2) * factorial(degree // 2))
    assert evaluate(E(L.tr(z) ** degree), {}) == expected


ISSERLIS = [
    (E(x), sp.ZeroMatrix(d, 1)),
    (E(x * x.T), Sigma),
    (E(y), mu),
    (E(y * y.T), Sigma + mu * mu.T),
    (E(L.form(x, A, x)), L.tr(A * Sigma)),
    (E(L.dot(a, x) ** 2 * L.dot(b, x) ** 2),
     L.form(a, Sigma, a) * L.form(b, Sigma, b) + 2 * L.form(a, Sigma, b) ** 2),
    (E(L.dot(a, x) ** 4), 3 * L.form(a, Sigma, a) ** 2),
    (E(L.dot(a, y) ** 3), L.dot(a, mu) ** 3 + 3 * L.dot(a, mu) * L.form(a, Sigma, a)),
    (E(x * x.T * A * x * x.T), Sigma * (A + A.T) * Sigma + L.tr(A * Sigma) * Sigma),
    (E(X * X.T), L.tr(T) * Sigma),
    (E(X.T * A * X), L.tr(A * Sigma) * T),
    (E(X * X.T * A * X * X.T),
     L.tr(T) ** 2 * Sigma * A * Sigma + L.tr(T * T) * (Sigma * A.T * Sigma + L.tr(A * Sigma) * Sigma)),
]  # fmt: skip


@settings(max_examples=4)
@given(seed=seeds)
@pytest.mark.parametrize("place", range(len(ISSERLIS)))
def test_means_are_what_isserlis_gives_by_hand(place, seed):
    mean, by_hand = ISSERLIS[place]
    assert same(mean, by_hand, seed)


def test_independent_letters_multiply():
    assert same(E(L.dot(a, x) ** 2 * L.tr(z) ** 4), 3 * L.form(a, Sigma, a), "0")
    assert same(E(L.dot(a, x) * L.tr(z)), sp.Integer(0), "0")


def test_a_mean_under_a_mean_is_a_constant():
    centred = x - E(x)
    assert same(E(centred * centred.T), Sigma, "3")
    centred = y - E(y)
    assert same(E(centred * centred.T), Sigma, "3")
    assert same(E(L.dot(y, y) * E(L.dot(y, y))), (L.tr(Sigma) + L.dot(mu, mu)) ** 2, "3")


@pytest.mark.parametrize("inner", [E(L.dot(x, y) ** 2, x), E(L.dot(x + y, x + y), x) ** 2])
def test_a_conditional_mean_under_a_mean_is_not_guessed(inner):
    with pytest.raises(NotRational, match="conditional"):
        at(E(inner, y))


TILTED = [
    (E(sp.exp(L.dot(a, y))), sp.exp(L.dot(a, mu) + L.form(a, Sigma, a) / 2)),
    (E(y * sp.exp(L.dot(a, y))), (mu + Sigma * a) * sp.exp(L.dot(a, mu) + L.form(a, Sigma, a) / 2)),
    (E(L.dot(b, x) ** 2 * sp.exp(L.dot(a, x))),
     (L.form(b, Sigma, b) + L.form(a, Sigma, b) ** 2) * sp.exp(L.form(a, Sigma, a) / 2)),
    (E(sp.exp(-L.dot(x, x))), 1 / sp.sqrt(sp.Determinant(sp.Identity(d) + 2 * Sigma))),
    (E(sp.exp(-L.tr(z) ** 2)), 1 / sp.sqrt(sp.Integer(3))),
    (E(L.tr(z) ** 2 * sp.exp(-L.tr(z) ** 2 / 2)), 1 / sp.sqrt(sp.Integer(8))),
]  # fmt: skip


@settings(max_examples=3)
@given(seed=seeds)
@pytest.mark.parametrize("place", range(len(TILTED)))
def test_tilted_means_enclose_their_closed_forms(place, seed):
    mean, closed = TILTED[place]
    point = draw(letters_of(mean, closed), seed, {"d": 2})
    pairs = zip(*(np.asarray(evaluate(side, point, Balls()), dtype=object).reshape(-1) for side in (mean, closed)))
    for found, expected in pairs:
        assert found.overlaps(expected) and found.rad() < arb(2) ** -25 * (1 + abs(found))


@pytest.mark.parametrize(
    "wrong", [sp.exp(L.form(a, Sigma, a)), sp.exp(L.form(a, Sigma, a) / 4), 1 + L.form(a, Sigma, a) / 2]
)
def test_a_wrong_tilted_mean_is_not_enclosed(wrong):
    point = draw([a, Sigma], "0", {"d": 2})
    assert not evaluate(E(sp.exp(L.dot(a, x))), point, Balls()).overlaps(evaluate(wrong, point, Balls()))


@given(
    degree=st.integers(0, 6),
    slope=st.fractions(-3, 3, max_denominator=8),
    rate=st.fractions(sp.Rational(1, 4), 4, max_denominator=8),
)
def test_a_line_integral_encloses_the_gaussian_moment(degree, slope, rate):
    b_, r = fmpq(slope.numerator, slope.denominator), fmpq(rate.numerator, rate.denominator)
    ball = line_integral(degree, b_, r)
    # ∫ y^k e^{by − ry²/2} dy = √(2π/r) e^{b²/2r} E[(b/r + g/√r)^k] with g standard.
    moment = sum(
        sp.binomial(degree, k)
        * sp.Rational(slope / rate) ** (degree - k)
        * sp.factorial2(k - 1)
        / sp.Rational(rate) ** (k // 2)
        for k in range(0, degree + 1, 2)
    )
    exact = arb(fmpq(int(moment.p), int(moment.q))) * (2 * arb.pi() / arb(r)).sqrt() * arb(b_ * b_ / (2 * r)).exp()
    assert ball.overlaps(exact) and ball.rad() < arb(2) ** -25 * (1 + abs(exact))


@pytest.mark.parametrize(
    ("mean", "why"),
    [
        (E(sp.exp(L.tr(z) ** 2)), "diverges"),
        (E(sp.exp(L.tr(z) ** 3)), "cubic"),
        (E(sp.exp(sp.exp(L.tr(z)))), "of an exponential"),
        (E(1 / (1 + L.tr(z) ** 2 * L.tr(w) ** 2)), "not the squared length"),
        (E(sp.sin(L.tr(z) * L.tr(w))), "not affine"),
    ],
)
def test_what_the_oracle_cannot_do_it_says(mean, why):
    with pytest.raises(NotRational, match=why):
        evaluate(mean, {}, Balls())


def test_an_expansion_that_grows_too_large_is_stopped(monkeypatch):
    monkeypatch.setattr(noise, "MAX_TERMS", 20)
    with pytest.raises(TooLarge, match="20 monomials"):
        at(E(L.form(X * X.T * a, A, X * X.T * a)), d=3, n=3)


def test_an_exponential_under_a_mean_needs_balls():
    with pytest.raises(NotRational):
        at(E(sp.exp(L.dot(a, x))))


def test_a_mean_has_the_derivative_of_its_closed_form():
    t = L.scalar("t")
    mean = evaluate(E((t + L.tr(z)) ** 4), {t: Dual(fmpq(2), fmpq(1))})
    # E(t + z)⁴ = t⁴ + 6t² + 3
    assert (mean.value, mean.slope) == (fmpq(43), fmpq(56))


@given(st.integers(1, 4), seeds)
def test_a_covariance_is_the_product_of_its_triangular_factors(size, seed):
    matrix = draw([Sigma], seed, {"d": size})[Sigma]
    lower, diagonal = triangular_factors(matrix)
    assert (lower @ (identity(size) * diagonal) @ lower.T == matrix).all()


def test_a_degenerate_covariance_is_fine_for_polynomials():
    rank_one = gaussian("r", d, cov=a * a.T)
    assert same(E(L.dot(b, rank_one) ** 2), L.dot(a, b) ** 2, "0")


# The Gaussian error function with an irrational multiple, by Stein: E[erf(√r u)] = erf(√r μ/√(1 + 2rv)).
ROOTED = [
    (E(sp.erf(L.dot(a, y) / sp.sqrt(2))), lambda m, v: sp.erf(m / sp.sqrt(2 * (1 + v)))),
    (E(sp.erf(L.dot(a, y) / sp.sqrt(d + 1))), lambda m, v: sp.erf(m / sp.sqrt(d + 1 + 2 * v))),
    (E(sp.erf(sp.sqrt(3) * L.dot(a, x)) ** 2), lambda m, v: 4 / sp.pi * sp.atan(sp.sqrt(1 + 12 * v)) - 1),
    (E(sp.sign(sp.sqrt(3) * L.dot(a, x)) * L.dot(a, x)), lambda m, v: sp.sqrt(2 * v / sp.pi)),
]


@pytest.mark.parametrize("mean, closed", ROOTED)
def test_steps_of_irrational_multiples(mean, closed):
    expected = closed(L.dot(a, mu), L.form(a, Sigma, a))
    point = draw(letters_of(mean, expected), "rooted", {"d": 2})
    found, right = evaluate(mean, point, Balls()), evaluate(expected, point, Balls())
    assert found.overlaps(right) and float(found.rad()) < 1e-9
    assert not found.overlaps(right * arb("1.000001"))


def test_two_irrational_multiples_of_one_form_are_one_function_of_it():
    form = L.dot(a, x)
    root, found = sp.sqrt(3), at(E(sp.erf(sp.sqrt(3) * form) * sp.erf(sp.sqrt(2) * form)), ring=Balls())
    both = sp.sqrt(6) * L.form(a, Sigma, a)  # arcsine of the correlation of the two (Williams 1998)
    rates = (1 + 2 * root**2 * L.form(a, Sigma, a)) * (1 + 4 * L.form(a, Sigma, a))
    expected = at(2 / sp.pi * sp.asin(2 * both / sp.sqrt(rates)), ring=Balls())
    assert found.overlaps(expected) and found.rad() < arb(2) ** -40


def test_what_is_fixed_in_a_mean_needs_no_rational_value():
    for fixed in (sp.exp(L.scalar("t")), sp.sqrt(L.tr(Sigma))):
        mean, closed = E(fixed * L.dot(a, x) ** 2), fixed * L.form(a, Sigma, a)
        point = draw(letters_of(mean, closed), "fixed", {"d": 2})
        found, right = evaluate(mean, point, Balls()), evaluate(closed, point, Balls())
        assert found.overlaps(right) and found.rad() < arb(2) ** -30 and not found.overlaps(right * arb("1.000001"))


def test_a_number_beside_noise_that_vanishes_is_a_number():
    seen = mask("o", d, 1 - L.probability("p"))
    left = sp.Identity(d) - DiagMatrix(seen)
    rest, fixed = left * (y - A * DiagMatrix(seen) * y), left * b
    error = left * (y - A * DiagMatrix(seen) * y - b)
    square = E(E(L.tr(error * error.T), y), seen)
    parts = [E(E(L.tr(one * other.T), y), seen) for one, other in ((rest, rest), (rest, fixed), (fixed, fixed))]
    assert same(square, parts[0] - 2 * parts[1] + parts[2], "0")
