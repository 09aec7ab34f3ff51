"""Means over finite laws: Bernoulli masks and uniformly random indices.

Both are random 0/1 diagonal matrices D = diag(o). A mean of k of them sums over the ways in which
their indices coincide: for independent entries, E[o_i₁ … o_iₖ] = Σ over partitions of the k places
of ∏ κ_|block|(q) · 1{equal inside each block} (moments by cumulants); for a random index only the
one-block partition counts, with weight 1/L. Shared indices become diagonals and Hadamard products.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import prod
from typing import Any

from sympy import Dummy, Expr, MatAdd, MatrixExpr, Mul, S, ZeroMatrix, factor

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Word
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.finite.diagonals import Diagonal, read_diagonal, restored
from workbench.calculus.means.finite.shared_indices import Blocks, Contraction
from workbench.calculus.means.rewirings import Product, cut, products
from workbench.language.laws import Mask, OneHot, Random

MAX_DEGREE = 6
Scalars = dict[tuple[Expr, MatrixExpr | None], Expr]


def expect_finite(expression: Any, *letters: Mask | OneHot) -> Any:
    """The mean over masks and random indices of an expression polynomial in them.

    A mask o may stand as a column, as `DiagMatrix(o)` and in Hadamard products with rank-one forms
    of it, as in `HadamardProduct(o*o.T, M)`. Without letters named, all of them are averaged, one
    after the other. The answer is written with Hadamard products (I∘M is the diagonal of M).
    Raises UnknownLaw, NotPolynomial, and DegreeTooHigh above degree 6.
    """
    return averaged(expression, letters, (Mask, OneHot), _expect_one)


def _expect_one(expression: Any, letter: Mask | OneHot) -> Any:
    reading = Diagonal(letter)
    total: Scalars = {}
    for part in products(read_diagonal(expression, reading), reading.matrix):
        for key, coefficient in _mean(part, letter, reading).items():
            total[key] = total.get(key, S.Zero) + coefficient
    return restored(assembled(total, expression), reading)


def assembled(total: Scalars, expression: Any) -> Any:
    """The sum as SymPy writes it, coefficients of equal terms factored."""
    parts = [(_tidy(c) * scalar, matrix) for (scalar, matrix), c in total.items()]
    if not getattr(expression, "is_Matrix", False):
        return sum((c for c, _ in parts), S.Zero)
    matrices: dict[MatrixExpr, Expr] = {}
    for c, matrix in parts:
        matrices[matrix] = matrices.get(matrix, S.Zero) + c
    kept = [c * matrix for matrix, c in matrices.items() if c != 0]
    if not kept:
        return ZeroMatrix(*expression.shape)
    return kept[0] if len(kept) == 1 else MatAdd(*kept)


def _tidy(coefficient: Expr) -> Expr:
    """A factored coefficient, written with 1 − q rather than q − 1."""
    sign, kept = S.One, []
    for part in Mul.make_args(factor(coefficient)):
        base, power = part.as_base_exp()
        turn = base.is_Add and power.is_Integer and base.subs(dict.fromkeys(base.free_symbols, 0)) == -1
        sign *= (-1) ** power if turn else 1
        kept.append((-base) ** power if turn else part)
    return Mul(sign, *kept)


def _mean(part: Product, letter: Random, reading: Diagonal) -> Scalars:
    """The mean of one product of words, as {(scalar, matrix): coefficient}."""
    part = _idempotent(part, reading)
    degree = part.degree(reading.matrix)
    if degree > MAX_DEGREE:
        raise DegreeTooHigh(f"degree {degree} in {letter} is above the limit {MAX_DEGREE}; lower the degree")
    pieces, total = cut(part, reading.matrix), {}
    shape = None if part.open is None else shape_of(part.open, letter.rows)
    for blocks, coefficient in coincidences(letter, degree):
        if coefficient != 0:
            key = Contraction(pieces, blocks, letter.rows, reading.ones).value(shape)
            total[key] = total.get(key, S.Zero) + coefficient
    return total


def _idempotent(part: Product, reading: Diagonal) -> Product:
    """D·D = D for 0/1 entries, inside words and around traces."""
    closed = []
    for word in part.closed:
        word = _merged(word, reading)
        closed.append(word[:-1] if len(word) > 1 and word[0] == word[-1] == reading.factor else word)
    return Product(part.coefficient, tuple(closed), None if part.open is None else _merged(part.open, reading))


def _merged(word: Word, reading: Diagonal) -> Word:
    kept = (f for i, f in enumerate(word) if not (i and f == word[i - 1] == reading.factor))
    return tuple(kept)


def coincidences(letter: Random, degree: int) -> Iterator[tuple[Blocks, Expr]]:
    """How the indices of `degree` copies may coincide, with the weight of each way."""
    if degree == 0:
        yield (), S.One
    elif isinstance(letter, OneHot):
        yield (tuple(range(degree)),), 1 / letter.rows
    elif isinstance(letter, Mask):
        for blocks in set_partitions(degree):
            yield blocks, prod((cumulant(len(block), letter.rate) for block in blocks), start=S.One)


@cache
def set_partitions(n: int) -> tuple[Blocks, ...]:
    """All partitions of the places 0, …, n − 1 into blocks."""
    if n == 0:
        return ((),)
    grown = []
    for blocks in set_partitions(n - 1):
        grown.append((*blocks, (n - 1,)))
        for i, block in enumerate(blocks):
            grown.append((*blocks[:i], (*block, n - 1), *blocks[i + 1 :]))
    return tuple(grown)


@cache
def cumulant(order: int, q: Expr) -> Expr:
    """The cumulant of a Bernoulli(q) variable: κ₁ = q, κₙ₊₁ = q(1 − q) dκₙ/dq."""
    x = Dummy("q")
    value: Any = x
    for _ in range(order - 1):
        value = factor(x * (1 - x) * value.diff(x))
    return value.subs(x, q)


def shape_of(word: Word, size: Any) -> tuple[Any, Any]:
    return (terms.rows(word[0]), terms.columns(word[-1])) if word else (size, size)
