"""Means over a Dirichlet column p = g/Σgᵢ, for independent gᵢ with Γ laws of shape α.

p and Σgᵢ are independent, so a polynomial of degree k in p has the mean of the same polynomial in g, over
E(Σgᵢ)^k = dα(dα + 1)…(dα + k − 1). The entries of g are averaged by the ways in which their places coincide, as those
of a mask are, with the cumulants α(n − 1)! of a Γ law.
Source: Ng, Tian and Tang, Dirichlet and Related Distributions (2011), chapter 2.
"""

from __future__ import annotations

from math import factorial, prod
from typing import Any

from sympy import Expr, HadamardPower, HadamardProduct, MatMul, S, factor, rf
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.entries.entrywise import ENTRYWISE
from workbench.calculus.means.finite.diagonals import Diagonal, read_diagonal, restored
from workbench.calculus.means.finite.finite_laws import MAX_DEGREE, assembled, set_partitions, shape_of
from workbench.calculus.means.finite.shared_indices import Contraction
from workbench.calculus.means.rewirings import Product, cut, products
from workbench.language.simplices import Dirichlet


def expect_dirichlet(expression: Any, *letters: Dirichlet) -> Any:
    """The mean over Dirichlet columns of a polynomial in them, for every d; they may stand in `DiagMatrix(p)`.

    Raises NotPolynomial in an entrywise product that is not with a column, and DegreeTooHigh above degree 6.
    """
    return averaged(expression, letters, (Dirichlet,), _expect_one)


def _expect_one(expression: Any, letter: Dirichlet) -> Any:
    plain, reading, total = without_entrywise(expression, letter), Diagonal(letter), {}
    for part in products(read_diagonal(plain, reading), reading.matrix):
        for key, coefficient in _mean(part, letter, reading).items():
            total[key] = total.get(key, S.Zero) + coefficient
    return restored(assembled({key: factor(value) for key, value in total.items()}, plain), reading)


def without_entrywise(expression: Any, letter: Dirichlet) -> Any:
    """An expression with diag(p)·a for p∘a. Raises NotPolynomial for any other entrywise product."""
    found = expression.replace(
        lambda node: isinstance(node, HadamardProduct | HadamardPower) and holds(node, letter), diagonal
    )
    if any(node.has(letter) for node in found.atoms(*ENTRYWISE) if not isinstance(node, DiagMatrix)):
        raise NotPolynomial(
            f"{letter} stands inside an entrywise product of matrices, of which no mean is known; write diag({letter})"
        )
    return found


def holds(product: Any, letter: Dirichlet) -> bool:
    """Whether a product is one of columns, or of rows, with the letter among them."""
    whole = not isinstance(product, HadamardPower) or (product.exp.is_Integer and product.exp.is_positive)
    return bool(whole) and 1 in product.shape and (letter in product.args or letter.T in product.args)


def diagonal(product: HadamardProduct | HadamardPower) -> Any:
    """An entrywise product of columns as diagonal matrices before the last of them, and likewise of rows."""
    if product.shape[1] != 1:
        return diagonal(product.T.doit()).T.doit()
    power = isinstance(product, HadamardPower)
    *first, last = [product.base] * int(product.exp) if power else product.args
    return MatMul(*(DiagMatrix(each) for each in first), last)


def _mean(part: Product, letter: Dirichlet, reading: Diagonal) -> dict[Any, Expr]:
    """The mean of one product of words, as {(scalar, matrix): coefficient}."""
    degree, total = part.degree(reading.matrix), {}
    if degree > MAX_DEGREE:
        raise DegreeTooHigh(f"degree {degree} in {letter} is above the limit {MAX_DEGREE}; lower the degree")
    pieces, each = cut(part, reading.matrix), letter.concentration
    shape = None if part.open is None else shape_of(part.open, letter.rows)
    for blocks in set_partitions(degree):
        key = Contraction(pieces, blocks, letter.rows, reading.ones).value(shape)
        weight = prod((each * factorial(len(block) - 1) for block in blocks), start=S.One)
        total[key] = total.get(key, S.Zero) + weight / rf(letter.rows * each, degree)
    return total
