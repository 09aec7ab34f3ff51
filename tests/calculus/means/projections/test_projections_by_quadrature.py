"""Projections against rigorous quadrature: two smooth ones, one with kinks, two correlated ones with kinks.

The reference integrates the definition with balls; the closed form under test is not used in it.
"""

from itertools import product

import pytest
from flint import acb, arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Abs, Heaviside, Rational, Symbol, erf, erfc, exp, pi, sign, sqrt

from tests.calculus.means.projections.reading import (
    Sigma,
    W,
    Z,
    a,
    agree,
    b,
    d,
    g,
    mean,
    mu,
    quu,
    r,
    rho,
    s,
    t,
    value,
    x,
    y,
)
from workbench.calculus.algebra.terms import normal
from workbench.calculus.errors import NotGaussianCalculus
from workbench.exact.quadrature import Growth, enclose_line_mean, enclose_mean
from workbench.language.gaussian_functions import relu
from workbench.language.letters import dot

# --- two smooth projections against the two-dimensional trapezoidal rule --------------------------------


LOWER = [[fmpq(3, 4), fmpq(0)], [fmpq(-1, 3), fmpq(2, 3)]]


def vector_point():
    """x = μ + L z in two dimensions, with rational L."""
    import numpy as np

    lower = np.array(LOWER, dtype=object)
    column = lambda *entries: np.array([[entry] for entry in entries], dtype=object)  # noqa: E731
    return {
        d: 2,
        Sigma: lower @ lower.T,
        mu: column(fmpq(1, 2), fmpq(-1, 4)),
        a: column(fmpq(2, 3), fmpq(1, 2)),
        b: column(fmpq(-1, 2), fmpq(3, 4)),
    }


SMOOTH = {
    "erf·erf with means": (erf(dot(a, y)) * erf(dot(b, y)), lambda u, v: u.erf() * v.erf()),
    "erf² times a square": (erf(dot(a, y)) ** 2 * dot(b, y) ** 2, lambda u, v: u.erf() ** 2 * v**2),
    "erf·erf times both": (
        dot(a, y) * dot(b, y) * erf(dot(a, y)) * erf(dot(b, y)),
        lambda u, v: u * v * u.erf() * v.erf(),
    ),
    "erf under a tilt": (
        exp(dot(b, y) / 2) * erf(dot(a, y)) * dot(a, y),
        lambda u, v: (v / 2).exp() * u.erf() * u,
    ),
    "erf under a bell": (
        exp(-(dot(b, y) ** 2) / 2) * erf(dot(a, y) + t),
        lambda u, v: (-v * v / 2).exp() * (u + arb(fmpq(1, 3))).erf(),
    ),
    "one sided": (erfc(dot(a, y)) * dot(b, y) ** 3, lambda u, v: u.erfc() * v**3),
    "a cube": (erf(dot(a, x)) * dot(b, x) ** 3, None),
}


@pytest.mark.parametrize(("integrand", "function"), SMOOTH.values(), ids=SMOOTH)
def test_two_smooth_projections_agree_with_the_trapezoidal_rule(integrand, function):
    point = vector_point() | {t: fmpq(1, 3)}
    lower, centred = LOWER, function is None
    function = function or (lambda u, v: u.erf() * v**3)

    def along(vector, centre):
        slopes = [sum(vector[i, 0] * lower[i][j] for i in range(2)) for j in range(2)]
        return lambda p, q: arb(centre) + arb(slopes[0]) * p + arb(slopes[1]) * q

    shift = [sum(point[v][i, 0] * point[mu][i, 0] for i in range(2)) * (not centred) for v in (a, b)]
    first, second = along(point[a], shift[0]), along(point[b], shift[1])
    # With one axis moved by at most i, |Im u| and |Im v| ≤ 5/8: |erf| ≤ 3, |erfc| ≤ 4. With Σ = |p|+|q|,
    # |u|, |v| ≤ 1.1 (1 + Σ), (1 + Σ)³ ≤ 3.7 exp Σ and |exp(v/2)| ≤ 1.8 exp(Σ/2).
    growth = Growth(scale=25, rate=fmpq(3, 2), strip=1)
    reference = enclose_mean(lambda p, q: function(first(p, q), second(p, q)), (1, 1), growth, bits=45)
    assert agree(value(mean(integrand), point), reference)


# --- one projection with kinks against piecewise ball integration ---------------------------------------

SCALAR_FUNCTIONS = {
    "relu": (relu, lambda u, analytic: u.real_max(acb(0), analytic)),
    "sign": (sign, lambda u, analytic: u.real_sgn(analytic)),
    "step": (Heaviside, lambda u, analytic: u.real_heaviside(analytic)),
    "abs": (Abs, lambda u, analytic: u.real_abs(analytic)),
    "erf": (erf, lambda u, analytic: u.erf()),
    "one": (lambda u: 1, lambda u, analytic: acb(1)),
}
small = st.fractions(-2, 2, max_denominator=4)
names = st.sampled_from(sorted(SCALAR_FUNCTIONS))


def rational(fraction):
    return fmpq(fraction.numerator, fraction.denominator)


@settings(max_examples=60, deadline=None)
@given(
    first=names, second=names, degree=st.integers(0, 3), shift=small, other=small, slope=small,
    width=st.fractions(Rational(1, 4), 2, max_denominator=4), bell=st.fractions(0, 1, max_denominator=4),
)  # fmt: skip
def test_two_functions_of_one_normal_agree_with_piecewise_quadrature(
    first, second, degree, shift, other, slope, width, bell
):
    (f, f_ball), (h, h_ball) = SCALAR_FUNCTIONS[first], SCALAR_FUNCTIONS[second]
    m, k, e, q, c = map(rational, (shift, other, slope, width, bell))
    if m == k * q and first != second:
        k = k + 1  # two different jumps at one place are one function, written as such
    integrand = Z**degree * f(t + g * Z) * h(r + Z) * exp(s * Z - rho**2 * Z**2)
    root = Symbol("root")
    integrand = integrand.subs(rho**2, root)

    def definition(p, analytic):
        return p**degree * f_ball(m + q * p, analytic) * h_ball(k + p, analytic) * (e * p - c * p * p).exp()

    # |p^n (m + qp)(k + p)| ≤ n!·6·6·exp(3|p|) and exp(2|p|) for the slope
    reference = enclose_line_mean(definition, 1, Growth(300, 5), breaks=[-m / q, -k], bits=45)
    try:
        result = mean(integrand.subs({t: exact(m), r: exact(k), s: exact(e), g: exact(q), root: exact(c)}))
    except NotGaussianCalculus as refusal:
        assert "jump together" in str(refusal) or "unknown sign" in str(refusal)
        return
    assert agree(value(normal(result), {}), reference)


@pytest.mark.parametrize("slope", [fmpq(2), fmpq(-2)])
@pytest.mark.parametrize(("m", "k"), [(fmpq(1, 2), fmpq(1, 3)), (fmpq(1, 2), fmpq(-1, 3)), (fmpq(0), fmpq(1))])
def test_two_signs_of_one_normal_disagree_between_their_jumps(slope, m, k):
    def definition(p, analytic):
        return (m + p).real_sgn(analytic) * (k + slope * p).real_sgn(analytic)

    reference = enclose_line_mean(definition, breaks=[-m, -k / slope], bits=45)
    assert agree(value(mean(sign(exact(m) + Z) * sign(exact(k) + exact(slope) * Z)), {}), reference)


def exact(number):
    return Rational(int(number.p), int(number.q))


# --- two correlated projections with kinks, reduced to one dimension ------------------------------------


def inner_sign(centre, spread):
    """E sign(α + βn) for complex α; checked below against piecewise quadrature."""
    return (centre / (spread * arb(2).sqrt())).erf()


def inner_relu(centre, spread):
    """E max(0, α + βn)."""
    bell = (-centre * centre / (2 * spread * spread)).exp() / (2 * arb.pi()).sqrt()
    return centre * (1 + inner_sign(centre, spread)) / 2 + spread * bell


INNER = {
    "relu": inner_relu,
    "sign": inner_sign,
    "step": lambda m, v: (1 + inner_sign(m, v)) / 2,
    "abs": lambda m, v: 2 * inner_relu(m, v) - m,
    "erf": lambda m, v: (m / (1 + 2 * v * v).sqrt()).erf(),
}


@pytest.mark.parametrize("name", INNER)
def test_the_inner_means_of_the_reduction_are_right(name):
    m, v = fmpq(2, 3), fmpq(3, 4)
    direct = enclose_line_mean(
        lambda n, analytic: SCALAR_FUNCTIONS[name][1](m + v * n, analytic),
        1,
        Growth(2, 2),
        breaks=[-m / v],
        bits=45,
    )
    assert agree(direct, arb(acb(INNER[name](acb(m), arb(v))).real))


MEANS = [
    (fmpq(0), fmpq(0)), (fmpq(1, 2), fmpq(0)), (fmpq(0), fmpq(-2, 3)), (fmpq(1, 2), fmpq(1, 2)),
    (fmpq(1, 2), fmpq(-1, 2)), (fmpq(1, 2), fmpq(3, 4)), (fmpq(-1, 3), fmpq(3, 4)), (fmpq(-1, 3), fmpq(-2)),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), list(product(INNER, INNER)))
@pytest.mark.parametrize("width", [fmpq(1), fmpq(3, 2)])
def test_two_correlated_projections_agree_with_their_reduction(first, second, width):
    slope, spread = fmpq(-3, 5), fmpq(4, 5)
    f, f_ball = SCALAR_FUNCTIONS[first]
    h = SCALAR_FUNCTIONS[second][0]
    for m, k in MEANS:
        shifted, other = exact(m) + exact(width) * Z, exact(k) + exact(slope) * Z + exact(spread) * W

        def definition(p, analytic, m=m, k=k):
            return f_ball(m + width * p, analytic) * INNER[second](k + slope * p, arb(spread))

        reference = enclose_line_mean(definition, 1, Growth(40, 3), breaks=[-m / width], bits=45)
        assert agree(value(mean(f(shifted) * h(other)), {}), reference), (m, k)


def test_the_mean_vector_of_erf_at_a_shifted_law():
    q = 1 + 2 * quu
    expected = erf(dot(a, mu) / sqrt(q)) * mu + 2 * exp(-(dot(a, mu) ** 2) / q) / sqrt(pi * q) * Sigma * a
    got, want = mean(erf(dot(a, y)) * y), expected
    point = vector_point()
    for left, right in zip(value(got, point).flat, value(want, point).flat):
        assert agree(left, right)
