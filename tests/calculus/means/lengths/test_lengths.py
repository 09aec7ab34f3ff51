"""Lengths: powers and logarithms of |x|², against a quadrature that knows neither Γ nor ψ."""

import numpy as np
import pytest
from sympy import (
    Abs,
    EulerGamma,
    Identity,
    Integer,
    Max,
    Rational,
    exp,
    gamma,
    log,
    pi,
    polygamma,
    sign,
    simplify,
    sqrt,
)

from workbench.calculus import expect
from workbench.calculus.errors import NoSuchMoment, NotPolynomial
from workbench.calculus.means.lengths.lengths import degree_in, squared_length
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, random_letters, sphere
from workbench.language.letters import count, dot, form, matrix, positive, size, spd, tr, vector

d, N, s = size("d"), count("N"), positive("s")
A, S, a = matrix("A", d, d), spd("Sigma", d), vector("a", d)
x, y, z = gaussian("x", d), gaussian("y", d), gaussian("z", d, mean=a)
w, v, Z = gaussian("w", d, cov=S), gaussian("v", d, cov=9 * Identity(d)), gaussian("Z", d, N)
u = sphere("u", d)
x2, y2, v2, Z2 = dot(x, x), dot(y, y), dot(v, v), tr(Z * Z.T)

MEANS = {
    "|x|": sqrt(x2), "1/|x|²": 1 / x2, "|x|^2s": x2**s, "xxᵀ/|x|²": x * x.T / x2, "xᵀAx/|x|⁴": form(x, A, x) / x2**2,
    "log": log(x2), "log²": log(x2) ** 2, "log³": log(x2) ** 3, "|x|²log": x2 * log(x2), "log/|x|": log(x2) / sqrt(x2),
    "a share": x2 / (x2 + y2), "a share of squares": x2**2 / (x2 + y2) ** 3, "a ratio": x2 / y2,
    "|x||y|": sqrt(x2) * sqrt(y2), "beside a function": sqrt(x2) + exp(dot(a, x)),
    "xᵀAx of |x|² + |y|²": form(x, A, x) * A / sqrt(x2 + y2), "whitened": form(w, S.inv(), w) ** -2,
    "scaled": log(v2) * form(v, A, v), "a matrix": 1 / Z2, "a normalised token": A * x * x.T * A.T / x2,
    "a sum": 3 / x2**2 + sqrt(x2), "(aᵀx)²log": dot(a, x) ** 2 * log(x2),
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in MEANS if "function" not in case], ids=str)
def test_a_mean_through_a_length_is_the_one_by_quadrature(case):
    node = E(MEANS[case])
    mean = expect(node)
    assert not random_letters(mean)
    point = draw(letters_of(node, mean), "lengths", {"d": 5, "N": 2} if "matrix" not in case else {"d": 2, "N": 3})
    found, brute = (np.asarray(evaluate(each, point, Balls()), dtype=object).reshape(-1) for each in (mean, node))
    for one, other in zip(found, brute, strict=True):
        assert one.overlaps(other)
        assert other.rad() < 1e-9 * (1 + abs(other))


def test_hand_cases():
    line, plane = gaussian("g", 1), gaussian("h", 2)
    assert expect(E(sqrt(dot(plane, plane)))) == sqrt(pi) / sqrt(2)
    assert expect(E(dot(plane, plane) ** Rational(-1, 2))) == sqrt(2 * pi) / 2
    assert simplify(expect(E(log(dot(line, line)))) + EulerGamma + log(2)) == 0
    assert expect(E(1 / x2)) == 1 / (d - 2)
    assert expect(E(x * x.T / x2)) == Identity(d) / d
    assert expect(E(x2 / (x2 + y2))) == Rational(1, 2)
    assert expect(E(MEANS["beside a function"])) == expect(E(sqrt(x2))) + exp(dot(a, a) / 2)
    assert expect(E(log(x2) ** 2)) == (polygamma(0, d / 2) + log(2)) ** 2 + polygamma(1, d / 2)


def test_a_mean_exists_just_where_the_degrees_leave_room():
    for n in (1, 2):
        g = gaussian("g", n)
        with pytest.raises(NoSuchMoment, match="dimension"):
            expect(E(1 / dot(g, g)))
        assert expect(E(dot(g, g) ** 2 / dot(g, g) ** 2)) == 1
        assert expect(E(dot(g, g) ** Rational(1, 2))) > 0
    g, h = gaussian("g", 3), gaussian("h", 1)
    assert expect(E(1 / dot(g, g))) == 1
    assert expect(E(dot(h, h) / (dot(h, h) + dot(g, g)))) == Rational(1, 4)


def test_functions_of_a_random_direction_are_gaussian_ones_over_a_length():
    ratio = gamma(d / 2) / (sqrt(pi) * gamma(d / 2 + Rational(1, 2)))
    assert simplify(expect(E(Abs(dot(a, u)))) / (ratio * sqrt(dot(a, a)))) == 1
    assert simplify(expect(E(Max(0, dot(a, u)))) / (ratio * sqrt(dot(a, a)) / 2)) == 1
    assert simplify(expect(E(Abs(dot(a, u)))).subs(d, 2) / (2 / pi * sqrt(dot(a, a).subs(d, 2)))) == 1
    assert expect(E(sign(dot(a, u)) * u)).shape == (d, 1)


@pytest.mark.parametrize("inside", [log(1 + x2), exp(-x2) / x2, 1 / dot(w, w), 1 / dot(z, z), exp(dot(a, u))], ids=str)
def test_what_is_no_power_of_a_squared_length_is_refused(inside):
    with pytest.raises(NotPolynomial):
        expect(E(inside))


def test_a_squared_length_is_recognised_by_its_covariance():
    assert squared_length(4 * v2, (v,)).v == 36
    assert squared_length(form(w, S.inv(), w), (w,)).v == 1
    assert squared_length(x2 + y2, (x, y)).n == 2 * d
    for other in (dot(w, w), form(x, A, x), x2 + 2 * y2, x2 + 1, dot(x, y), dot(a, x), x2 * y2):
        assert squared_length(other, (w, x, y)) is None


def test_degrees_are_those_of_homogeneity():
    assert degree_in(form(x, A, x) * Abs(dot(a, x)) * sign(dot(a, x)) / sqrt(x2), (x,)) == Integer(2)
    assert degree_in(x2**s * x, (x,)) == 2 * s + 1
    with pytest.raises(NotPolynomial, match="not homogeneous"):
        degree_in(1 + x2, (x,))
