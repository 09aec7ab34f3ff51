"""Determinants: E log det and E detᵏ of Wishart matrices, against Bartlett's factors and by multiplying out."""

import numpy as np
import pytest
from sympy import Determinant, Identity, Integer, Rational, digamma, log, simplify

from workbench.calculus import expect
from workbench.calculus.errors import NoSuchMoment, NotPolynomial
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Balls, Undefined
from workbench.exact.values import evaluate
from workbench.language.digamma_sums import digamma_sum
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, form, matrix, size, spd, tr

d, N = size("d"), count("N")
A, S = matrix("A", d, d), spd("Sigma", d)
X, Z, y = gaussian("X", d, N, cov=S), gaussian("Z", d, N, token_cov=4 * Identity(N)), gaussian("y", d, cov=S)
W, V = Determinant(X * X.T), Determinant(Z * Z.T)

MEANS = {
    "log": log(W), "log of a multiple": log(Determinant(3 * X * X.T)), "isotropic": log(V), "det": W, "det²": W**2,
    "1/det": 1 / W, "1/det²": 1 / V**2, "beside a letter": A * log(W), "beside another law": log(W) * form(y, A, y),
    "two of them": log(W) * V, "a sum": 2 * W - log(W) / 3,
}  # fmt: skip


@pytest.mark.parametrize("case", MEANS, ids=str)
@pytest.mark.parametrize("sizes", [{"d": 1, "N": 5}, {"d": 2, "N": 6}], ids=str)
def test_a_mean_of_a_determinant_is_the_one_by_brute_force(case, sizes):
    node = E(MEANS[case])
    point = draw(letters_of(node), "determinants", sizes)
    found, brute = (
        np.asarray(evaluate(each, point, Balls()), dtype=object).reshape(-1) for each in (expect(node), node)
    )
    assert all(one.overlaps(other) for one, other in zip(found, brute, strict=True))


def test_the_other_product_is_square_in_the_columns():
    node = E(log(Determinant(Z.T * Z)))
    point = draw(letters_of(node), "across", {"d": 5, "N": 2})
    assert evaluate(expect(node), point, Balls()).overlaps(evaluate(node, point, Balls()))


def test_hand_cases():
    # One row: det XXᵀ is σ²χ²(N), so E log = log σ² + log 2 + ψ(N/2). The mean volume of a square is d!.
    line = gaussian("x", 1, N)
    assert simplify(expect(E(log(Determinant(line * line.T)))) - digamma(N / 2) - log(2)) == 0
    square = gaussian("Q", 4, 4)
    assert expect(E(Determinant(square * square.T))) == 24
    assert digamma_sum(Integer(3), Integer(2)) == digamma(3) + digamma(Rational(5, 2))


def test_a_determinant_of_too_few_columns_has_no_logarithm():
    node = E(log(W))
    point = draw(letters_of(node), "short", {"d": 3, "N": 2})
    for each in (node, expect(node)):
        with pytest.raises(Undefined):
            evaluate(each, point, Balls())
    short = gaussian("X", 2, 3)
    with pytest.raises(NoSuchMoment, match="power -1"):
        expect(E(1 / Determinant(short * short.T)))


@pytest.mark.parametrize(
    "inside",
    [W * tr(X * X.T), log(W) ** 2, log(1 + W), Determinant(X * X.T + S), log(W) * W, W ** Rational(1, 2)],
    ids=str,
)
def test_what_is_no_determinant_of_a_wishart_matrix_alone_is_refused(inside):
    with pytest.raises(NotPolynomial, match=r"determinant|averaged alone"):
        expect(E(inside))
