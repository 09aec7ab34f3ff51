"""Inverse Wishart moments: published tables, exact Bartlett moments, and where they do not exist."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Dummy, Identity, Integer, Rational, Trace, expand, together

from workbench.calculus import expect
from workbench.calculus.algebra import terms
from workbench.calculus.errors import DegreeTooHigh, NoSuchMoment, NotPolynomial, UnknownLaw
from workbench.calculus.means.pairings import weingarten
from workbench.calculus.means.pairings.inverse_powers import moment, numerators, states
from workbench.calculus.means.pairings.inverse_wishart import expect_inverse_wishart, inverse_moment_exists
from workbench.calculus.means.pairings.weingarten import partitions
from workbench.exact.instances import draw, letters_of
from workbench.exact.means import exact_mean
from workbench.exact.rings import Undefined
from workbench.exact.values import evaluate
from workbench.exact.wisharts import inverse_chi_moment
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, matrix, size, spd, symmetric, tr, vector

d, n = size("d"), count("n")
S = spd("S", d)
A, B, C = matrix("A", d, d), matrix("B", d, d), matrix("C", d, d)
X = gaussian("X", d, n, cov=S)
W = X * X.T
V = W.inv()
P = S.inv()


def same_rational(left, right):
    """Whether two sums of traces are equal as rational functions of n, d and the traces."""
    difference = left - right
    letters = {trace: Dummy() for trace in difference.atoms(Trace)}
    return expand(together(difference.xreplace(letters)).as_numer_denom()[0]) == 0


def same(left, right):
    """Whether two scalars or matrices are equal, coefficient by coefficient."""
    if not getattr(left, "is_Matrix", False):
        return same_rational(terms.normal(left), terms.normal(right))
    one, other = terms.words(left), terms.words(right)
    return all(same_rational(one.get(word, Integer(0)), other.get(word, Integer(0))) for word in {*one, *other})


TABLE = {
    # WishartMoments 0.0.3 (Letac and Massam 2004).
    "E[W^-2]": (V**2, P**2 / ((n - d) * (n - d - 3)) + P * tr(P) / ((n - d) * (n - d - 1) * (n - d - 3))),
    "E[W^-1 tr(W^-1)^2]": (
        V * tr(V) ** 2,
        4 * P**2 * tr(P) / ((n - d + 1) * (n - d) * (n - d - 1) * (n - d - 5))
        + P * (((n - d) ** 2 - 5 * (n - d) + 2) * tr(P) ** 2 + (2 * (n - d) - 6) * tr(P**2))
        / ((n - d + 1) * (n - d) * (n - d - 1) * (n - d - 3) * (n - d - 5))
        + 16 * P**3 / ((n - d + 1) * (n - d) * (n - d - 1) * (n - d - 3) * (n - d - 5)),
    ),
    "E[2/3 W^-2 tr W^-1 + 1/3 W^-1 tr W^-2]": (
        Rational(2, 3) * V**2 * tr(V) + Rational(1, 3) * V * tr(V**2),
        Rational(2, 3) * ((n - d) ** 2 - 4 * (n - d) + 7) * tr(P) * P**2
        / ((n - d + 1) * (n - d) * (n - d - 1) * (n - d - 3) * (n - d - 5))
        + 4 * P**3 / ((n - d + 1) * (n - d) * (n - d - 3) * (n - d - 5))
        + Rational(1, 3)
        * ((3 * (n - d) - 9) * tr(P) ** 2 + ((n - d) ** 2 - 4 * (n - d) + 7) * tr(P**2))
        * P / ((n - d + 1) * (n - d) * (n - d - 1) * (n - d - 3) * (n - d - 5)),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE, ids=str)
def test_the_published_inverse_moments_are_derived(case):
    expression, expected = TABLE[case]
    assert same(expect_inverse_wishart(expression), expected)


def test_the_fourth_power_of_the_inverse_trace_is_the_published_one():
    # wishmom 1.1.0 vignette, iwishmom_sym example 1.
    t = n - d - 1
    top = (
        (240 * t - 288) * tr(P**4)
        + (64 * t**2 - 256 * t) * tr(P**3) * tr(P)
        + (12 * t**2 - 60 * t + 216) * tr(P**2) ** 2
        + (12 * t**3 - 72 * t**2 + 36 * t + 72) * tr(P**2) * tr(P) ** 2
        + (t**4 - 7 * t**3 + t**2 + 35 * t - 6) * tr(P) ** 4
    )
    bottom = t**8 - 7 * t**7 - 11 * t**6 + 107 * t**5 + 34 * t**4 - 388 * t**3 - 24 * t**2 + 288 * t
    assert same(expect_inverse_wishart(tr(V) ** 4), top / bottom)


def test_an_order_seven_moment_is_the_exact_one():
    # wishmom 1.1.0 vignette, iwishmom example 2: n = 20, order 7 with an open square.
    Y = gaussian("Y", 2, 20, cov=spd("T", 2))
    U = (Y * Y.T).inv()
    there = {Y.cov: [[25, 49], [49, 109]]}
    point = {Y.cov: to_rational(there[Y.cov])}
    found = evaluate(expect_inverse_wishart(tr(U) ** 2 * tr(U**3) * U**2), point)
    off = fmpq(-1172746450841, 19220019537488322009600)
    assert found[0, 0] == fmpq(40034989507939, 301369906347816889110528)
    assert found[0, 1] == found[1, 0] == off
    assert found[1, 1] == fmpq(212789122733323, 7534247658695422227763200)


def to_rational(rows):
    return np.array([[fmpq(entry) for entry in row] for row in rows], dtype=object)


def test_wishart_moments_keep_the_factor_that_wishmom_loses():
    # wishmom_sym prints every coefficient for k ≥ 2 with one factor n missing.
    expected = n * (
        48 * tr(S**4) + 32 * n * tr(S**3) * tr(S) + 12 * n * tr(S**2) ** 2
        + 12 * n**2 * tr(S**2) * tr(S) ** 2 + n**3 * tr(S) ** 4
    )  # fmt: skip
    assert same(expect(E(tr(W) ** 4)), expected)
    assert not same(expect(E(tr(W) ** 4)), expected / n)
    assert same(expect(E(W**2)), (n**2 + n) * S**2 + n * tr(S) * S)
    point = {d: fmpq(2), n: fmpq(20), S: to_rational([[25, 49], [49, 109]])}
    assert evaluate(expect(E(tr(W) ** 4)), point) == 87050836561920


def test_the_existence_condition_is_stated_and_sharp():
    assert inverse_moment_exists(tr(V)) == (n - d + 1 > 2)
    assert inverse_moment_exists(V * A * V) == (n - d + 1 > 4)
    assert inverse_moment_exists(E(tr(V * A) ** 3)) == (n - d + 1 > 6)
    for columns in range(2, 8):
        Y = gaussian("Y", 2, columns)
        node, point = E(tr((Y * Y.T).inv() ** 2)), {}
        if columns - 2 + 1 > 4:
            assert evaluate(expect_inverse_wishart(node), point) == exact_mean(node, Y, point)
        else:
            with pytest.raises(NoSuchMoment, match="take more columns"):
                expect_inverse_wishart(node)
            with pytest.raises(Undefined):
                exact_mean(node, Y, point)


WORDS = {
    "V": V, "VAV": V * A * V, "tr VA VB": tr(V * A * V * B), "(tr VA)²": tr(V * A) ** 2,
    "tr(VA) V": tr(V * A) * V, "VAVBV": V * A * V * B * V, "tr(VAVBVC)": tr(V * A * V * B * V * C),
    "tr VA tr VBVC": tr(V * A) * tr(V * B * V * C), "A V B": A * V * B, "V²AV": V**2 * A * V,
    "VAVBVAV": V * A * V * B * V * A * V, "tr(VA)²tr(VBVC)": tr(V * A) ** 2 * tr(V * B * V * C),
    "(W/n)^-2": (W / n) ** -2, "tr V tr V² V": tr(V) * tr(V**2) * V, "tr(VA)^4": tr(V * A) ** 4,
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS, ids=str)
@pytest.mark.parametrize(("dimension", "columns"), [(1, 11), (2, 12)])
def test_words_with_matrices_between_are_the_bartlett_moments(word, dimension, columns):
    node = E(WORDS[word], X)
    point = draw(letters_of(node), "bartlett", {"d": dimension, "n": columns})
    brute = exact_mean(node, X, point)
    assert equal(evaluate(expect_inverse_wishart(node), point), brute)


def equal(left, right):
    return bool(np.all(np.asarray(left, dtype=object) == np.asarray(right, dtype=object)))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_random_products_of_words_are_the_bartlett_moments(data):
    order = data.draw(st.integers(1, 4))
    fixed = [A, B, symmetric("M", d), Identity(d)]
    factors = [V * data.draw(st.sampled_from(fixed)) for _ in range(order)]
    cuts = sorted(data.draw(st.sets(st.integers(1, order), max_size=order)) | {order})
    body = Integer(1)
    for start, stop in zip([0, *cuts], cuts):
        word = factors[start]
        for factor in factors[start + 1 : stop]:
            word = word * factor
        body = body * tr(word)
    columns = data.draw(st.integers(2 * order + 2, 2 * order + 6))
    node = E(body, X)
    point = draw(letters_of(node), "words", {"d": 2, "n": columns})
    assert evaluate(expect_inverse_wishart(node), point) == exact_mean(node, X, point)


def test_in_one_dimension_the_moments_are_those_of_an_inverse_chi_square():
    # E[χ²_ν^-k] = 1/((ν − 2)(ν − 4)…(ν − 2k)).
    for order in range(1, 6):
        found = expect_inverse_wishart(tr(V**order)).subs({d: 1, n: 17})
        value = found.replace(lambda node: isinstance(node, Trace), lambda node: Integer(1))
        exact = inverse_chi_moment(17, order)
        assert Fraction(int(value.p), int(value.q)) == Fraction(int(exact.p), int(exact.q))


def test_powers_of_order_ten_need_no_list_of_pairings(monkeypatch):
    # 654,729,075 pairings of twenty points would be listed; the 42 partitions of ten are enough.
    def refused(order):
        raise AssertionError(f"the pairings of order {order} were listed")

    monkeypatch.setattr(weingarten, "all_pairings", refused)
    line = gaussian("X", 1, n, cov=4 * Identity(1))
    mean = expect_inverse_wishart(tr((line * line.T).inv() ** 10), line)
    assert mean.subs(n, 23) == Rational(1, 4**10 * 21 * 19 * 17 * 15 * 13 * 11 * 9 * 7 * 5 * 3)


def test_haffs_identity_and_the_sum_over_pairings_agree():
    # Two derivations: with a fixed symmetric letter M between, then M = I, against partitions alone.
    M = matrix("M", d, d)
    for expression, plain in [
        (tr(V * M * V * M), tr(V**2)),
        (tr(V * M) ** 2 * V, tr(V) ** 2 * V),
        (V * M * V * M * V * M * V, V**4),
        (tr(V * M * V) * tr(V * M * V), tr(V**2) ** 2),
    ]:
        paired = expect_inverse_wishart(expression).subs(M, Identity(d)).doit()
        assert same(paired, expect_inverse_wishart(plain))


def test_a_scaled_covariance_scales_the_moment():
    Y = gaussian("Y", d, n, cov=3 * S)
    assert same(expect_inverse_wishart((Y * Y.T) ** -2), expect_inverse_wishart(V**2) / 9)
    white = gaussian("Z", d, n)
    assert same(expect_inverse_wishart(tr((white * white.T).inv())), d / (n - d - 1))


def test_the_states_of_order_seven_are_thirty_and_their_denominators_vanish_where_moments_blow_up():
    assert len(states(7)) == 30
    assert [len(list(partitions(k))) for k in range(8)] == [1, 1, 2, 3, 5, 7, 11, 15]
    assert set(numerators((2, ()))) == {(2, ()), (1, (1,))}
    m = n - d - 1
    assert moment((1, ()), m) == {(1, ()): 1 / m}


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (X.T * V * X, NotPolynomial),
        (tr((W + S).inv()), NotPolynomial),
        (tr(V) ** -1, NotPolynomial),
        (tr(A * V) ** Rational(1, 2), NotPolynomial),
        (tr(A), UnknownLaw),
        (tr(V * A) ** 6, DegreeTooHigh),
        (tr(V) ** 11, DegreeTooHigh),
    ],
)
def test_what_is_not_a_polynomial_in_the_inverse_is_refused_by_name(expression, error):
    with pytest.raises(error):
        expect_inverse_wishart(expression)


@pytest.mark.parametrize(
    "letter",
    [
        gaussian("X", d, n, mean=matrix("M", d, n)),
        gaussian("X", d, n, token_cov=spd("Omega", n)),
    ],
    ids=["with a mean", "with dependent columns"],
)
def test_a_wishart_matrix_that_is_not_central_is_refused(letter):
    with pytest.raises(UnknownLaw, match="mean 0 and independent columns"):
        expect_inverse_wishart(tr((letter * letter.T).inv()))


def test_a_bilinear_form_in_the_inverse_has_the_mean_of_its_covariance():
    u = vector("u", d)
    assert same(tr(expect_inverse_wishart(u.T * V * u)), tr(u.T * P * u) / (n - d - 1))
    assert same(expect_inverse_wishart(E(V * A - V * A + V)), P / (n - d - 1))


MIXED = {
    "side by side": (W * A * V, 5),
    "two traces": (tr(W) * tr(V), 5),
    "a square": (tr(V * A * W * W * B), 5),
    "a matrix and two traces": (tr(W) * V * tr(V), 7),
    "two of each": (tr(V * A * W * B * V * C * W), 7),
}


@pytest.mark.parametrize("name", MIXED)
def test_words_that_mix_a_wishart_matrix_and_its_inverse(name):
    inside, columns = MIXED[name]
    node, found = E(inside), expect(E(inside))
    point = draw(letters_of(node, found), name, {"d": 2, "n": columns})
    assert (np.asarray(evaluate(node, point)) == np.asarray(evaluate(found, point))).all()


def test_a_wishart_matrix_beside_its_inverse_by_hand():
    assert same(expect(E(W * V)), Identity(d))
    assert same(expect(E(tr(W) * tr(V))), n * tr(S) * tr(P) / (n - d - 1) - 2 * d / (n - d - 1))
    with pytest.raises(NotPolynomial, match="stands outside"):
        expect(E(X.T * V * X))
