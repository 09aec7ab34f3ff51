"""Terms: a matrix expression as a sum of coefficient × word, a word being a product of letters.

The Gaussian rules for a few projections (`tilts`, `projections`) compute on words: tuples of
factors (atom, transposed). Scalars stay SymPy expressions whose `Trace` nodes are canonical, so
that two equal exponents are the same expression and cancel by themselves.

This is the free module on words over all SymPy scalars: a coefficient may hold exp, erf or Φ of traces, and tilting
replaces letters inside it. A trace polynomial (`algebra.polynomials`) is the free algebra over ℚ on words and
necklaces, its scalars monomials of opaque atoms: fast for moments, blind to what stands inside an exponential.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from typing import Any

from sympy import (
    Add,
    Expr,
    Function,
    Identity,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    Mul,
    Pow,
    S,
    Trace,
    Transpose,
    ZeroMatrix,
)
from sympy.core.sorting import default_sort_key

from workbench.calculus.algebra.sums import expand
from workbench.language.letters import Orthogonal, Symmetric, UnitVector

Factor = tuple[MatrixExpr, bool]
Word = tuple[Factor, ...]
Words = dict[Word, Expr]


def add(total: Words, word: Word, coefficient: Expr) -> None:
    """Add coefficient × word to a sum, dropping what cancels."""
    value = total.get(word, S.Zero) + coefficient
    if value == 0:
        total.pop(word, None)
    else:
        total[word] = value


def rows(factor: Factor) -> Expr:
    """The number of rows of a factor."""
    return factor[0].shape[1 if factor[1] else 0]


def columns(factor: Factor) -> Expr:
    """The number of columns of a factor."""
    return factor[0].shape[0 if factor[1] else 1]


def reverse(word: Word) -> Word:
    """The transpose of a word."""
    return tuple(flip(factor) for factor in reversed(word))


def flip(factor: Factor) -> Factor:
    """The transpose of a factor; a symmetric one is its own."""
    atom, transposed = factor
    return factor if is_symmetric(atom) else (atom, not transposed)


@cache
def is_symmetric(atom: MatrixExpr) -> bool:
    """Whether an expression is symmetric by its form."""
    if isinstance(atom, Symmetric | Identity):
        return True
    if isinstance(atom, Inverse):
        return is_symmetric(atom.arg)
    if isinstance(atom, MatAdd | MatMul | MatPow):
        parts = words(atom)
        return parts == gather((c, reverse(w)) for w, c in parts.items())
    return atom.shape == (1, 1)


def gather(terms: Iterable[tuple[Expr, Word]]) -> Words:
    """Equal words added up."""
    total: Words = {}
    for coefficient, word in terms:
        add(total, word, coefficient)
    return {word: c for word, value in total.items() if (c := expand(value)) != 0}


@cache
def words(expression: Any) -> Words:
    """A matrix expression as a sum of coefficient × word (the empty word is the identity)."""
    if isinstance(expression, ZeroMatrix):
        return {}
    if isinstance(expression, Identity):
        return {(): S.One}
    if isinstance(expression, MatAdd):
        return gather((c, w) for part in expression.args for w, c in words(part).items())
    if isinstance(expression, Transpose):
        return gather((c, reverse(w)) for w, c in words(expression.arg).items())
    if isinstance(expression, MatMul):
        return product(words_or_number(part) for part in expression.args)
    if isinstance(expression, Inverse):
        return inverse_words(expression.arg)
    if isinstance(expression, MatPow) and expression.exp.is_Integer:
        base = expression.base if expression.exp > 0 else Inverse(expression.base)
        return product([words(base)] * abs(int(expression.exp)))
    return {((expression, False),): S.One}


def words_or_number(part: Any) -> Words:
    """A factor of a product: words, or a number times the empty word."""
    return words(part) if getattr(part, "is_Matrix", False) else {(): normal(part)}


def inverse_words(expression: MatrixExpr) -> Words:
    """The inverse of an expression, opened where it is an inverse or a multiple of one letter."""
    parts = words(expression)
    if len(parts) == 1:
        ((word, coefficient),) = parts.items()
        square = all(rows(factor) == columns(factor) for factor in word)
        if square:
            inverted = [inverted_factor(factor) for factor in reversed(word)]
            return gather([(1 / coefficient, tuple(inverted))])
    return {((Inverse(matrix(parts, expression.shape)), False),): S.One}


def inverted_factor(factor: Factor) -> Factor:
    """The inverse of one square factor."""
    atom, transposed = factor
    if isinstance(atom, Inverse):
        return (atom.arg, transposed)  # type: ignore[return-value]
    if isinstance(atom, Orthogonal):
        return (atom, not transposed)
    return (Inverse(atom), transposed)


def product(parts: Iterable[Words]) -> Words:
    """The product of sums of words."""
    total: Words = {(): S.One}
    for part in parts:
        total = gather((c * k, join(w, v)) for w, c in total.items() for v, k in part.items())
    return pulled(total)


def join(left: Word, right: Word) -> Word:
    """Two words side by side; a letter next to its inverse disappears."""
    while left and right and cancels(left[-1], right[0]):
        left, right = left[:-1], right[1:]
    return left + right


def cancels(left: Factor, right: Factor) -> bool:
    """Whether the product of two factors is the identity."""
    (a, s), (b, t) = left, right
    if isinstance(a, Orthogonal) and a == b:
        return s != t
    return s == t and (a == Inverse(b) or b == Inverse(a)) if a.is_square and b.is_square else False


def pulled(total: Words) -> Words:
    """The bilinear forms aᵀMb inside each word pulled out as scalars."""
    if not any(is_cut(word, i) for word in total for i in range(1, len(word))):
        return total
    return gather((c * k, w) for word, c in total.items() for k, w in [pull(word)])


def is_cut(word: Word, place: int) -> bool:
    """Whether a word passes through one dimension before the factor at this place."""
    return rows(word[place]) == 1


def pull(word: Word) -> tuple[Expr, Word]:
    """A word as (scalar, shorter word), the scalar collecting what lies between two columns of size one."""
    if not word:
        return S.One, word
    places = [i for i in range(len(word)) if is_cut(word, i)]
    if columns(word[-1]) == 1:
        places.append(len(word))
    if len(places) < 2:
        return S.One, word
    scalars = [closed(word[i:j]) for i, j in pairwise(places)]
    return Mul(*scalars), word[: places[0]] + word[places[-1] :]


@cache
def trace(word: Word, size: Any) -> Expr:
    """The trace of a word as canonical scalars; of the empty word, the size."""
    if not word:
        return size
    cut = next((i for i in range(len(word)) if is_cut(word, i)), None)
    if cut is None:
        return closed(reduced_cycle(word), size)
    scalars, rest = pull(word[cut:] + word[:cut])
    return scalars if not rest else scalars * closed(rest)


def reduced_cycle(word: Word) -> Word:
    """A cyclic word whose two ends do not cancel."""
    while len(word) > 1 and cancels(word[-1], word[0]):
        word = word[1:-1]
    return word


def closed(word: Word, size: Any = S.One) -> Expr:
    """One `Trace` of a cyclic word, in the first of its rotations and of its transpose."""
    if not word:
        return size
    turns = [w[i:] + w[:i] for w in (word, reverse(word)) for i in range(len(w))]
    turns = [turn for turn in turns if rows(turn[0]) == 1] or turns
    best = min(turns, key=word_key)
    if len(best) == 2 and all(isinstance(atom, UnitVector) for atom, _ in best):
        (a, _), (b, _) = best
        if a == b or a in b.orthogonal_to or b in a.orthogonal_to:
            return S.One if a == b else S.Zero
    return Trace(matrix({best: S.One}, (rows(best[0]), columns(best[-1]))))


def word_key(word: Word) -> tuple[Any, ...]:
    """An order on words that does not depend on the run."""
    return tuple((atom_key(atom), transposed) for atom, transposed in word)


@cache
def atom_key(atom: MatrixExpr) -> Any:
    """SymPy's canonical order on atoms."""
    return default_sort_key(atom)


def matrix(total: Words, shape: tuple[Any, Any]) -> MatrixExpr:
    """A sum of words as a SymPy matrix expression."""
    if not total:
        return ZeroMatrix(*shape)
    terms = []
    for word, coefficient in sorted(total.items(), key=lambda item: (len(item[0]), word_key(item[0]))):
        factors = [Transpose(atom) if transposed else atom for atom, transposed in word]
        product = MatMul(*factors).doit(deep=False) if factors else Identity(shape[0])
        terms.append(scaled(coefficient, product))
    return terms[0] if len(terms) == 1 else MatAdd(*sorted(terms, key=default_sort_key))  # type: ignore[return-value]


def scaled(coefficient: Expr, product: MatrixExpr) -> MatrixExpr:
    """A number times a product, as SymPy writes it; SymPy itself would ask of a long number whether it is zero."""
    if coefficient == 1:
        return product
    return MatMul(coefficient, *(product.args if isinstance(product, MatMul) else (product,)))  # type: ignore[return-value]


def transposed_words(total: Words) -> Words:
    """The transpose of a sum of words."""
    return gather((c, reverse(w)) for w, c in total.items())


def trace_of(total: Words, size: Any) -> Expr:
    """The trace of a sum of words."""
    return expand(Add(*(c * trace(word, size) for word, c in total.items())))


@cache
def normal(expression: Expr) -> Expr:
    """A scalar with every trace canonical and every product multiplied out."""
    return expand(canonical(expression))


def canonical(expression: Any) -> Any:
    """A scalar expression rebuilt on canonical traces; what is not understood is left as it is."""
    if isinstance(expression, Trace):
        return trace_of(words(expression.arg), expression.arg.shape[0])
    if isinstance(expression, Add | Mul):
        return expression.func(*(canonical(part) for part in expression.args))
    if isinstance(expression, Pow | Function):
        return expression.func(*(normal(part) for part in expression.args))
    return expression


def tidy(expression: Any) -> Any:
    """An expression in normal form: scalars expanded, matrices a sum of words, equal terms together."""
    if getattr(expression, "is_Matrix", False):
        return matrix(words(expression), expression.shape)
    return normal(expression)
