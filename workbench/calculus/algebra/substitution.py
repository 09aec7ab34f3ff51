"""Letters of a trace polynomial replaced by trace polynomials, and markers for open words."""

from __future__ import annotations

from collections.abc import Mapping

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, identity, letter, number, summed
from workbench.calculus.algebra.words import Word, closed, transpose
from workbench.language.letters import Matrix


def substituted(base: TracePolynomial, meanings: Mapping[int, TracePolynomial]) -> TracePolynomial:
    """The polynomial with letters (by token // 2) replaced by polynomials of the same shape."""
    parts: list[TracePolynomial] = []
    known: dict[Word, TracePolynomial] = {}
    for (scalars, traces, word), value in base.terms.items():
        kept = tuple(trace for trace in traces if not _touches(trace, meanings))
        part = TracePolynomial({(scalars, kept, ()): value})
        for trace in traces:
            if _touches(trace, meanings):
                if trace not in known:
                    known[trace] = replaced(trace, meanings).trace
                part = part * known[trace]
        if base.shape is not None:
            part = part * (replaced(word, meanings) if word else identity(base.shape[0]))
        parts.append(part)
    return summed(parts, base.shape)


def _touches(word: Word, meanings: Mapping[int, TracePolynomial]) -> bool:
    return any(token // 2 in meanings for token in word)


def replaced(word: Word, meanings: Mapping[int, TracePolynomial]) -> TracePolynomial:
    """A non-empty word with letters replaced by polynomials."""
    result: TracePolynomial | None = None
    for token in word:
        meaning = meanings.get(token // 2)
        factor = letter(token) if meaning is None else meaning.T if token % 2 else meaning
        result = factor if result is None else result * factor
    return result if result is not None else number(1)


def marker(rows: int, columns: int, name: str = "marker") -> int:
    """The token of a letter that no user can write, of this shape."""
    return ALPHABET.token(Matrix(f"\0{name}", ALPHABET.dimensions[rows], ALPHABET.dimensions[columns]), False)


def marked(base: TracePolynomial) -> tuple[TracePolynomial, int]:
    """A matrix as the number tr(Z · matrix), with Z a marker."""
    assert base.shape is not None
    token = marker(base.shape[1], base.shape[0])
    return (letter(token) * base).trace, token


def unmarked(base: TracePolynomial, token: int) -> TracePolynomial:
    """The matrix whose number tr(Z · matrix) is given."""
    terms: dict = {}
    for (scalars, traces, _), value in base.terms.items():
        place = next(i for i, trace in enumerate(traces) if token in trace or token + 1 in trace)
        key = (scalars, traces[:place] + traces[place + 1 :], after(traces[place], token))
        terms[key] = terms.get(key, fmpq(0)) + value
    return TracePolynomial(terms, (ALPHABET.columns[token], ALPHABET.rows[token]))


def after(trace: Word, token: int) -> Word:
    """What follows a letter that occurs once in a necklace, read so that it is not transposed."""
    if token not in trace:
        trace = transpose(trace)
    place = trace.index(token)
    return trace[place + 1 :] + trace[:place]


__all__ = ["after", "closed", "marked", "marker", "replaced", "substituted", "unmarked"]
