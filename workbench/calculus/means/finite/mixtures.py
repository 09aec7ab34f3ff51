"""Means over Gaussian mixtures: given the labels, the columns are Gaussian; then the labels are summed.

A column is averaged label by label. With N i.i.d. columns, N symbolic, the expression must hold them
through the sums over tokens X Xᵀ and X·1: the k tokens summed over coincide in every possible way,
b distinct ones being chosen in N(N − 1)…(N − b + 1) ways.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product as choices
from typing import Any

from sympy import Add, Expr, MatAdd, MatMul, MatrixExpr, Mul, OneMatrix, S, Trace, Transpose, ZeroMatrix, ff

from workbench.calculus.algebra import terms
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.finite.finite_laws import set_partitions
from workbench.calculus.means.gaussian.expectation import expect_gaussian
from workbench.calculus.means.rewirings import Product, products
from workbench.language.laws import Gaussian, Mixture, Random, gaussian
from workbench.language.letters import Vector

MAX_SUMS = 4


def expect_mixture(expression: Any, *letters: Mixture, given_labels: Callable[..., Any] = expect_gaussian) -> Any:
    """The mean over Gaussian mixtures of an expression polynomial in them, by conditioning on labels.

    One column may stand anywhere `given_labels` can average it; several columns in X Xᵀ and X·1 only.
    Raises NotPolynomial, UnknownLaw, and DegreeTooHigh above 4 sums over tokens.
    """
    return averaged(expression, letters, (Mixture,), partial(_expect_one, mean=given_labels))


def _expect_one(expression: Any, letter: Mixture, mean: Callable[..., Any]) -> Any:
    if letter.cols == 1:
        return _total([(S.One, expression)], (letter,), letter, expression, mean)
    one = Vector(f"1({letter.name})", letter.cols, 1)
    n = letter.cols
    plain = expression.xreplace({OneMatrix(n, 1): one, OneMatrix(1, n): one.T, OneMatrix(n, n): one * one.T})
    summands: dict[tuple[Vector, ...], list[tuple[Expr, Any]]] = {}
    for part in products(plain, letter):
        for ways, body, tokens in spread(part, letter, one):
            summands.setdefault(tokens, []).append((ways, body))
    parts = [_total(bodies, tokens, letter, expression, mean) for tokens, bodies in summands.items()]
    return together(parts, expression)


def _total(
    summands: list[tuple[Expr, Any]],
    tokens: tuple[Any, ...],
    letter: Mixture,
    expression: Any,
    mean: Callable[..., Any],
) -> Any:
    """Σ over labels of all tokens of their probability × the Gaussian mean given the labels."""
    body = together([ways * part for ways, part in summands], expression)
    parts = []
    for labels in choices(range(len(letter.weights)), repeat=len(tokens)):
        given = {token: component(letter, token.name, label) for token, label in zip(tokens, labels)}
        gaussians = [value for value in given.values() if isinstance(value, Gaussian)]
        conditional = body.xreplace(given)
        value = mean(conditional, *gaussians) if gaussians else terms.tidy(conditional.doit())
        parts.append(Mul(*(letter.weights[label] for label in labels)) * value)
    return together(parts, expression)


def component(letter: Mixture, name: str, label: int) -> MatrixExpr:
    """A column given its label: a Gaussian vector, or its mean when it has no spread."""
    mean, cov = letter.means[label], letter.covs[label]
    if isinstance(cov, ZeroMatrix):
        return mean
    return gaussian(f"{name}|{label}", letter.rows, 1, mean=mean, cov=cov)


def _token(letter: Random, place: int) -> Vector:
    """The place-th distinct token among those summed over."""
    return Vector(f"{letter.name}[{place}]", letter.rows, 1)


def spread(part: Product, letter: Random, one: Vector) -> Iterator[tuple[Expr, Any, tuple[Vector, ...]]]:
    """A product with its sums over independent columns written out: (ways, expression in distinct tokens, these)."""
    sums = sum(_sums_in(word, letter, one) for word in (*part.closed, part.open or ()))
    if sums > MAX_SUMS:
        raise DegreeTooHigh(f"{sums} sums over the columns of {letter}, above the limit {MAX_SUMS}; lower the degree")
    for blocks in set_partitions(sums):
        token_of = {place: _token(letter, i) for i, block in enumerate(blocks) for place in block}
        places = iter(range(sums))
        body: Any = part.coefficient
        for word in part.closed:
            body = body * Trace(_written(word, letter, one, token_of, places))
        if part.open is not None:
            body = body * _written(part.open, letter, one, token_of, places)
        yield ff(letter.cols, len(blocks)), body, tuple(_token(letter, i) for i in range(len(blocks)))


def _sums_in(word: terms.Word, letter: Random, one: Vector) -> int:
    """How many sums over tokens a word holds."""
    return sum(1 for _ in _segments(word, letter, one) if _ == "sum")


def _segments(word: terms.Word, letter: Random, one: Vector) -> Iterator[Any]:
    """A word read as factors, and the word "sum" before each of X Xᵀ, X·1 and 1ᵀXᵀ.

    Raises NotPolynomial where the columns meet anything else.
    """
    tokens = {(letter, False), (letter, True), (one, False), (one, True)}
    openers = {(letter, False), (one, True)}
    word = _turned(word, openers, tokens)
    i = 0
    while i < len(word):
        if word[i] not in tokens:
            yield word[i]
            i += 1
            continue
        pair = word[i : i + 2]
        if (
            len(pair) < 2
            or pair[0] not in openers
            or pair[1] not in tokens - openers
            or pair[0][0] == pair[1][0] == one
        ):
            raise NotPolynomial(
                f"the columns of {letter} may stand only in {letter}*{letter}.T and in {letter} times "
                "a column of ones; write the expression with these sums over tokens"
            )
        yield "sum"
        yield from pair
        i += 2


def _turned(word: terms.Word, openers: set, tokens: set) -> terms.Word:
    """A cyclic word turned so that it does not begin inside a pair."""
    closers = tokens - openers
    if len(word) > 1 and word[0] in closers and word[-1] in openers:
        return word[-1:] + word[:-1]
    return word


def _written(word: terms.Word, letter: Random, one: Vector, token_of: dict, places: Iterator[int]) -> Any:
    """The word with each sum over tokens replaced by one token."""
    factors: list[Any] = []
    token: Any = None
    for item in _segments(word, letter, one):
        if item == "sum":
            token = token_of[next(places)]
            continue
        atom, transposed = item
        if atom == one:
            continue
        value = token if atom == letter else atom
        factors.append(Transpose(value) if transposed else value)
    return factors[0] if len(factors) == 1 else MatMul(*factors)


def together(parts: list[Any], expression: Any) -> Any:
    """A sum of numbers or of matrices of the shape of an expression."""
    if not getattr(expression, "is_Matrix", False):
        return Add(*parts)
    return terms.tidy(MatAdd(*parts)) if parts else ZeroMatrix(*expression.shape)
