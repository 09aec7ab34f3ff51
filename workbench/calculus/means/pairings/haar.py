"""Haar means: words in a uniformly random orthogonal matrix, or in some of its columns.

Collins and Śniady, *Integration with respect to the Haar measure on unitary, orthogonal and
symplectic group* (2006): the mean of 2k entries of H is a sum over two pairings, p of the row
indices and q of the column indices, weighted by Wg(p, q) at z = d. Odd moments vanish. Products in
which every H stands beside one and the same column are Gaussian moments instead, of any degree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache, partial
from typing import Any

from flint import fmpq
from sympy import And, Expr, Ge, Mul, S, Trace, factor

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Term, TracePolynomial
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.terms import Word
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.gaussian.expectation import moment
from workbench.calculus.means.pairings.directions import direction_mean, is_direction
from workbench.calculus.means.pairings.weingarten import weighted
from workbench.calculus.means.rewirings import Product, assembled, products
from workbench.language.laws import Gaussian, Haar, OneHot, gaussian
from workbench.language.letters import Symmetric

MAX_ORDER = 8
STATES = 50_000  # of the Gaussian moment, some seconds; their number varies with the order in which letters were met
MOST = 12_000  # products of words in a mean: each has a fraction in d that is to be factored
Scalars = dict[tuple[Expr, Word | None], Expr]


def expect_haar(expression: Any, H: Haar | None = None) -> Any:
    """The mean over H of a polynomial in H and Hᵀ (traces, products, one open word), exact in d and r.

    Other letters are held fixed. At symbolic d the answer holds for d ≥ k, half the degree in H (see
    `haar_condition`); at a number d it holds without condition.
    Raises UnknownLaw, NotPolynomial, and DegreeTooHigh beyond degree 16 in H (64 where H only turns one column)
    and where words differ too much: with ten different matrices between ten copies there are 893025 products.
    """
    return averaged(expression, () if H is None else (H,), (Haar,), _expect_one)


def _expect_one(expression: Any, H: Haar) -> Any:
    total: Scalars = {}
    for part in _products(expression, H):
        for key, coefficient in _mean(part, H).items():
            total[key] = total.get(key, S.Zero) + coefficient
    shape = tuple(expression.shape) if getattr(expression, "is_Matrix", False) else None
    return assembled({key: factor(c) if c.is_Add or not H.rows.is_Symbol else c for key, c in total.items()}, shape)


def haar_condition(expression: Any, H: Haar | None = None) -> Any:
    """The condition d ≥ k on the dimension under which the formula at symbolic d has no pole."""
    conditions = []

    def noted(inside: Any, letter: Haar) -> Any:
        parts = [part for part in _products(inside, letter) if not is_direction(part, letter)]
        order = max((part.degree(letter) // 2 for part in parts), default=0)
        conditions.append(Ge(letter.rows, order) if order > 1 else S.true)
        return inside

    averaged(expression, () if H is None else (H,), (Haar,), noted)
    return And(*conditions)


def _products(expression: Any, H: Haar) -> list[Product]:
    """The expression as products of words in H, with HᵀH = I used (and HHᵀ = I for a square H)."""
    return [_shortened(part, H) for part in products(expression, H)]


def settled(expression: Any) -> Any:
    """An expression in which HᵀH = I and eᵀe = 1 are used wherever a trace stands, in functions as well."""
    for letter in expression.atoms(Haar, OneHot):
        expression = expression.replace(partial(_is_trace_of, letter), partial(_constant, letter))
    return expression


def _is_trace_of(letter: Any, node: Any) -> bool:
    return isinstance(node, Trace) and node.has(letter)


def _constant(letter: Any, node: Trace) -> Expr:
    total = S.Zero
    for word, coefficient in terms.words(node.arg).items():
        size, short = _without_turns(word, letter)
        total += coefficient * terms.trace(short, size)
    return total


def _without_turns(word: Word, H: Any) -> tuple[Any, Word]:
    """A closed word without HᵀH, and the size of the space that it is traced over."""
    size, word = terms.rows(word[0]), _without_inverses(word, H)
    while word and len(word) > 1 and _is_identity(word[-1], word[0], H):
        size, word = terms.columns(word[0]), word[1:-1]
    return size, word


def _shortened(part: Product, H: Haar) -> Product:
    scalar, closed = part.coefficient, []
    for word in part.closed:
        size, word = _without_turns(word, H)
        if word:
            closed.append(word)
        else:
            scalar *= size
    opened = None if part.open is None else _without_inverses(part.open, H)
    return Product(scalar, tuple(closed), opened)


def _without_inverses(word: Word, H: Haar) -> Word:
    short: list[Any] = []
    for letter in word:
        if short and _is_identity(short[-1], letter, H):
            short.pop()
        else:
            short.append(letter)
    return tuple(short)


def _is_identity(left: Any, right: Any, H: Haar) -> bool:
    """Whether two neighbours are HᵀH, or HHᵀ with H square."""
    return left[0] == right[0] == H and left[1] != right[1] and (left[1] or H.rows == H.cols)


def _mean(part: Product, H: Haar) -> Scalars:
    degree = part.degree(H)
    if degree % 2:
        return {}
    order = degree // 2
    if order and (mean := direction_mean(part, H)) is not None:
        return mean
    if order > MAX_ORDER:
        raise DegreeTooHigh(f"degree {degree} in {H} is above the limit {2 * MAX_ORDER}; lower the degree")
    if order == 0:
        return {(part.coefficient * _traces(part.closed), part.open): S.One}
    return _by_pairs(part, order, H)


def _traces(words: Iterable[Word]) -> Expr:
    return Mul(*(terms.trace(word, terms.rows(word[0])) for word in words))


def _by_pairs(part: Product, order: int, H: Haar) -> Scalars:
    """The mean by the types of the pairs of pairings, which a Gaussian moment counts: Y C Z stands for H."""
    Y, middle, Z = _stand_ins(H.rows, H.cols)
    standing = ((Y, False), (middle, False), (Z, False))
    replaced = {(H, False): standing, (H, True): terms.reverse(standing)}
    closed = _traces(_with(word, replaced) for word in part.closed)
    opened = None if part.open is None else _with(part.open, replaced)
    shape = None if not opened else (terms.rows(opened[0]), terms.columns(opened[-1]))
    counted = moment(assembled({(closed, opened or None): S.One}, shape), Y, Z, states=STATES)
    if len(counted.terms) > MOST:
        raise DegreeTooHigh(
            f"the mean over {H} has {len(counted.terms)} different products of words, over the limit of {MOST}; "
            "lower the degree, or write equal matrices by one letter"
        )
    counts: dict[Term, Counter] = {}
    for (sizes, traces, word), number in counted.terms.items():
        loops = [trace for trace in traces if set(trace) == {ALPHABET.token(middle)}]
        rest = (sizes, tuple(trace for trace in traces if trace not in loops), word)
        kind = tuple(sorted((len(loop) // 2 for loop in loops), reverse=True))
        counts.setdefault(rest, Counter())[kind] += int(number)
    total: Scalars = {}
    for term, kinds in counts.items():
        sizes, rest, word = _scalar_and_word(TracePolynomial({term: fmpq(1)}, counted.shape), opened)
        key = (part.coefficient * rest, word)
        total[key] = total.get(key, S.Zero) + sizes * weighted(kinds, order, H.rows)
    return total


@cache
def _stand_ins(rows: Expr, columns: Expr) -> tuple[Gaussian, Symmetric, Gaussian]:
    """The letters of Y C Z, which nobody can write."""
    return gaussian("\0rows", rows, rows), Symmetric("\0middle", rows, rows), gaussian("\0columns", rows, columns)


def _with(word: Word, replaced: dict[Any, Word]) -> Word:
    """A word with other words in place of factors."""
    return tuple(new for factor in word for new in replaced.get(factor, (factor,)))


def _scalar_and_word(product: TracePolynomial, opened: Word | None) -> tuple[Expr, Expr, Word | None]:
    """A single term as sizes × traces × at most one open word (the empty one where the product had one)."""
    found = expression_of(product)
    scalar, word = (found, opened) if not opened else next((c, w) for w, c in terms.words(found).items())
    sizes, rest = terms.normal(scalar).as_independent(terms.Trace)
    return sizes, rest, word
