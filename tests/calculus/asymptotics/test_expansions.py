"""Large-size expansions and the delta method: Narayana numbers, in-context risk, softmax over n tokens."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations_with_replacement
from math import factorial, prod

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Order, Rational, S, binomial, cancel, exp, oo

from workbench.calculus.asymptotics.delta_methods import NoRatio, check_delta_method, delta_method
from workbench.calculus.asymptotics.expansions import (
    NoExpansion,
    Remainder,
    check_expansion,
    expand_large,
    leading_order,
)
from workbench.calculus.errors import CalculusError
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, positive, size, spd, tr, vector

d, N, n = size("d"), count("N"), count("n")
gamma, tau = positive("gamma"), positive("tau")
Lambda = spd("Lambda", d)
risk = d * (d + 1) / (N + d + 1)

# E tr Ŝ^k / d for isotropic data
MOMENTS = {
    2: 1 + (d + 1) / N,
    3: 1 + 3 * (d + 1) / N + (d**2 + 3 * d + 4) / N**2,
    4: 1 + 6 * (d + 1) / N + (6 * d**2 + 17 * d + 21) / N**2 + (d**3 + 6 * d**2 + 21 * d + 20) / N**3,
}


@pytest.mark.parametrize("k", MOMENTS)
def test_wishart_moments_are_narayana_polynomials_at_leading_order(k):
    narayana = sum(Rational(binomial(k, j) * binomial(k, j - 1), k) * gamma ** (j - 1) for j in range(1, k + 1))
    found = leading_order(MOMENTS[k], {N: oo}, {d: gamma * N})
    assert cancel(found.main - narayana) == 0
    assert found.remainder == Order(1 / N, (N, oo))
    assert check_expansion(MOMENTS[k], {N: oo}, found, {d: gamma * N})
    wrong = replace(found, main=found.main + gamma)
    assert not check_expansion(MOMENTS[k], {N: oo}, wrong, {d: gamma * N})


def test_the_in_context_risk_falls_like_one_over_n():
    found = expand_large(risk, {N: oo}, 2)
    assert cancel(found.main - (d * (d + 1) / N - d * (d + 1) ** 2 / N**2)) == 0
    assert found.remainder == Order(N**-3, (N, oo))
    assert check_expansion(risk, {N: oo}, found)
    assert not check_expansion(risk, {N: oo}, replace(found, main=d * (d + 1) / N))
    assert not check_expansion(risk, {N: oo}, replace(found, order=3))


def test_at_a_fixed_ratio_the_risk_is_extensive():
    found = leading_order(risk, {N: oo}, {d: gamma * N})
    assert cancel(found.main - N * gamma**2 / (1 + gamma)) == 0
    assert found.order == -1


def test_several_letters_grow_together():
    found = expand_large(risk, {N: oo, d: oo}, 0)
    assert cancel(found.main - (d**2 / (N + d) + N * d / (N + d) ** 2)) == 0
    assert found.remainder == Remainder((N, d), 1)
    assert "bounded ratios" in str(found.remainder)
    assert check_expansion(risk, {N: oo, d: oo}, found)


def test_the_plateau_of_a_trace_keeps_its_trace():
    loss = tr(Lambda) / (1 + 1 / N + tr(Lambda) / N)
    found = expand_large(loss, {N: oo}, 1)
    assert cancel(found.main - tr(Lambda) + tr(Lambda) * (1 + tr(Lambda)) / N) == 0
    assert check_expansion(loss, {N: oo}, found)


def test_a_growing_trace_is_told_by_its_ratio():
    found = leading_order(tr(Lambda) / (N + tr(Lambda)), {N: oo}, {tr(Lambda): tau * N})
    assert cancel(found.main - tau / (1 + tau)) == 0


def test_an_expression_that_ends_leaves_no_remainder():
    assert expand_large(MOMENTS[4], {N: oo}, 3).remainder == S.Zero
    assert expand_large(MOMENTS[4], {N: oo}, 2).remainder != S.Zero


@pytest.mark.parametrize(
    ("expression", "large"),
    [
        (exp(N), {N: oo}),
        (1 / N, {}),
        (1 / N, {N: 0}),
        (Lambda / N, {N: oo}),
        (N**gamma, {N: oo}),
        (tr(Lambda * (Lambda + N * Lambda)), {N: oo}),  # it grows, though a trace is taken for a number
    ],
)
def test_what_is_no_rational_function_is_refused(expression, large):
    with pytest.raises(NoExpansion):
        expand_large(expression, large, 1)


def test_zero_has_no_leading_term():
    with pytest.raises(NoExpansion):
        leading_order(S.Zero, {N: oo})


coefficients = st.lists(st.integers(-3, 3), min_size=1, max_size=4)


@settings(max_examples=25, deadline=None)
@given(coefficients, coefficients, st.integers(-1, 2))
def test_random_rational_functions_are_expanded_to_the_order_they_state(top, bottom, order):
    below = sum((c * N**i for i, c in enumerate(bottom)), S.Zero)
    if below == 0:
        return
    expression = sum((c * N**i * (i + gamma) for i, c in enumerate(top)), S.Zero) / below
    found = expand_large(expression, {N: oo}, order)
    assert check_expansion(expression, {N: oo}, found)
    assert not check_expansion(expression, {N: oo}, replace(found, main=found.main + N**-order))


X, w = gaussian("X", d), vector("w", d)


def test_softmax_over_n_tokens_is_written_in_five_means():
    e = exp(dot(w, X))
    found = delta_method(X, e, n)
    a, b, f, c = E(X * e), E(e), E(e**2), E(X * e**2)
    assert found.limit == a / b
    assert found.bias == (f / b**3) * a - (1 / b**2) * c
    assert found.spread.has(E(X * X.T * e**2))
    assert found.remainder == Order(n**-2, (n, oo))


def test_a_number_may_be_averaged_too():
    e = dot(w, X) ** 2 + 1
    found = delta_method(dot(w, X), e, n)
    assert not getattr(found.mean, "is_Matrix", False)
    assert check_delta_method(found, dot(w, X), e, *three_tokens())


def three_tokens():
    weights = {w: np.array([[fmpq(1, 2)], [fmpq(-2, 3)]]), d: fmpq(2)}
    values = [(1, 3), (fmpq(3, 2), -1), (-2, fmpq(1, 3))]
    tokens = [weights | {X: np.array([[fmpq(x)], [fmpq(y)]])} for x, y in values]
    return tokens, [fmpq(1, 2), fmpq(1, 3), fmpq(1, 6)]


def test_bias_and_spread_are_the_jet_of_the_ratio():
    e = dot(X, X) + dot(w, X) + 3
    found = delta_method(X, e, n)
    assert check_delta_method(found, X, e, *three_tokens())


@pytest.mark.parametrize("part", ["limit", "bias", "spread"])
def test_each_part_of_the_delta_method_is_checked(part):
    e = dot(X, X) + 3
    found = delta_method(X, e, n)
    wrong = replace(found, **{part: 2 * getattr(found, part)})
    assert not check_delta_method(wrong, X, e, *three_tokens())


def test_forgetting_the_variance_of_the_normaliser_is_noticed():
    e = dot(X, X) + 3
    found = delta_method(X, e, n)
    a, b, c = E(X * e), E(e), E(X * e**2)
    careless = replace(found, bias=a / b - (1 / b**2) * c)
    assert not check_delta_method(careless, X, e, *three_tokens())


def exact_mean(tokens, total):
    """E[A_n/B_n] for tokens (probability, value, weight), by the multinomial sum."""
    mean = Fraction(0)
    for chosen in combinations_with_replacement(range(len(tokens)), total):
        counts = [chosen.count(i) for i in range(len(tokens))]
        ways = factorial(total) // prod(factorial(c) for c in counts)
        chance = ways * prod(p**c for (p, _, _), c in zip(tokens, counts))
        above = sum(c * v * e for c, (_, v, e) in zip(counts, tokens))
        mean += chance * Fraction(above, sum(c * e for c, (_, _, e) in zip(counts, tokens)))
    return mean


def test_the_remainder_of_the_mean_falls_like_one_over_n_squared():
    """Doubling n divides an O(1/n²) error by 4 in the limit, an O(1/n) error by 2: 3 separates them."""
    tokens = [(Fraction(1, 3), 2, 1), (Fraction(2, 3), -1, 3)]
    a, b, c, f = (sum(p * g for (p, _, _), g in zip(tokens, values)) for values in ([2, -3], [1, 3], [2, -9], [1, 9]))
    bias = a * f / b**3 - c / b**2
    errors = [abs(exact_mean(tokens, m) - a / b - bias / m) for m in (40, 80)]
    assert errors[0] > 3 * errors[1]
    careless = [abs(exact_mean(tokens, m) - a / b) for m in (40, 80)]
    assert careless[0] < 3 * careless[1]


@pytest.mark.parametrize(("value", "weight", "tokens"), [(X, Lambda, n), (X * X.T, dot(w, X), n), (X, dot(w, X), 7)])
def test_a_ratio_that_is_none_is_refused(value, weight, tokens):
    with pytest.raises(NoRatio):
        delta_method(value, weight, tokens)


rationals = st.integers(-6, 6).map(lambda k: fmpq(k, 3))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(rationals, rationals), min_size=2, max_size=4))
def test_random_finite_laws_agree_with_the_jet(values):
    fixed, _ = three_tokens()
    tokens = [fixed[0] | {X: np.array([[x], [y]])} for x, y in values]
    e = dot(X, X) + dot(w, X) + 5
    probabilities = [fmpq(1, len(tokens))] * len(tokens)
    assert check_delta_method(delta_method(X, e, n), X, e, tokens, probabilities)


def test_errors_of_this_room_are_errors_of_the_calculus():
    assert issubclass(NoExpansion, CalculusError) and issubclass(NoRatio, CalculusError)
