"""Terms: what a formula could be missing, made from its own terms by small edits.

A term is a scalar monomial × traces × one open word. A word is edited by transposing, exchanging,
replacing or leaving out a piece of it, by taking a piece out into a trace or putting a trace back;
a monomial by powers of the sizes and of the scalar letters. Simpler edits come first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import islice, product
from typing import Any

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.polynomials import (
    UNIT,
    Scalars,
    Shape,
    Term,
    TracePolynomial,
    identity,
    letter,
    times_scalars,
    traced,
)  # fmt: skip
from workbench.calculus.algebra.words import Word, transpose
from workbench.calculus.errors import ShapeMismatch
from workbench.language.letters import Matrix, Scalar, Size

MOST = 1400  # terms tried for one place of a formula
Skeleton = tuple[tuple[Word, ...], Word]  # traces and the open word, without the monomial


@dataclass
class Pieces:
    """The letters that terms may be made of."""

    tokens: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)  # atoms
    scalars: list[int] = field(default_factory=list)  # atoms

    @staticmethod
    def of(letters: Iterable[Any]) -> Pieces:
        pieces = Pieces()
        for known in sorted(letters, key=lambda symbol: symbol.name):
            if isinstance(known, Matrix):
                token = ALPHABET.token(known)
                pieces.tokens += dict.fromkeys((token, ALPHABET.flip[token]))
            elif isinstance(known, Size):
                pieces.sizes.append(ALPHABET.atom(known))
            elif isinstance(known, Scalar):
                pieces.scalars.append(ALPHABET.atom(known))
        return pieces


def neighbourhood(own: TracePolynomial, seen: Iterable[TracePolynomial], letters: Iterable[Any]) -> list[Term]:
    """The terms that a polynomial could have had, nearest first: its own, those seen elsewhere, and edits."""
    pieces = Pieces.of(letters)
    terms: dict[Term, None] = dict.fromkeys(sorted(own.terms, key=plainness))
    terms |= dict.fromkeys(term for other in seen if other.shape == own.shape for term in other.terms)
    skeletons = dict.fromkeys((traces, word) for _, traces, word in terms)
    once = dict.fromkeys(s for old in skeletons for s in edited(old, own.shape, pieces))
    twice = dict.fromkeys(s for old in islice(once, 60) for s in edited(old, own.shape, pieces))
    monomials = dict.fromkeys(scalars for scalars, _, _ in terms)
    near = dict.fromkeys(m for old in monomials for m in rescaled(old, pieces, 1))
    far = dict.fromkeys(m for old in monomials for m in rescaled(old, pieces, 2))
    for some, others in (
        (monomials, once), (near, skeletons), (near, once), (far, skeletons), (monomials, twice), (far, once),
    ):  # fmt: skip
        for monomial, (traces, word) in sorted(product(some, others), key=lambda pair: weight(*pair)):
            terms.setdefault((monomial, traces, word))
            if len(terms) >= MOST:
                return list(terms)
    return list(terms)


def plainness(term: Term) -> Any:
    return weight(term[0], term[1:]), str(term)


def weight(scalars: Scalars, skeleton: Any) -> float:
    """How much there is to write: letters, traces and exponents."""
    traces, word = skeleton
    return sum(abs(float(e)) for _, e in scalars) + sum(len(t) + 0.5 for t in traces) + len(word)


def rescaled(scalars: Scalars, pieces: Pieces, reach: int) -> Iterator[Scalars]:
    """Monomials a few powers of sizes (and a power of a scalar letter) away."""
    steps = [atom for atom in pieces.sizes for _ in range(reach)]
    for exponents in product(range(-reach, reach + 1), repeat=len(pieces.sizes)):
        if sum(map(abs, exponents)) <= reach:
            yield times_scalars(scalars, tuple((a, e) for a, e in zip(sorted(pieces.sizes), exponents) if e))
    own = {atom for atom, _ in scalars if ALPHABET.atoms[atom].is_Symbol}
    for atom in [*dict.fromkeys([*pieces.scalars, *sorted(own - set(steps))])]:
        for exponent in (2, 1, -1, -2):
            yield times_scalars(scalars, ((atom, exponent),))


def edited(skeleton: Skeleton, shape: Shape, pieces: Pieces) -> Iterator[Skeleton]:
    """The skeletons one edit away, canonical, those whose shapes do not fit left out."""
    traces, word = skeleton
    for token in pieces.tokens if len(traces) < 2 else ():
        if square((token,)):
            yield from built((*traces, (token,)), word, shape)
    for changed in word_edits(word, pieces, open_word=True):
        yield from built(traces, changed, shape)
    for place, trace in enumerate(traces):
        others = traces[:place] + traces[place + 1 :]
        yield from built(others, word, shape)
        for changed in word_edits(trace, pieces, open_word=False):
            yield from built((*others, changed), word, shape) if changed else ()
        for spot in range(len(word) + 1 if shape else 0):
            yield from built(others, word[:spot] + trace + word[spot:], shape)
        for second in range(place + 1, len(traces)):
            joined = trace + traces[second]
            yield from built((*others[: second - 1], *others[second:], joined), word, shape)
    for source, is_open in [(word, True), *((t, False) for t in traces)]:
        for start, stop in spans(source):
            piece, rest = source[start:stop], source[:start] + source[stop:]
            if not square(piece) or (not is_open and not rest):
                continue
            others = traces if is_open else tuple(t for t in traces if t is not source)
            yield from built((*others, piece), rest if is_open else word, shape)
            if not is_open:
                yield from built((*others, piece, rest), word, shape)


def word_edits(word: Word, pieces: Pieces, open_word: bool) -> Iterator[Word]:
    """A word with one token transposed, repeated or exchanged, or one piece replaced by a letter or nothing."""
    for place, token in enumerate(word):
        before, after = word[:place], word[place + 1 :]
        if ALPHABET.flip[token] != token:
            yield (*before, ALPHABET.flip[token], *after)
        if square((token,)):
            yield (*before, token, token, *after)
        if after and fits_like(token, after[0]):
            yield (*before, after[0], token, *after[1:])
    vectors = [t for t in pieces.tokens if ALPHABET.columns[t] == ONE != ALPHABET.rows[t]]
    for start, stop in spans(word):
        piece = word[start:stop]
        if square(piece):
            yield word[:start] + word[stop:]
            yield word[:start] + transpose(piece) + word[stop:]
            for vector in vectors:
                if ALPHABET.rows[vector] == ALPHABET.rows[piece[0]]:
                    yield (*word[:start], vector, ALPHABET.flip[vector], *word[stop:])
        for token in pieces.tokens:
            same = ALPHABET.rows[token] == ALPHABET.rows[piece[0]]
            if same and ALPHABET.columns[token] == ALPHABET.columns[piece[-1]] and piece != (token,):
                yield (*word[:start], token, *word[stop:])
    for place in range(len(word) + 1):
        for token in pieces.tokens:
            if square((token,)) and word:
                yield (*word[:place], token, *word[place:])
    if not word and open_word:
        yield from ((token,) for token in pieces.tokens)


def spans(word: Word) -> Iterator[tuple[int, int]]:
    return ((i, j) for i in range(len(word)) for j in range(i + 1, len(word) + 1))


def square(piece: Word) -> bool:
    return bool(piece) and ALPHABET.rows[piece[0]] == ALPHABET.columns[piece[-1]]


def fits_like(one: int, other: int) -> bool:
    same_rows = ALPHABET.rows[one] == ALPHABET.rows[other]
    return one != other and same_rows and ALPHABET.columns[one] == ALPHABET.columns[other]


def built(traces: Iterable[Word], word: Word, shape: Shape) -> Iterator[Skeleton]:
    """The canonical skeleton of a product, when its shapes fit."""
    try:
        found = reduce(lambda a, b: a * b, (closed_product(trace) for trace in traces), UNIT)
        if shape is not None:
            found = found * (reduce(lambda a, b: a * b, map(letter, word)) if word else identity(shape[0]))
    except (ShapeMismatch, KeyError, IndexError, AttributeError):
        return
    if (found.shape != shape and not (found.is_scalar and shape is None)) or len(found.terms) != 1:
        return
    ((scalars, necklaces, rest),) = found.terms
    if not scalars:  # a traced identity: its size is a monomial, met there
        yield necklaces, rest


def closed_product(trace: Word) -> TracePolynomial:
    """The trace of a word whose neighbours fit."""
    chained = all(ALPHABET.columns[a] == ALPHABET.rows[b] for a, b in zip(trace, trace[1:] + trace[:1]))
    if not trace or not chained:
        raise ShapeMismatch("these letters have no product")
    return traced(trace, ALPHABET.rows[trace[0]])


def as_sum(terms: Iterable[Term], coefficients: Iterable[Any], shape: Shape) -> TracePolynomial:
    """Terms with coefficients as a polynomial."""
    values = {t: fmpq(c.numerator, c.denominator) for t, c in zip(terms, coefficients)}
    return TracePolynomial(values, shape)
