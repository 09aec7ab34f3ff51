"""Gaussian means through Hadamard products and diagonals, against the brute-force oracle."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import HadamardPower, HadamardProduct, Identity, OneMatrix, Rational
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.errors import NotPolynomial, UnknownLaw
from workbench.calculus.means.entries.entrywise import expect_entrywise
from workbench.calculus.means.finite.finite_laws import expect_finite
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.language.laws import E, gaussian, mask, random_letters
from workbench.language.letters import dot, form, matrix, probability, size, spd, tr, vector

d, n, q = size("d"), size("n"), probability("q")
S, O, m, M = spd("S", d), spd("O", n), vector("m", d), matrix("M", d, n)
A, B, C, W = matrix("A", d, d), matrix("B", n, d), matrix("C", n, n), matrix("W", d, d)
X = gaussian("X", d, n, cov=S)
Y = gaussian("Y", d, n, mean=M, cov=S, token_cov=O)
x = gaussian("x", d, mean=m, cov=S)
one = Identity(d)


def had(*parts):
    return HadamardProduct(*parts)


CASES = {
    "X∘X": had(X, X), "Y∘Y": had(Y, Y), "Y∘Y∘Y": HadamardPower(Y, 3),
    "I∘xxᵀ": had(one, x * x.T), "x∘x": had(x, x),
    "DAD": DiagMatrix(x) * A * DiagMatrix(x),
    "tr((I∘xxᵀ)Axxᵀ)": tr(had(one, x * x.T) * A * x * x.T),
    "tr(I∘Axxᵀ)": tr(had(one, A * x * x.T)),
    "((YCYᵀ)∘A)A": had(Y * C * Y.T, A) * A,
    "diag xxᵀ": DiagonalOf(x * x.T), "Diag(diag XXᵀ)AXXᵀ": DiagMatrix(DiagonalOf(X * X.T)) * A * X * X.T,
    "tr(diag(x∘x)A)": tr(DiagMatrix(had(x, x)) * A),
    "x(x∘x)ᵀA": x * had(x, x).T * A,
    "tr((X∘X)B)": tr(had(X, X) * B),
    "(XXᵀ∘A)tr XXᵀ": had(X * X.T, A) * tr(X * X.T), "xᵀ(A∘xxᵀ)x": form(x, had(A, x * x.T), x),
    "x∘Ax": had(x, A * x),
    "(A(I∘xxᵀ)W)∘xxᵀ": had(A * had(one, x * x.T) * W, x * x.T), "diag(A(x∘x))": DiagMatrix(A * had(x, x)) * x,
    "A((xxᵀ)∘W)A": A * had(x * x.T, W) * A, "x(x∘x)ᵀ(x∘m)": dot(had(x, x), had(x, m)) * x,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 2)])
def test_an_entrywise_mean_is_the_one_multiplied_out(case, rows, columns):
    node = E(CASES[case])
    point = draw(letters_of(node), "entries", {"d": rows, "n": columns})
    found, brute = evaluate(expect_entrywise(node), point), evaluate(node, point)
    assert np.all(np.asarray(found, dtype=object) == np.asarray(brute, dtype=object))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_random_traces_of_entrywise_products_are_the_ones_multiplied_out(data):
    pieces = st.sampled_from([
        had(A, x * x.T), DiagMatrix(x), A, W.T, had(one, x * m.T), DiagMatrix(A * x), had(A * x * x.T, W),
    ])  # fmt: skip
    word = data.draw(pieces)
    for _ in range(data.draw(st.integers(0, 2))):
        word = word * data.draw(pieces)
    node = E(tr(word), x)
    point = draw(letters_of(node), "random", {"d": 2})
    assert evaluate(expect_entrywise(node), point) == evaluate(node, point)


def test_two_letters_in_one_entrywise_product_are_averaged_one_after_the_other():
    node = E(had(X * X.T, x * x.T) * x * x.T)
    point = draw(letters_of(node), "nested", {"d": 2, "n": 2})
    assert np.all(evaluate(expect_entrywise(node), point) == evaluate(node, point))


def test_the_mean_square_of_each_entry_is_the_published_one():
    # E[X∘X] = diag(Σ) 1ᵀ (standard; case had-xx).
    assert expect_entrywise(E(had(X, X))) == had(one, S) * OneMatrix(d, n)


def test_the_loss_of_an_imputer_is_averaged_over_the_mask_and_then_over_the_data():
    o, z = mask("o", d, q), gaussian("z", d, cov=S)
    D = DiagMatrix(o)
    error = (one - W * D) * z
    node = E(dot(error, (one - D) * error))
    over_masks = expect_finite(node)
    assert random_letters(over_masks) == {z}
    loss = expect_entrywise(over_masks)
    point = draw(letters_of(node), "imputer", {"d": 2})
    chance = point[q]
    brute = sum(
        evaluate(E(node.args[0], z), {**point, o: np.array([[i], [j]], dtype=object) * (chance / chance)})
        * (chance if i else 1 - chance)
        * (chance if j else 1 - chance)
        for i in (0, 1)
        for j in (0, 1)
    )
    assert evaluate(loss, point) == brute


@pytest.mark.parametrize(
    ("expression", "error"),
    [
        (tr(A), UnknownLaw),
        (tr(HadamardPower(X, Rational(1, 2)) * B), NotPolynomial),
        (HadamardPower(had(X, X) + M, -1), NotPolynomial),
        (tr((had(X, X) * B).inv()), NotPolynomial),
    ],
)
def test_what_an_entrywise_mean_cannot_read_is_refused_by_name(expression, error):
    with pytest.raises(error):
        expect_entrywise(expression)
