"""Projections: closed Gaussian means of erf, ReLU, steps and exponentials, from the literature and by structure."""

import pytest
from flint import fmpq
from sympy import (
    Heaviside,
    Max,
    Min,
    Order,
    Rational,
    Symbol,
    acos,
    asin,
    cosh,
    erf,
    exp,
    log,
    pi,
    sign,
    sqrt,
    tan,
)

from tests.calculus.means.projections.reading import (
    A,
    Sigma,
    U,
    V,
    W,
    Z,
    a,
    agree,
    b,
    cuv,
    d,
    g,
    mean,
    mu,
    quu,
    qvv,
    r,
    rho,
    s,
    t,
    value,
    x,
    y,
    zero,
)
from workbench.calculus.algebra.terms import normal, tidy
from workbench.calculus.errors import CalculusError, DivergentMean, NotGaussianCalculus
from workbench.calculus.means.projections.projections import expect_projections, hermite, mehler
from workbench.language.gaussian_functions import relu, zeta_erf
from workbench.language.laws import E, Random, gaussian
from workbench.language.letters import dot, form, tr, vector

# --- cases from the literature, by equality of normal forms --------------------------------------------


def test_relu_of_a_centred_projection():
    # moments.json nl-relu-1 (folklore)
    assert zero(mean(relu(g * Z)) - g / sqrt(2 * pi))
    assert zero(mean(relu(U)) - sqrt(quu) / sqrt(2 * pi))


def test_relu_times_the_vector_halves_the_covariance():
    # moments.json nl-relu-stein (Stein)
    assert mean(relu(U) * x) == tidy(Sigma * a / 2)


def test_the_arc_cosine_kernel():
    # moments.json nl-arccos1 (Cho & Saul 2009), one-liners 16 and 17
    v = rho * Z + sqrt(1 - rho**2) * W
    expected = (sqrt(1 - rho**2) + rho * (pi - acos(rho))) / (2 * pi)
    wrong = (sqrt(1 - rho**2) + (pi - acos(rho))) / (2 * pi)
    result = mean(relu(Z) * relu(v))
    assert zero((result - expected).rewrite(asin))
    assert not zero((result - wrong).rewrite(asin))


def test_the_erf_kernel():
    # moments.json nl-erf-erf (Williams 1997)
    assert mean(erf(U) * erf(V)) == 2 / pi * asin(2 * cuv / (sqrt(1 + 2 * quu) * sqrt(1 + 2 * qvv))).subs(
        cuv, normal(cuv)
    )


def test_price_differentiates_the_erf_kernel_in_the_correlation():
    # moments.json nl-price (Price 1958): d/dc E[f(u)g(v)] = E[f'(u)g'(v)] for f = g = erf.
    q1, q2, c = (Symbol(name, positive=True) for name in ("q1", "q2", "c"))
    left, right = sqrt(q1) * Z, c / sqrt(q1) * Z + sqrt(q2 - c**2 / q1) * W
    slope = mean(4 / pi * exp(-(left**2) - right**2))
    assert ((slope / (4 / (pi * sqrt((1 + 2 * q1) * (1 + 2 * q2) - 4 * c**2)))) ** 2).simplify() == 1
    kernel = mean(erf(left) * erf(right))
    assert ((kernel.diff(c) / slope) ** 2).simplify() == 1


def test_a_log_normal_mean_and_its_second_moment():
    # moments.json nl-exp, nl-exp-xx
    assert mean(exp(dot(a, y))) == exp(normal(dot(a, mu) + quu / 2))
    assert mean(exp(U) * x * x.T) == tidy(exp(quu / 2) * (Sigma + Sigma * a * a.T * Sigma))


def test_the_erf_convolution_and_its_careless_variant():
    # one-liners 12 and 13; lemma L1 of the single-location regression calculus
    assert mean(erf(t + g * Z)) == erf(t / sqrt(1 + 2 * g**2))
    assert mean(erf(t + g * Z)) != erf(t / sqrt(1 + g**2))


def test_the_mean_of_erf_squared_and_its_careless_variant():
    # one-liners 14 and 15; lemma L2
    assert mean(erf(g * Z) ** 2) == 2 / pi * asin(2 * g**2 / (1 + 2 * g**2))
    assert mean(erf(g * Z) ** 2) != 2 / pi * asin(g**2 / (1 + g**2))
    assert mean(erf(t + g * Z) ** 2) == zeta_erf(t, g)


def test_stein_with_several_projections():
    # lemma L3: E[(aᵀx)(bᵀx) f(gᵀx)] = cov(a,b) E f + cov(a,g) cov(b,g) E f'', f = erf(t + ·).
    c = vector("c", d)
    quc, cac, cbc = form(c, Sigma, c), form(a, Sigma, c), form(b, Sigma, c)
    q = 1 + 2 * quc
    f, slope = erf(t / sqrt(q)), 2 * exp(-(t**2) / q) / sqrt(pi) / sqrt(q)
    assert zero(mean(U * erf(t + dot(c, x))) - cac * slope)
    assert zero(mean(U * V * erf(t + dot(c, x))) - cuv * f - cac * cbc * slope * (-2 * t / q))


def test_moments_of_single_location_regression():
    # Marion, Berthier, Biau, Boyer (arXiv 2410.01537), population risk: with u = λk·X, X ~ N(s k*, γ²I),
    # E[(v·X)² erf(u)²] = (s²θ²+γ²) ζ + 2λγ² sθρ ∂_tζ + λ²γ⁴ρ² ∂_t²ζ, here with orthonormal coordinates.
    lam, gam, theta, ro = (Symbol(name, positive=True) for name in ("lam", "gam", "theta", "ro"))
    score, reading = t + lam * gam * Z, theta + gam * (ro * Z + sqrt(1 - ro**2) * W)
    first, second = zeta_erf(t, lam * gam).diff(t), zeta_erf(t, lam * gam).diff(t, 2)
    expected = (
        (theta**2 + gam**2) * zeta_erf(t, lam * gam)
        + 2 * lam * gam**2 * theta * ro * first
        + lam**2 * gam**4 * ro**2 * second
    )
    result = mean(reading**2 * erf(score) ** 2)
    point = {t: fmpq(1, 3), lam: fmpq(3, 4), gam: fmpq(2, 3), theta: fmpq(-1, 2), ro: fmpq(3, 5)}
    assert agree(value(result, point), value(expected, point))
    wrong = expected - lam**2 * gam**4 * ro**2 * second / 2
    assert not agree(value(result, point), value(wrong, point))


# --- structure ------------------------------------------------------------------------------------------


def test_maximum_and_minimum_add_up():
    assert zero(mean(Max(t, g * Z)) + mean(Min(t, g * Z)) - t)


def test_heaviside_products_measure_orthants():
    # Sheppard 1899
    assert mean(Heaviside(U) * Heaviside(V)) == Rational(1, 4) + asin(normal(cuv) / (sqrt(quu) * sqrt(qvv))) / (2 * pi)
    assert zero(mean(Heaviside(U) * Heaviside(V)) + mean(Heaviside(U) * Heaviside(-V)) - Rational(1, 2))


def test_equal_signs_multiply_to_one():
    assert mean(sign(U) ** 2) == 1
    assert mean(sign(U) * sign(-2 * U)) == -1
    assert mean(relu(U) ** 2) == normal(quu / 2)
    assert mean(Heaviside(U) * relu(U)) == mean(relu(U))


def test_independent_factors_multiply():
    assert zero(mean(erf(t + Z) * erf(r + W)) - mean(erf(t + Z)) * mean(erf(r + W)))
    assert zero(mean(erf(t + Z) * sign(W) * erf(W)) - mean(erf(t + Z)) * mean(sign(W) * erf(W)))


def test_an_odd_product_of_centred_projections_vanishes():
    assert mean(erf(U) * erf(V) * erf(dot(mu, x))) == 0
    assert mean(sign(U) ** 3 * V**2) == 0


def test_matrix_letters_project_through_traces():
    X = gaussian("X", d, d, cov=Sigma)
    score = tr(A.T * X)
    assert mean(erf(score) * X) == tidy(2 / sqrt(pi) / sqrt(1 + 2 * tr(A.T * Sigma * A)) * Sigma * A)


def test_mehler_states_its_order_and_matches_the_erf_kernel():
    c = Symbol("c")
    series = mehler(erf, erf, c, 5)
    kernel = 2 / pi * asin(2 * c / 3)
    assert series.getO() == Order(c**6)
    assert series.removeO().expand() == kernel.series(c, 0, 6).removeO().expand()
    assert hermite(4, c) == c**4 - 6 * c**2 + 3


def test_mehler_matches_the_arc_cosine_kernel():
    c = Symbol("c", real=True)
    kernel = (sqrt(1 - c**2) + c * (pi / 2 + asin(c))) / (2 * pi)
    assert (mehler(relu, relu, c, 4).removeO() - kernel.series(c, 0, 5).removeO()).expand() == 0


@pytest.mark.parametrize(
    ("integrand", "error", "says"),
    [
        (tan(U), NotGaussianCalculus, "no rule averages"),
        (log(U**2), NotGaussianCalculus, "no rule averages"),
        (cosh(Z) * erf(Z), NotGaussianCalculus, "no rule averages"),
        (erf(U * V), NotGaussianCalculus, "not an affine form"),
        (erf(erf(U)), NotGaussianCalculus, "not a polynomial"),
        (erf(U) ** Rational(1, 2), NotGaussianCalculus, "whole powers"),
        (erf(U) ** -1, NotGaussianCalculus, "whole powers"),
        (2**U, NotGaussianCalculus, "no rule averages"),
        (U ** Rational(1, 2), NotGaussianCalculus, "not a polynomial"),
        (1 / U, NotGaussianCalculus, "not a polynomial"),
        (Max(U, V, 0), NotGaussianCalculus, "two numbers"),
        (erf(t + Z) * erf(r + Z) * erf(s + Z), NotGaussianCalculus, "mehler"),
        (exp(U**2) * erf(exp(V)), NotGaussianCalculus, "not a polynomial"),
        (exp(Z**2) * erf(Z), DivergentMean, "or faster"),
        (Z**40, NotGaussianCalculus, "limit"),
    ],
)
def test_hostile_integrands_raise_one_named_error(integrand, error, says):
    with pytest.raises(error, match=says) as caught:
        expect_projections(E(integrand))
    assert isinstance(caught.value, CalculusError)


def test_a_letter_that_is_not_gaussian_is_refused():
    coin = Random("c", d, 1)
    with pytest.raises(NotGaussianCalculus, match="gaussian"):
        expect_projections(E(erf(dot(a, coin)), coin))
