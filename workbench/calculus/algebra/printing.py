"""Trace polynomials written as ordinary SymPy expressions."""

from __future__ import annotations

from functools import cmp_to_key, lru_cache
from itertools import groupby
from typing import Any

from sympy import (
    Add,
    Basic,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    Mul,
    Pow,
    Rational,
    Trace,
    Transpose,
    ZeroMatrix,
    default_sort_key,
)  # fmt: skip

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.polynomials import Shape, TracePolynomial
from workbench.calculus.algebra.words import Word, transpose

_LONG = 200  # more terms than this, and coefficients no longer take part in the order of a sum


def expression_of(base: TracePolynomial) -> Any:
    """A trace polynomial as a SymPy expression; the same polynomial gives the same expression."""
    if base.shape is None:
        return _number(list(base.terms.items()))
    grouped: dict[Word, list[Any]] = {}
    for term, value in base.terms.items():
        grouped.setdefault(term[2], []).append((term, value))
    if not grouped:
        rows, columns = (ALPHABET.dimensions[dimension] for dimension in base.shape)
        return ZeroMatrix(rows, columns)
    words = {word_expression(word, base.shape): _number(terms) for word, terms in grouped.items()}
    return _sum(words)


def _number(terms: list[Any]) -> Any:
    """A sum of coefficients; distinct plain monomials need no collecting, only SymPy's order."""
    summands = [_coefficient(term, value) for term, value in terms]
    if len(summands) == 1:
        return summands[0]
    if any(not _is_plain(atom) for (scalars, _, _), _ in terms for atom, _ in scalars):
        return Add(*summands)
    constant = [summand for summand in summands if summand.is_Rational]
    others = sorted((summand for summand in summands if not summand.is_Rational), key=_order)
    return Add._from_args(constant + others, is_commutative=True)


def _sum(words: dict[Any, Any]) -> Any:
    """Σ number × word, in the order SymPy itself would give it where that order is cheap to find."""
    if sum(len(Add.make_args(number)) for number in words.values()) > _LONG:
        parts = [_scaled(words[word], word) for word in sorted(words, key=default_sort_key)]
    else:
        parts = sorted((_scaled(number, word) for word, number in words.items()), key=default_sort_key)
    return MatAdd(*parts) if len(parts) > 1 else parts[0]


def _scaled(coefficient: Any, matrix: Any) -> Any:
    """A number times a matrix, flat, as SymPy itself would write it."""
    if coefficient == 1:
        return matrix
    factors = matrix.args if isinstance(matrix, MatMul) else (matrix,)
    return MatMul(coefficient, *factors)


def _coefficient(term: Any, value: Any) -> Any:
    """The number in front of a word."""
    scalars, traces, _ = term
    factors = [_atom_power(atom, exponent) for atom, exponent in scalars]
    factors += [_trace_power(trace, len(list(run))) for trace, run in groupby(traces)]
    front = [] if value == 1 else [Rational(int(value.p), int(value.q))]
    if any(not _is_plain(atom) for atom, _ in scalars):
        return Mul(*front, *factors)
    factors.sort(key=_order)
    return Mul._from_args(front + factors, is_commutative=True)


@lru_cache(maxsize=1 << 14)
def _is_plain(atom: int) -> bool:
    """Whether powers of this atom stay apart in a product, so that SymPy has nothing to collect."""
    return ALPHABET.atoms[atom].is_Symbol


_order = cmp_to_key(Basic.compare)  # the order of SymPy's own sums and products


@lru_cache(maxsize=1 << 14)
def _atom_power(atom: int, exponent: Any) -> Any:
    return Pow(ALPHABET.atoms[atom], exponent)


@lru_cache(maxsize=1 << 14)
def _trace_power(necklace: Word, exponent: int) -> Any:
    return Pow(trace_expression(necklace), exponent)


@lru_cache(maxsize=1 << 16)
def trace_expression(necklace: Word) -> Any:
    """A necklace as Trace(...), read from where it reads best."""
    best = min(_readings(necklace), key=_awkwardness)
    dimension = ALPHABET.rows[best[0]]
    return Trace(word_expression(best, (dimension, dimension)))


def _readings(necklace: Word) -> list[Word]:
    flipped = transpose(necklace)
    return [word[i:] + word[:i] for word in (necklace, flipped) for i in range(len(necklace))]


def _awkwardness(word: Word) -> Any:
    """Bilinear forms start at their vector, transposes are few and late, names are in order."""
    names = tuple((token % 2, _name(token // 2)) for token in word)
    return (ALPHABET.rows[word[0]] != ONE, sum(token % 2 for token in word), word[0] == word[-1], names)


@lru_cache(maxsize=1 << 14)
def _name(symbol: int) -> str:
    """A letter as it is written; SymPy writes it anew at each call, and every reading of a trace asks."""
    return str(ALPHABET.symbols[symbol])


def word_expression(word: Word, shape: Shape) -> Any:
    """An open word as a SymPy product."""
    if not word:
        assert shape is not None
        return Identity(ALPHABET.dimensions[shape[0]])
    factors = [_run(token, len(list(run))) for token, run in groupby(word)]
    return MatMul(*factors) if len(factors) > 1 else factors[0]


@lru_cache(maxsize=1 << 14)
def _run(token: int, exponent: int) -> Any:
    """A letter, possibly transposed, to a power."""
    symbol = ALPHABET.symbols[token // 2]
    if isinstance(symbol, Inverse) and exponent > 1 and not token % 2:
        return MatPow(symbol.arg, Integer(-exponent))
    if token % 2:
        symbol = Transpose(symbol)
    return MatPow(symbol, Integer(exponent)) if exponent > 1 else symbol
