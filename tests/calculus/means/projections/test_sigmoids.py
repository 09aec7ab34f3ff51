"""Sigmoids: the means of tanh of one centred number, and softmax over two tokens, by one family of functions."""

import pytest
import sympy as sp
from flint import arb, ctx
from sympy import exp, tanh

from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.expectation import expect
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian
from workbench.language.letters import dot, form, positive, size, spd, tr, vector
from workbench.language.tanh_means import slope, tanh_mean

d, g = size("d"), positive("g")
Sigma, a, b = spd("Sigma", d), vector("a", d), vector("b", d)
x, y, z = gaussian("x", d, cov=Sigma), gaussian("y", d, cov=Sigma), tr(gaussian("z", 1))


def softmax(one, other):
    return exp(one) / (exp(one) + exp(other))


@pytest.mark.parametrize(("line", "mean"), [
    (z * tanh(g * z), g * tanh_mean(1, g)),
    (tanh(g * z) ** 2, 1 - tanh_mean(1, g)),
    (tanh(g * z) ** 3, sp.S.Zero),
    (tanh(g * z) ** 4, 1 - sp.Rational(4, 3) * tanh_mean(1, g) - tanh_mean(3, g) / 6),
    (dot(a, x) ** 2 * tanh(g * z) ** 2, form(a, Sigma, a) * (1 - tanh_mean(1, g))),
    (z**3 * tanh(g * z), 3 * g * tanh_mean(1, g) + g**3 * tanh_mean(3, g)),
    (softmax(dot(a, x), dot(a, y)), sp.Rational(1, 2)),
    (softmax(dot(a, x), dot(a, y)) ** 2, sp.Rational(1, 2) - tanh_mean(1, sp.sqrt(form(a, Sigma, a) / 2)) / 4),
])  # fmt: skip
def test_a_mean_of_tanh_is_known_and_checked_by_balls(line, mean):
    found = expect(E(line))
    assert sp.simplify(found - mean) == 0
    there = draw(letters_of(E(line), mean), "sigmoid", {"d": 2})
    assert check_line(expectation, E(line), found, there, {}) in ("proved", "enclosed")


def test_the_value_that_softmax_reads_from_two_tokens_leans_towards_the_key():
    value = E(softmax(dot(a, x), dot(a, y)) * x + softmax(dot(a, y), dot(a, x)) * y)
    found, width = expect(value), sp.sqrt(form(a, Sigma, a) / 2)
    at = {tanh_mean(1, w): sp.Symbol("t") for w in [node.args[1] for node in found.atoms(tanh_mean)]}
    assert [sp.simplify(node.args[1] ** 2 - width**2) for node in at] == [0]
    assert (found.xreplace(at) - sp.Symbol("t") / 2 * Sigma * a).doit() == sp.ZeroMatrix(d, 1)


@pytest.mark.parametrize("line", [
    tanh(dot(a, x)) * tanh(dot(b, x)), tanh(1 + z), tanh(z) * exp(z), tanh(z) * sp.erf(z),
])  # fmt: skip
def test_what_has_no_closed_mean_is_refused(line):
    with pytest.raises(NotGaussianCalculus, match="tanh"):
        expect(E(line))


@pytest.mark.parametrize("order", [1, 3, 5])
def test_the_slope_of_a_mean_is_the_next_mean_but_one(order):
    with ctx.workprec(200):
        step = arb(2) ** -40
        up, down = (tanh_mean.enclose(arb(order), arb(2) / 3 + side * step) for side in (1, -1))
        error = arb(0, float(step**2) * sum(abs(c) for c in slope(order + 6).all_coeffs()))
        slope_there = arb(2) / 3 * tanh_mean.enclose(arb(order + 2), arb(2) / 3)
        assert ((up - down) / (2 * step) + error - slope_there).contains(0)
    assert tanh_mean(order, g).diff(g) == g * tanh_mean(order + 2, g)


def test_a_ball_holds_the_mean_for_wide_numbers_and_narrow_ones():
    assert tanh_mean.enclose(arb(1), arb(0)).contains(1) and tanh_mean(1, 0) == 1 and tanh_mean(3, 0) == -2
    sharp = tanh_mean.enclose(arb(1), arb(1000)) * 1000
    assert (sharp - 2 / (2 * arb.pi()).sqrt() - arb(0, arb(10) ** -6)).contains(0)  # ∫ tanh′ = 2, at the peak
    assert sharp.rad() < 1e-10
