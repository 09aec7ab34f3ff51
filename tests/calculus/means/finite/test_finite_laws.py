"""Masks, indices and mixtures against plain enumeration of every outcome over ℚ."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import HadamardPower, HadamardProduct, Identity, Integer, OneMatrix, Rational, expand
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.algebra import terms
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial, UnknownLaw
from workbench.calculus.means.finite.finite_laws import cumulant, expect_finite, set_partitions
from workbench.calculus.means.finite.mixtures import expect_mixture
from workbench.exact.instances import draw, letters_of
from workbench.exact.means import exact_mean
from workbench.exact.values import evaluate
from workbench.language.laws import E, ScalarMean, gaussian, index, mask, mixture, random_letters
from workbench.language.letters import count, dot, form, matrix, probability, size, spd, symmetric, tr, vector

d, L, N = size("d"), count("L"), count("N")
q = probability("q")
A, B, C, M = matrix("A", d, d), matrix("B", d, d), matrix("C", d, d), symmetric("M", d)
x, y = vector("x", d), vector("y", d)
o, e = mask("o", d, q), index("e", L)
D, X, Q = DiagMatrix(o), matrix("X", d, L), matrix("Q", L, L)
ones = OneMatrix(d, 1)


def equal(left, right):
    return bool(np.all(np.asarray(left, dtype=object) == np.asarray(right, dtype=object)))


def check(derive, body, letter, sizes, seed="0"):
    """The derived mean is the enumerated one at a rational point."""
    node = E(body, letter)
    point = draw(letters_of(node), seed, sizes)
    assert equal(evaluate(derive(node), point), exact_mean(node, letter, point))


MASKED = {
    "(ooᵀ)∘M": HadamardProduct(o * o.T, M), "o": o, "DA": D * A, "DAD": D * A * D,
    "tr(DADB)": tr(D * A * D * B),
    "DADBD": D * A * D * B * D, "ADBDC": A * D * B * D * C, "DADBDCD": D * A * D * B * D * C * D,
    "(tr DA)²": tr(D * A) ** 2, "tr(DA)tr(DBDC)": tr(D * A) * tr(D * B * D * C), "(tr DA)⁴": tr(D * A) ** 4,
    "tr DADBDCDM": tr(D * A * D * B * D * C * D * M), "oᵀAo": form(o, A, o), "(oᵀAo)²": form(o, A, o) ** 2,
    "xᵀDADx": form(x, D * A * D, x), "(xᵀDy)²DA": dot(x, D * y) ** 2 * D * A,
    "tr(DADB)²": tr(D * A * D * B) ** 2,
    "o∘x": HadamardProduct(o, x), "(1−o)∘x": HadamardProduct(ones - o, x),
    "diag(o∘x)": DiagMatrix(HadamardProduct(o, x)),
    "o∘o∘x": HadamardPower(o, 2), "diag of DAD": DiagonalOf(D * A * D),
    "A∘(oxᵀ)": HadamardProduct(A, o * x.T),
    "imputation loss": tr((Identity(d) - D) * A * D * M * D * A.T * (Identity(d) - D)), "ooᵀ": o * o.T,
    "tr(DADBDA)tr(DC)": tr(D * A * D * B * D * A) * tr(D * C), "DAxxᵀDB": D * A * x * x.T * D * B,
    "D(A∘(ooᵀ))D": D * HadamardProduct(A, o * o.T) * D * B, "d by oᵀo": dot(o, o) ** 2,
}  # fmt: skip


@pytest.mark.parametrize("body", MASKED, ids=str)
@pytest.mark.parametrize("dimension", [2, 3, 4])
def test_a_mask_mean_is_the_sum_over_all_masks(body, dimension):
    check(expect_finite, MASKED[body], o, {"d": dimension})


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_random_masked_products_are_the_sums_over_all_masks(data):
    fixed = st.sampled_from([A, B, A.T, M, Identity(d), x * y.T, ones * x.T])
    degree = data.draw(st.integers(1, 4))
    body = Integer(1)
    word = None
    for _ in range(degree):
        factor = D * data.draw(fixed)
        word = factor if word is None else word * factor
        if data.draw(st.booleans()):
            body, word = body * tr(word), None
    if word is not None:
        body = body * word
    check(expect_finite, body, o, {"d": data.draw(st.integers(2, 3))}, "random")


def test_the_second_mask_moment_is_the_published_one():
    # E[(ooᵀ)∘M] = q²M + q(1 − q) diag M.
    expected = q**2 * M + q * (1 - q) * HadamardProduct(Identity(d), M)
    assert expect_finite(HadamardProduct(o * o.T, M)) == expected
    assert expect_finite(D * M * D) == expected


def test_the_cumulants_of_a_bernoulli_variable_are_the_known_ones():
    known = [q, q * (1 - q), q * (1 - q) * (1 - 2 * q), q * (1 - q) * (1 - 6 * q + 6 * q**2)]
    assert [expand(cumulant(k + 1, q) - value) for k, value in enumerate(known)] == [0, 0, 0, 0]
    assert [len(set_partitions(k)) for k in range(7)] == [1, 1, 2, 5, 15, 52, 203]


def test_a_mask_that_keeps_everything_or_nothing_is_no_mask():
    kept, lost = DiagMatrix(mask("o", d, 1)), DiagMatrix(mask("o", d, 0))
    assert expect_finite(kept * A * kept * B) == A * B
    assert expect_finite(tr(lost * A * lost)) == 0


INDEXED = {
    "Xe": X * e, "eᵀXᵀXe": tr(e.T * X.T * X * e), "XeeᵀXᵀ": X * e * e.T * X.T, "(eᵀQe)³": form(e, Q, e) ** 3,
    "XQeeᵀXᵀ": X * Q * e * e.T * X.T, "eᵀe": dot(e, e), "tr(XeeᵀXᵀA)²": tr(X * e * e.T * X.T * A) ** 2,
}  # fmt: skip


@pytest.mark.parametrize("body", INDEXED, ids=str)
@pytest.mark.parametrize("length", [1, 2, 4])
def test_an_index_mean_is_the_average_over_its_places(body, length):
    check(expect_finite, INDEXED[body], e, {"d": 2, "L": length})


def test_masks_and_indices_are_averaged_one_after_the_other():
    other = mask("p", L, Rational(1, 3))
    node = E(tr(X * DiagMatrix(other) * X.T * D) * dot(e, DiagMatrix(other) * e))
    point = draw(letters_of(node), "two", {"d": 2, "L": 3})
    derived = expect_finite(node)
    assert random_letters(derived) == set()
    assert evaluate(derived, point) == exact_mean(node, o, point)


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (tr(A), UnknownLaw),
        (tr(D * A) ** 7, DegreeTooHigh),
        (tr((D + A).inv()), NotPolynomial),
        (tr(D * A) ** -1, NotPolynomial),
        (HadamardProduct(A * o, x), NotPolynomial),
        (HadamardPower(o, Rational(1, 2)), NotPolynomial),
        (gaussian("Y", d, d, cov=D), UnknownLaw),
    ],
)
def test_what_a_mask_mean_cannot_read_is_refused_by_name(expression, error):
    with pytest.raises(error):
        expect_finite(expression, *([o] if expression.has(o) else []))


# Mixtures

S, T, m, k = spd("S", d), spd("T", d), vector("m", d), vector("k", d)
w = probability("w")
z = mixture("z", d, [(q, m, S), (1 - q, -m, T)])
three = mixture("z", d, [(q / 2, m, S), (q / 2, k, None), (1 - q, None, T)])
Z = mixture("Z", d, [(q, m, S), (1 - q, k, None)], N)
sums = OneMatrix(N, 1)

ONE_COLUMN = {
    "z": lambda v: v, "zzᵀ": lambda v: v * v.T, "zᵀAz": lambda v: form(v, A, v),
    "(zᵀAz)²": lambda v: form(v, A, v) ** 2,
    "xᵀz zᵀAz z": lambda v: dot(x, v) * form(v, A, v) * v, "zzᵀAzzᵀ": lambda v: v * v.T * A * v * v.T,
}  # fmt: skip


@pytest.mark.parametrize("letter", [z, three], ids=["two", "three"])
@pytest.mark.parametrize("body", ONE_COLUMN, ids=str)
def test_a_mixture_mean_is_the_weighted_sum_over_labels(body, letter):
    check(expect_mixture, ONE_COLUMN[body](letter), letter, {"d": 2})


COLUMNS = {
    "ZZᵀ": Z * Z.T, "Z1": Z * sums, "Z11ᵀZᵀ": Z * sums * sums.T * Z.T, "ZZᵀAZZᵀ": Z * Z.T * A * Z * Z.T,
    "(tr ZZᵀA)²": tr(Z * Z.T * A) ** 2, "xᵀZ1 tr ZZᵀ": dot(x, Z * sums) * tr(Z * Z.T),
    "1ᵀZᵀAZ1": form(Z * sums, A, Z * sums),
    "tr(ZᵀAZ)": tr(Z.T * A * Z), "AZZᵀx": A * Z * Z.T * x / N,
}  # fmt: skip


@pytest.mark.parametrize("body", COLUMNS, ids=str)
@pytest.mark.parametrize("columns", [1, 2, 3])
def test_a_mean_over_mixture_columns_is_the_sum_over_all_their_labels(body, columns):
    check(expect_mixture, COLUMNS[body], Z, {"d": 2, "N": columns})


def test_a_mixture_of_one_component_is_a_gaussian():
    from workbench.calculus import expect

    alone, X0 = mixture("Z", d, [(1, None, S)], N), gaussian("X", d, N, cov=S)
    found = expect_mixture(tr(alone * alone.T * A * alone * alone.T * B))
    assert expand(terms.normal(found) - terms.normal(expect(E(tr(X0 * X0.T * A * X0 * X0.T * B))))) == 0


def test_means_over_a_mixture_and_a_mask_follow_one_another():
    body = E(tr(D * z * z.T * D * A), o, z)
    point = draw(letters_of(body), "both", {"d": 2})
    first = expect_mixture(body)
    assert isinstance(first, ScalarMean) and first.args[1:] == (o,)
    assert evaluate(expect_finite(first), point) == exact_mean(body, o, point)


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (tr(A), UnknownLaw),
        (tr(Z * matrix("R", N, N) * Z.T), NotPolynomial),
        (tr(Z * Z.T) ** 5, DegreeTooHigh),
        (tr((Z * Z.T).inv()), NotPolynomial),
        (E(tr(gaussian("Y", d, d))), UnknownLaw),
    ],
)
def test_what_a_mixture_mean_cannot_read_is_refused_by_name(expression, error):
    with pytest.raises(error):
        expect_mixture(expression)
