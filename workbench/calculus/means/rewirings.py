"""Rewirings: products of words in which the ends of some letters are reconnected.

A mean of several copies of a random matrix replaces them by connections between their ends. Here a
product of traces (and at most one open word) is cut at every copy of the letter; a pairing of the
ends then joins the pieces again, and the new words are read off by following them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Mul, S, Trace

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Word
from workbench.calculus.errors import NotPolynomial

End = Any  # (slot, "row" or "column"), or one of the two outer ends
START, FINISH = "start", "finish"


@dataclass(frozen=True)
class Product:
    """coefficient × a product of closed words × at most one open word."""

    coefficient: Expr
    closed: tuple[Word, ...]
    open: Word | None

    def degree(self, letter: Any) -> int:
        """How many copies of a letter the product holds."""
        words = [*self.closed, self.open or ()]
        return sum(atom == letter for word in words for atom, _ in word)


def products(expression: Any, letter: Any) -> list[Product]:
    """An expression as a sum of products of words in a letter.

    Raises NotPolynomial when the letter stands anywhere but in matrix products and traces.
    """
    if not getattr(expression, "is_Matrix", False):
        return list(_scalar_products(terms.normal(expression), letter, None))
    return [
        product
        for word, coefficient in terms.words(expression).items()
        for product in _scalar_products(terms.expand(coefficient), letter, word)
    ]


def _scalar_products(expression: Expr, letter: Any, word: Word | None) -> Iterator[Product]:
    _refuse_hidden(word or (), letter)
    for summand in Add.make_args(expression):
        coefficient, closed = S.One, []
        for factor in Mul.make_args(summand):
            if not factor.has(letter):
                coefficient *= factor
            else:
                closed += _closed_words(factor, letter)
        yield Product(coefficient, tuple(closed), word)


def _closed_words(factor: Expr, letter: Any) -> list[Word]:
    """A power of a trace as closed words."""
    base, power = factor.as_base_exp()
    if not (isinstance(base, Trace) and power.is_Integer and power > 0):
        raise NotPolynomial(
            f"the mean over {letter} reads sums and products of traces, and {factor} is none; "
            "write the expression as a polynomial in traces and matrix products"
        )
    ((word, one),) = terms.words(base.arg).items()
    _refuse_hidden(word, letter)
    if one != 1:
        raise NotPolynomial(f"the trace {base} did not reduce to one word; expand it first")
    return [word] * int(power)


def _refuse_hidden(word: Word, letter: Any) -> None:
    for atom, _ in word:
        if atom != letter and atom.has(letter):
            raise NotPolynomial(
                f"{letter} stands inside {atom}, where its mean is not a polynomial one; "
                f"write the expression with products and traces of {letter} only"
            )


@dataclass(frozen=True)
class Cut:
    """A product cut at a letter: pieces of words between the ends, and what was not cut."""

    bridges: Mapping[End, tuple[End, Word]]
    slots: int
    untouched: Expr
    is_open: bool


def cut(product: Product, letter: Any) -> Cut:
    """The product with every copy of the letter taken out.

    The ends of copy i are (i, "row") and (i, "column"), whichever way round it stands.
    """
    bridges: dict[End, tuple[End, Word]] = {}
    untouched, count = product.coefficient, 0

    def bridge(here: End, there: End, word: Word) -> None:
        bridges[here], bridges[there] = (there, word), (here, terms.reverse(word))

    for word in product.closed:
        pieces, ends, count = _pieces(word, letter, count)
        if not ends:
            untouched *= terms.trace(word, terms.rows(word[0]))
            continue
        pieces[-1] = terms.join(pieces[-1], pieces.pop(0))
        for i, piece in enumerate(pieces):
            bridge(ends[i][1], ends[(i + 1) % len(ends)][0], piece)
    if product.open is not None:
        pieces, ends, count = _pieces(product.open, letter, count)
        route = [START, *(end for pair in ends for end in pair), FINISH]
        for i, piece in enumerate(pieces):
            bridge(route[2 * i], route[2 * i + 1], piece)
    return Cut(bridges, count, untouched, product.open is not None)


def _pieces(word: Word, letter: Any, count: int) -> tuple[list[Word], list[tuple[End, End]], int]:
    """The words between copies of the letter, the (left, right) ends of each copy, and the new count."""
    pieces: list[Word] = [()]
    ends: list[tuple[End, End]] = []
    for factor in word:
        if factor[0] != letter:
            pieces[-1] += (factor,)
            continue
        left, right = (count, "row"), (count, "column")
        ends.append((right, left) if factor[1] else (left, right))
        pieces.append(())
        count += 1
    return pieces, ends, count


def rewired(
    parts: Cut, links: Iterable[tuple[End, End]], inserted: Word, size: Callable[[End], Any]
) -> tuple[Expr, Word | None]:
    """The traces (as one scalar) and the open word once the ends are linked, `inserted` on each link.

    `inserted` must be its own transpose; `size` gives the dimension of the space at an end.
    """
    partner = {a: b for pair in links for a, b in (pair, pair[::-1])}
    scalar, open_word, seen = parts.untouched, None, set()
    if parts.is_open:
        there, open_word = parts.bridges[START]
        while there != FINISH:
            here = partner[there]
            seen |= {here, there}
            there, piece = parts.bridges[here]
            open_word = terms.join(terms.join(open_word, inserted), piece)
    for first in partner:
        if first in seen:
            continue
        here, word = first, ()
        while here not in seen:
            there, piece = parts.bridges[here]
            seen |= {here, there}
            word, here = terms.join(terms.join(word, piece), inserted), partner[there]
        scalar *= terms.trace(word, size(first))
    return scalar, open_word


def assembled(total: Mapping[tuple[Expr, Word | None], Expr], shape: tuple[Any, Any] | None) -> Any:
    """A sum of coefficient × scalar × open word as a SymPy expression; a scalar when shape is None."""
    if shape is None:
        return Add(*(coefficient * scalar for (scalar, _), coefficient in total.items()))
    words: terms.Words = {}
    for (scalar, word), coefficient in total.items():
        pulled, rest = terms.pull(word or ())
        terms.add(words, rest, coefficient * scalar * pulled)
    return terms.matrix(words, shape)
