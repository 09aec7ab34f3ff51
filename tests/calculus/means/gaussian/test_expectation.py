"""Gaussian expectation: hundreds of random expressions against brute force, and what must be refused."""

from random import Random as Generator

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Identity, Integer, Rational, Trace

from workbench.calculus import expect, moment
from workbench.calculus.algebra.translation import polynomial, same
from workbench.calculus.errors import (
    DegreeTooHigh,
    NotPolynomial,
    NotSymmetric,
    ShapeMismatch,
    UnknownLaw,
)
from workbench.calculus.means.gaussian import graphs, insertions
from workbench.calculus.means.gaussian import stein as engine
from workbench.calculus.means.gaussian.engines import mean_of
from workbench.calculus.means.gaussian.expectation import expect_gaussian
from workbench.calculus.means.gaussian.stein import Moments, laws_of
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, mask
from workbench.language.letters import (
    count,
    dot,
    form,
    matrix,
    positive,
    scalar,
    size,
    spd,
    symmetric,
    tr,
    unit_vector,
    vector,
)  # fmt: skip

d, N = size("d"), count("N")
A, B, C = matrix("A", d, d), matrix("B", d, d), matrix("C", N, N)
R = symmetric("R", d)
M, m = matrix("M", d, N), vector("m", d)
Sigma, Omega, Lambda = spd("Sigma", d), spd("Omega", N), spd("Lambda", d)
a, b, u = vector("a", d), vector("b", d), unit_vector("u", d)
s = scalar("s")
X = gaussian("X", d, N, cov=Sigma)
Y = gaussian("Y", d, N, mean=M, cov=Lambda + Identity(d), token_cov=Omega)
Z = gaussian("Z", d, N)
x = gaussian("x", d, mean=m, cov=Sigma)
eps = gaussian("eps", N, cov=s**2 * Identity(N))
RANDOM, FIXED = (X, Y, Z, x, eps), (A, B, C, R, M, Sigma, a, b, u)
SIZES = {"d": 2, "N": 2}
DEGREES = [(2,), (4,), (2, 2), (1, 3), (3,), (1, 1), (2, 1, 1), (3, 1), (1, 1, 2), (2, 3), (6,)]


def random_word(rng, rows, columns, degree, letters):
    """A product of letters from one size to another with at least so many random letters."""
    word, here = [], rows
    while degree > 0 or here != columns or not word:
        steps = [*letters, *letters, *rng.sample(FIXED, 4)] if degree > 0 else FIXED
        fitting = [step for L in steps for step in (L, L.T) if step.shape[0] == here]
        if not fitting:
            continue
        step = rng.choice(fitting)
        degree -= step in letters or step.T in letters
        word.append(step)
        here = step.shape[1]
    return sp.MatMul(*word) if len(word) > 1 else word[0]


def random_expression(seed):
    """A sum of products of traces and at most one matrix, of degree up to six in one to three Gaussians."""
    rng = Generator(seed)
    letters = rng.sample(RANDOM, rng.choice([1, 1, 2, 3]))
    shape = rng.choice([None, None, (d, d), (d, N), (N, N), (d, Integer(1))])
    total = None
    for _ in range(rng.choice([1, 2])):
        degrees = rng.choice([(2,), (4,), (2, 2), (1, 3), (3,), (1, 1), (2, 1, 1), (3, 1), (1, 1, 2), (2, 3), (6,)])
        term = sp.Mul(rng.choice([1, -2, Rational(1, 3), 1 / N, d, s**2 / (N + d)]))
        for degree in degrees if shape is None else degrees[1:]:
            length = rng.choice([d, d, N])
            term = term * Trace(random_word(rng, length, length, degree, letters))
        term = term if shape is None else term * random_word(rng, *shape, degrees[0], letters)
        total = term if total is None else total + term
    return total


def agrees_with_brute_force(expression, seed, sizes=SIZES):
    """Whether expect and component-wise integration give the same rational numbers."""
    point = draw(letters_of(expression), seed=str(seed), sizes=sizes)
    answer = expect(expression)
    assert not answer.has(type(E(Trace(X)))), answer
    return np.array_equal(evaluate(answer, point), evaluate(expression, point))


@pytest.mark.parametrize("block", range(26))
def test_twenty_random_expressions_have_the_mean_of_their_components(block):
    for seed in range(20 * block, 20 * block + 20):
        assert agrees_with_brute_force(E(random_expression(seed)), seed), seed


def test_most_random_expressions_have_a_mean_that_is_not_zero():
    means = [moment(E(random_expression(seed))) for seed in range(0, 520, 8)]
    assert sum(bool(mean) for mean in means) > len(means) // 2


def test_brute_force_notices_a_wrong_contraction(monkeypatch):
    right = engine._own

    def without_twist(pivot, tail, law):
        return (pieces for pieces in right(pivot, tail, law) if len(pieces) == 2)

    monkeypatch.setattr(engine, "_own", without_twist)
    assert not agrees_with_brute_force(E(tr(M.T * X * M.T * X)), 1)
    assert not agrees_with_brute_force(E(tr(A * X * M.T * B * X * M.T)), 1)


def test_brute_force_notices_a_wrong_insertion(monkeypatch):
    right = insertions.openings
    line = E(tr(A * X * X.T * B * X * X.T))
    assert agrees_with_brute_force(line, 1)
    for kept in (slice(0, None, 2), slice(1, None, 2)):  # the rest only turned round, or only closed
        monkeypatch.setattr(insertions, "openings", lambda word, link, kept=kept: right(word, link)[kept])
        assert not agrees_with_brute_force(line, 1)


@pytest.mark.parametrize("sizes", [{"d": 1, "N": 3}, {"d": 3, "N": 1}, {"d": 3, "N": 2}, {"d": 1, "N": 1}])
def test_the_same_formula_holds_at_every_size(sizes):
    for expression in (
        E(X * C * X.T * A * X * C * X.T),
        E(tr(Y * C * Y.T * A) ** 2),
        E(x * x.T * A * x * x.T),
    ):
        assert agrees_with_brute_force(expression, "sizes", sizes)


@pytest.mark.parametrize("W", [Z * Z.T, X * X.T, Z * Z.T * R, R * Sigma * R * X * X.T, A * A.T * X * X.T])
@pytest.mark.parametrize("k", range(1, 6))
def test_the_specialised_engines_agree_with_trace_words(W, k):
    for state in (Trace(W**k), Trace(A * W**k), Trace(W) ** 2 * Trace(W**k), Trace(B * W) * Trace(W**k)):
        agree_on(state, [X, Z])


@pytest.mark.parametrize("k", range(1, 8))
def test_cumulants_agree_with_trace_words(k):
    agree_on(form(x, R, x) ** k, [x])
    agree_on(
        form(gaussian("y", d, cov=Sigma), A * A.T, gaussian("y", d, cov=Sigma)) ** k,
        [gaussian("y", d, cov=Sigma)],
    )


def agree_on(expression, letters):
    """Assert that the chosen engine and the word engine give the same polynomial."""
    moments = Moments(laws_of(letters, polynomial))
    for _, traces, _ in polynomial(expression).terms:
        state = tuple(trace for trace in traces if moments.is_random(trace))
        assert mean_of(state, moments).key == moments.mean(state).key


def test_sandwiched_matrices_need_not_be_symmetric():
    """Hand computation: three pairings of X X' A X X'."""
    answer = expect(E(X * X.T * A * X * X.T))
    hand = N * (N * Sigma * A * Sigma + Sigma * A.T * Sigma + tr(A * Sigma) * Sigma)
    assert same(polynomial(answer), polynomial(hand))


def test_the_in_context_risk_of_linear_attention():
    """Zhang, Frei & Bartlett 2024; here with a general task covariance and label noise."""
    L, T, U, sigma = spd("L", d), spd("T", d), matrix("U", d, d), positive("sigma")
    tokens, task = gaussian("tokens", d, N, cov=L), gaussian("task", d, cov=T)
    query, noise = gaussian("query", d, cov=L), gaussian("noise", N, cov=sigma**2 * Identity(N))
    beta = tokens * (tokens.T * task + noise) / N
    risk = expect(E((dot(task, query) - tr(beta.T * U * query)) ** 2))
    G = L * U * L * U.T
    hand = tr(T * L) - 2 * tr(T * L * U * L) + (1 + 1 / N) * tr(T * G * L) + (tr(T * L) + sigma**2) * tr(G) / N
    assert same(polynomial(risk), polynomial(hand))


def test_odd_moments_vanish():
    assert expect(E(tr(A * X * M.T) * tr(X * X.T))) == 0
    assert expect(E(X * X.T * X)) == sp.ZeroMatrix(d, N)


def test_what_is_not_random_goes_through_untouched():
    opaque = sp.exp(tr(A)) * sp.sqrt(s**2 + 1) / tr(B)
    assert same(polynomial(expect(opaque * E(tr(X * X.T)) + 1)), polynomial(opaque * N * tr(Sigma) + 1))
    assert expect(A * B) == A * B


def test_means_sit_inside_larger_expressions():
    answer = expect(E(tr(X * X.T)) ** 2 / E(tr(Z * Z.T)) + tr(A))
    assert same(polynomial(answer), polynomial(N * tr(Sigma) ** 2 / d + tr(A)))


def test_an_expression_without_E_is_averaged_over_the_letters_named():
    assert expect(tr(X * X.T) * tr(Z * Z.T), X) == N * tr(Sigma) * tr(Z * Z.T)
    assert expect(tr(X * X.T)) == N * tr(Sigma)


def test_a_random_mean_is_averaged_after_the_letter_that_has_it():
    inner = gaussian("inner", d, cov=Sigma)
    outer = gaussian("outer", d, mean=inner, cov=Lambda)
    assert same(polynomial(expect(E(outer * outer.T))), polynomial(Sigma + Lambda))


def test_a_mean_over_some_letters_keeps_the_others():
    assert same(polynomial(expect(E(X * X.T + Z * Z.T, X))), polynomial(N * Sigma + Z * Z.T))


def test_explicit_sizes_are_numbers():
    three = gaussian("three", 3, 2)
    assert expect(E(tr(three * three.T) ** 2)) == 48  # chi-square with 6 degrees: 6·8
    wide = gaussian("wide", d, N + 1)
    assert same(polynomial(expect(E(tr((wide * wide.T) ** 2)))), polynomial(d * (N + 1) * (d + N + 2)))


def test_a_unit_vector_has_length_one_under_a_mean():
    assert expect(E(dot(u, gaussian("g", d)) ** 4)) == 3


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_mean_of_a_transpose_is_the_transpose_of_the_mean(seed):
    expression = random_expression(seed)
    if getattr(expression, "is_Matrix", False):
        assert same(moment(E(expression.T)), moment(E(expression)).T)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_mean_is_linear(one, other):
    left, right = (Trace(e) if getattr(e, "is_Matrix", False) and e.shape[0] == e.shape[1] else e
                   for e in (random_expression(one), random_expression(other)))  # fmt: skip
    if not (getattr(left, "is_Matrix", False) or getattr(right, "is_Matrix", False)):
        assert same(moment(E(left - 3 * right)), moment(E(left)) - moment(E(3 * right)))


@pytest.mark.parametrize("hostile", [sp.exp(dot(a, x)), 1 / tr(X * X.T), tr((X * X.T).inv()), sp.log(tr(Z * Z.T))])
def test_only_polynomials_are_averaged_by_steins_identity(hostile):
    with pytest.raises(NotPolynomial, match="only polynomials are averaged here: use `expect`"):
        expect_gaussian(E(hostile))


@pytest.mark.parametrize("hostile", [1 / tr(X * X.T), sp.log(tr(X * X.T)), tr((X * A * X.T).inv()), sp.sqrt(dot(x, x))])
def test_what_no_rule_averages_is_refused(hostile):
    with pytest.raises(NotPolynomial):
        expect(E(hostile))


def test_a_letter_without_a_law_is_refused():
    with pytest.raises(UnknownLaw, match=r"A \(Matrix\); declare it with gaussian, mask"):
        expect(tr(A * X * X.T), A)
    with pytest.raises(UnknownLaw, match="no Gaussian law"):
        expect_gaussian(E(dot(a, mask("o", d, Rational(1, 2)))))


def test_a_covariance_that_is_not_symmetric_is_refused():
    with pytest.raises(NotSymmetric, match="not its own transpose"):
        expect(E(tr(gaussian("bad", d, N, cov=A) * M.T) ** 2))


def test_a_degree_beyond_the_limit_is_refused_at_once():
    with pytest.raises(DegreeTooHigh, match="degree 200"):
        expect(E(tr((X * X.T) ** 100)))
    assert expect(E(dot(a, x) ** 3), degree=4) is not None
    with pytest.raises(DegreeTooHigh, match="limit of 2"):
        expect(E(dot(a, x) ** 3), degree=2)


def test_too_many_states_are_refused(monkeypatch):
    monkeypatch.setattr(engine, "STATES", 20)
    with pytest.raises(DegreeTooHigh, match="distinct states"):
        expect(E(tr((X * C * X.T * A) ** 6)))


@pytest.mark.parametrize("power", [tr((X * X.T) ** 12), tr((Z * C * Z.T * A) ** 6)], ids=str)
def test_a_moment_is_refused_before_its_parts_fill_the_memory(power, monkeypatch):
    # At degree 52 flint asked for more than there was and ended the interpreter.
    monkeypatch.setattr(graphs, "ROOM", 1 << 15)
    with pytest.raises(DegreeTooHigh, match="memory"):
        expect(E(power))


def test_values_are_let_go_after_their_last_use():
    moments = Moments(laws_of([Z], polynomial))
    ((_, state, _),) = polynomial(tr((Z * Z.T * A) ** 4)).terms
    kept, most = {()}, 0
    for here, done in graphs.with_last_uses(moments.explore(state), moments.edges):
        assert {child for _, _, child in moments.edges[here]} <= kept
        kept = kept - set(done) | {here}
        most = max(most, len(kept))
    assert kept == {state}
    assert most < len(moments.edges)


def test_sizes_that_do_not_fit_are_refused():
    with pytest.raises(ShapeMismatch, match="d×N times d×d"):
        expect(E(Trace(sp.MatMul(X, A, X.T, evaluate=False))))
