"""Owen's T and ζ: values, derivatives and printing, each against rigorous quadrature of its definition."""

import pytest
from flint import acb, arb, ctx, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Rational, Symbol, asin, atan, erf, erfc, exp, latex, oo, pi, sqrt, symbols

from workbench.exact.quadrature import Growth, NotEnclosed, enclose_line_mean, enclose_mean
from workbench.exact.rings import Undefined
from workbench.language.gaussian_functions import enclose_owens_t, enclose_zeta_erf, owens_t, relu, zeta_erf

t, h, a = symbols("t h a", real=True)
g = Symbol("g", positive=True)
rationals = st.fractions(-3, 3, max_denominator=8).map(lambda q: fmpq(q.numerator, q.denominator))


RADIUS = arb(2) ** -40


def agree(left, right):
    """Two balls overlap and neither is wider than the stated radius."""
    return left.overlaps(right) and left.rad() < RADIUS and right.rad() < RADIUS


def erf_growth(slope, power=1, extra=1, rate=0):
    """|erf(t + gx + igy)| ≤ 1 + (2/√π) g|y| e^{g²y²}, for |y| ≤ 1/g; times a stated constant."""
    strip = 1 / max(arb(slope), arb(1), key=float)
    return Growth(scale=arb(extra) * (1 + arb(2) * arb(1).exp()) ** power, rate=rate, strip=strip)


def erf_slope(u):
    return 2 * (-u * u).exp() / arb.pi().sqrt()


def ball(number, bits=80):
    with ctx.workprec(bits):
        return arb(str(number.evalf(30)), 2**-60)


@settings(max_examples=25, deadline=None)
@given(h=rationals, a=rationals)
def test_owens_t_is_a_gaussian_mean_beyond_h(h, a):
    # T(h, a) = E 1[X > h] erf(aX/√2)/2, Owen 1956; |erf| on a strip is not needed on pieces.
    slope = acb(arb(a) / arb(2).sqrt())
    beyond = enclose_line_mean(
        lambda x, analytic: (x - acb(h)).real_heaviside(analytic) * (slope * x).erf() / 2, breaks=[h], bits=45
    )
    assert agree(beyond, enclose_owens_t(h, a))


@settings(max_examples=25, deadline=None)
@given(t=rationals, g=rationals)
def test_zeta_is_the_mean_of_erf_squared(t, g):
    mean = enclose_mean(lambda x: (arb(t) + arb(g) * x).erf() ** 2, growth=erf_growth(abs(arb(g)), 2))
    assert agree(mean, enclose_zeta_erf(t, g))


@pytest.mark.parametrize(("at", "width"), [(fmpq(1, 3), fmpq(1, 2)), (fmpq(-5, 4), fmpq(2))])
def test_the_derivatives_of_zeta_are_the_means_of_the_derivatives(at, width):
    def mean(integrand, extra):
        return enclose_mean(
            lambda x: integrand(arb(at) + arb(width) * x, x), growth=erf_growth(width, 2, extra, rate=1)
        )

    def value(expression):
        return ball(expression.subs({t: Rational(int(at.p), int(at.q)), g: Rational(int(width.p), int(width.q))}))

    once = zeta_erf(t, g).diff(t)
    # on the strip |erf'(u)| ≤ 4, |u erf'(u)| ≤ 8 and |x + iy| ≤ exp|x|: 200 exp|x| covers all three.
    assert agree(mean(lambda u, x: 2 * u.erf() * erf_slope(u), 200), value(once))
    assert agree(mean(lambda u, x: 2 * erf_slope(u) ** 2 - 4 * u * u.erf() * erf_slope(u), 200), value(once.diff(t)))
    assert agree(mean(lambda u, x: 2 * x * u.erf() * erf_slope(u), 200), value(zeta_erf(t, g).diff(g)))


def acb_owens_slope(which):
    """The stated partial derivatives of T on complex balls, to be integrated back."""

    def along_h(x, a):
        return -(-x * x / 2).exp() * (acb(a) * x / acb(2).sqrt()).erf() / (2 * acb(2 * arb.pi()).sqrt())

    def along_a(x, h):
        return (-(acb(h) ** 2) * (1 + x * x) / 2).exp() / (2 * acb.pi() * (1 + x * x))

    return along_h if which == 1 else along_a


def test_owens_t_integrates_its_derivatives():
    assert owens_t(h, a).diff(h) == -exp(-(h**2) / 2) * erf(a * h / sqrt(2)) / (2 * sqrt(2 * pi))
    assert owens_t(h, a).diff(a) == exp(-(h**2) * (1 + a**2) / 2) / (2 * pi * (1 + a**2))
    ends, fixed = (acb(fmpq(1, 4)), acb(fmpq(7, 4))), fmpq(3, 5)
    along_h = acb.integral(lambda x, _: acb_owens_slope(1)(x, fixed), *ends).real
    along_a = acb.integral(lambda x, _: acb_owens_slope(2)(x, fixed), *ends).real
    assert agree(along_h, enclose_owens_t(fmpq(7, 4), fixed) - enclose_owens_t(fmpq(1, 4), fixed))
    assert agree(along_a, enclose_owens_t(fixed, fmpq(7, 4)) - enclose_owens_t(fixed, fmpq(1, 4)))


def test_special_values_are_elementary():
    assert owens_t(0, a) == atan(a) / (2 * pi)
    assert owens_t(h, 0) == 0 and owens_t(oo, a) == 0
    assert owens_t(h, 1) == (1 - erf(h / sqrt(2)) ** 2) / 8
    assert owens_t(h, oo) == erfc(abs(h) / sqrt(2)) / 4
    assert owens_t(h, -a) == -owens_t(h, a) and owens_t(-h, a) == owens_t(h, a)
    assert zeta_erf(0, g) == 2 / pi * asin(2 * g**2 / (1 + 2 * g**2))
    assert zeta_erf(t, 0) == erf(t) ** 2 and zeta_erf(-oo, g) == 1 and zeta_erf(-t, g) == zeta_erf(t, g)


def test_zeta_is_flat_and_convex_at_the_origin():
    # Marion, Berthier, Biau, Boyer (arXiv 2410.01537): ∂_t²ζ(0,g) = 8/(π(1+2g²)√(1+4g²)).
    assert zeta_erf(t, g).diff(t).subs(t, 0) == 0
    curvature = zeta_erf(t, g).diff(t, 2).subs(t, 0)
    assert (curvature / (8 / (pi * (1 + 2 * g**2) * sqrt(1 + 4 * g**2)))).powsimp() == 1


def test_zeta_rewritten_by_owens_t_has_the_same_derivative_in_the_origin_and_the_same_value():
    rewritten = zeta_erf(Rational(1, 2), Rational(2, 3)).rewrite(owens_t)
    assert rewritten.has(owens_t)
    assert ball(rewritten).overlaps(enclose_zeta_erf(fmpq(1, 2), fmpq(2, 3), 60))


@pytest.mark.parametrize("digits", [15, 50, 120])
def test_evaluation_gives_every_digit_it_prints(digits):
    bits = 4 * digits + 40
    with ctx.workprec(bits):
        printed = arb(str(owens_t(Rational(3, 2), Rational(7, 3)).evalf(digits)), arb(10) ** (1 - digits))
        assert printed.overlaps(enclose_owens_t(fmpq(3, 2), fmpq(7, 3), bits))


@settings(max_examples=30, deadline=None)
@given(h=rationals, a=rationals)
def test_more_precision_stays_inside_the_ball(h, a):
    wide, narrow = enclose_owens_t(arb(h, 2**-20), arb(a, 2**-20)), enclose_owens_t(h, a, 200)
    assert wide.contains(narrow) and wide.rad() < arb(2) ** -18 and narrow.rad() < arb(2) ** -190


def test_a_ball_argument_holds_all_its_points():
    wide = enclose_owens_t(arb(1, 0.5), arb(2, 0.5))
    for height in (0.5, 0.75, 1.5):
        for slope in (1.5, 2, 2.5):
            assert wide.contains(enclose_owens_t(height, slope))


def test_they_print_as_in_the_papers():
    assert latex(owens_t(h, a)) == r"T\left(h, a\right)"
    assert latex(zeta_erf(t, g) ** 2) == r"\zeta^{2}\left(t, g\right)"


def test_quadrature_knows_a_log_normal_mean_and_a_half_normal_mean():
    lognormal = enclose_mean(lambda x: (2 * x).exp(), growth=Growth(rate=2, strip=2))
    assert agree(lognormal, arb(2).exp())
    half = enclose_line_mean(lambda x, analytic: x.real_max(acb(0), analytic), growth=Growth(rate=1), breaks=[0])
    assert agree(half, 1 / (2 * arb.pi()).sqrt())
    square = enclose_mean(lambda x, y: (x * y / 4).exp(), (1, 1), Growth(square=fmpq(1, 8), strip=fmpq(1, 2), scale=2))
    assert agree(square, 1 / (1 - arb(fmpq(1, 16))).sqrt())


def test_a_coarse_rule_still_holds_the_truth_inside_its_stated_radius():
    # One step of 2.2 standard deviations is 3 % wrong on the constant 1; two tails beyond 2.25 weigh 2 %.
    coarse = enclose_mean(lambda x: arb(1), growth=Growth(strip=3), bits=0)
    assert coarse.contains(1) and not coarse.mid().overlaps(arb(1, 2**-7))
    short = enclose_line_mean(lambda x, analytic: acb(1), bits=1)
    assert short.contains(1) and not short.mid().overlaps(arb(1, 2**-7))


def test_quadrature_refuses_what_it_cannot_bound():
    with pytest.raises(Undefined, match="no mean"):
        enclose_mean(lambda x: (x * x).exp(), growth=Growth(square=1, strip=1))
    with pytest.raises(NotEnclosed, match="one or two normals"):
        enclose_mean(lambda x, y, z: x, (1, 1, 1))
    with pytest.raises(NotEnclosed, match="breaks"):
        enclose_line_mean(lambda x, analytic: acb("nan"))
    with pytest.raises(Undefined, match="finite"):
        enclose_owens_t(arb("inf"), 1)


def test_relu_is_the_positive_part():
    assert relu(Rational(3)) == 3 and relu(Rational(-3)) == 0
