"""Models of recent papers that no chapter treats: the rules derive what was published, or refute it."""

import pytest
from sympy import Rational, ZeroMatrix, exp

from workbench.calculus.agreement import Refuted
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.terms import tidy
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.means.expectation import expect
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian, mixture
from workbench.language.letters import count, dot, form, positive, size, spd, symmetric, tr, vector

d, N, beta = size("d"), count("N"), positive("beta")
Sigma, D, query = spd("Sigma", d), symmetric("D", N), vector("query", d)
X, w, x = gaussian("X", d, N), gaussian("w", d), gaussian("x", d)
HALF = Rational(1, 2)

gated = E(dot(x, beta * X * D * X.T * w - w) ** 2)
gated_risk = d * (1 - 2 * beta * tr(D) + beta**2 * (tr(D) ** 2 + (d + 1) * tr(D * D)))


def regraded(before, after):
    """What the re-check of an expectation says at one size."""
    return check_line(expectation, before, after, draw(letters_of(before, after), "frontier", {"d": 2, "N": 2}), {})


def test_a_gated_average_of_the_prompt_sees_two_sums_of_its_weights():
    """Mamba with weights D on the examples: S₁ = tr D and S₂ = tr D² (arXiv 2509.23779, theorem 4.1)."""
    assert same(polynomial(expect(gated)), polynomial(gated_risk))
    assert regraded(gated, gated_risk) == "proved"


def test_one_moment_of_the_keys_less_in_a_gated_average_is_refuted():
    with pytest.raises(Refuted):
        regraded(gated, gated_risk - beta**2 * d * tr(D * D))


def test_softmax_over_elliptical_tokens_is_not_linear():
    """Tokens √R·z with R in {1, 4}: the slope E[R e^(Rs²/2)]/E[e^(Rs²/2)] moves with the query's length s."""
    tokens = mixture("token", d, [(HALF, None, Sigma), (HALF, None, 4 * Sigma)])
    weight, square = exp(dot(query, tokens)), form(query, Sigma, query)
    values, total = expect(E(tokens * weight)), expect(E(weight))
    slope = (exp(square / 2) + 4 * exp(2 * square)) / 2
    assert tidy(values - slope * Sigma * query) == ZeroMatrix(d, 1)
    assert tidy(total - (exp(square / 2) + exp(2 * square)) / 2) == 0
    with_means_alone = Rational(5, 2) * total  # what "linear at every temperature" would ask for
    assert tidy(slope - with_means_alone) != 0
