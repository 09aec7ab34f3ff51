"""Functionals of a state: the numbers and matrices made of it whose means a recursion follows.

A mean after one step is a polynomial in traces and words of the state. Each term is split into what holds the state,
a functional, and what does not, its coefficient; a recursion is closed when the functionals on the right are those
that are followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, atom, letter, summed
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import Word, transpose
from workbench.calculus.errors import NotAffine, NotClosed

Functional = tuple[Any, Any, Word]  # scalars, traces and open word of a term, as far as they hold the state


@dataclass(frozen=True)
class State:
    """The letters of a state: matrices by token, numbers by atom."""

    letters: tuple[Any, ...]

    def holds(self, expression: Any) -> bool:
        return expression.has(*self.letters)

    def in_word(self, word: Iterable[int]) -> bool:
        """Whether a letter of a word is one of the state. Raises NotClosed where the state stands inside a letter."""
        symbols = [ALPHABET.symbols[token // 2] for token in word]
        for symbol in symbols:
            self.refuse_inside(symbol)
        return any(symbol in self.letters for symbol in symbols)

    def is_atom(self, number: int) -> bool:
        """Whether an atom is a number of the state. Raises NotClosed where the state stands inside another atom."""
        self.refuse_inside(ALPHABET.atoms[number])
        return ALPHABET.atoms[number] in self.letters

    def refuse_inside(self, symbol: Any) -> None:
        if symbol not in self.letters and self.holds(symbol):
            raise NotClosed(f"the mean of {symbol} is followed by no linear recursion: the state stands inside it")

    def split(self, term: Any) -> tuple[Functional, Any]:
        """A term as a functional and the term that is left as its coefficient."""
        scalars, traces, word = term
        mine = tuple(pair for pair in scalars if self.is_atom(pair[0]))
        whole = tuple(trace for trace in traces if self.in_word(trace))
        inside = word if self.in_word(word) else ()
        rest = tuple(pair for pair in scalars if pair not in mine), tuple(t for t in traces if t not in whole)
        return (mine, whole, inside), (*rest, () if inside else word)

    def parts(self, value: TracePolynomial) -> dict[Functional, TracePolynomial]:
        """A polynomial as Σ coefficient × functional; what is free of the state stands under the empty functional."""
        found: dict[Functional, dict[Any, fmpq]] = {}
        for term, number in value.terms.items():
            functional, rest = self.split(term)
            found.setdefault(functional, {})[rest] = number
        return {
            functional: TracePolynomial(terms, None if functional[2] else value.shape)
            for functional, terms in found.items()
        }

    def degree(self, functional: Functional) -> int:
        """How often the state stands in a functional."""
        scalars, traces, word = functional
        tokens = [token for each in (*traces, word) for token in each]
        return sum(int(e) for _, e in scalars) + sum(ALPHABET.symbols[t // 2] in self.letters for t in tokens)


EMPTY: Functional = ((), (), ())


def said(functional: Functional, shape: Any = None) -> Any:
    """A functional as an expression."""
    word = functional[2]
    ends = (ALPHABET.rows[word[0]], ALPHABET.columns[word[-1]]) if word else shape
    return expression_of(TracePolynomial({functional: fmpq(1)}, ends))


@dataclass(frozen=True)
class Followed:
    """The means that are followed: letters, each with the functional whose mean it is."""

    state: State
    means: Mapping[Any, Any]  # letter → expression in the state

    def linear(self, value: TracePolynomial) -> TracePolynomial:
        """A polynomial in the state, linear in the letters that stand for means. Raises NotClosed."""
        numbers = {mean: polynomial(q) for mean, q in self.means.items() if not mean.is_Matrix}
        for mean, functional in numbers.items():
            others = [each for other, each in numbers.items() if other != mean]
            pivot, share = self.pivot(mean, functional, others)
            held = self.state.parts(value).get(pivot)
            if held is not None:
                held = held.scaled(1 / share)
                value = value + held * atom(mean) - held * functional
        return summed([*self.in_matrices(value)], value.shape)

    def pivot(self, mean: Any, functional: TracePolynomial, others: list[TracePolynomial]) -> tuple[Functional, fmpq]:
        """A term by which a functional is told from the other ones, with its factor."""
        elsewhere = {part for other in others for part in self.state.parts(other)}
        for part, coefficient in self.state.parts(functional).items():
            if part != EMPTY and part not in elsewhere and [*coefficient.terms] == [((), (), ())]:
                return part, next(iter(coefficient.terms.values()))
        raise NotAffine(
            f"{mean} = {self.means[mean]} is not told from the other means that are followed; "
            "follow sums of products of the state, each with a term of its own"
        )

    def in_matrices(self, value: TracePolynomial) -> Iterator[TracePolynomial]:
        """The terms of a polynomial, with a letter in place of each matrix that is followed."""
        for functional, coefficient in self.state.parts(value).items():
            if functional == EMPTY:
                yield coefficient
                continue
            found = self.in_one_matrix(functional)
            if found is None:
                raise NotClosed(
                    f"the recursion does not close: after one step it asks for the mean of {said(functional)} as well"
                )
            yield coefficient * found

    def in_one_matrix(self, functional: Functional) -> TracePolynomial | None:
        """A trace or a word that holds the state once as a matrix that is followed, with its letter."""
        scalars, traces, word = functional
        if scalars or len(traces) + bool(word) != 1:
            return None
        for mean, pattern in self.patterns():
            token = ALPHABET.token(mean)
            for turned in turns(traces[0]) if traces else [word]:
                found = replaced(turned, pattern, token)
                if found.count(token) + found.count(ALPHABET.flip[token]) > 0 and not self.state.in_word(found):
                    return once(found, token, bool(traces))
        return None

    def patterns(self) -> Iterator[tuple[Any, Word]]:
        """The matrices that are followed, as words."""
        for mean, functional in self.means.items():
            if mean.is_Matrix:
                terms = polynomial(functional).terms
                ((scalars, traces, word), number) = next(iter(terms.items()))
                if len(terms) != 1 or scalars or traces or number != 1:
                    raise NotAffine(f"{mean} = {functional} is no product of matrices; follow one such as e*e.T")
                yield mean, word


def turns(trace: Word) -> Iterator[Word]:
    """All readings of a necklace."""
    for word in (trace, transpose(trace)):
        for place in range(len(word)):
            yield word[place:] + word[:place]


def replaced(word: Word, pattern: Word, token: int) -> Word:
    """A word with a letter in place of a pattern, and its transpose in place of the transposed pattern."""
    found: list[int] = []
    place = 0
    while place < len(word):
        here = word[place : place + len(pattern)]
        if here in (pattern, transpose(pattern)):
            found.append(token if here == pattern else ALPHABET.flip[token])
            place += len(pattern)
        else:
            found.append(word[place])
            place += 1
    return tuple(found)


def once(word: Word, token: int, is_trace: bool) -> TracePolynomial | None:
    """A word, or its trace, in which the letter stands once."""
    if sum(each in (token, ALPHABET.flip[token]) for each in word) != 1:
        return None
    result = letter(word[0])
    for each in word[1:]:
        result = result * letter(each)
    return result.trace if is_trace else result
