"""Words: products of matrix letters, and their traces as necklaces.

A trace does not change when its word is rotated or transposed, so it is kept as the least of
these readings (a necklace under the dihedral group). Neighbours that are inverse to each other
cancel; a word that passes twice through a vector's single column falls apart into numbers.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise

from workbench.calculus.algebra.alphabets import ALPHABET, NONE, ONE, ZERO

Word = tuple[int, ...]
Traces = tuple[Word, ...]
Pieces = tuple[Traces, tuple[int, ...]]  # necklaces, and the dimensions of traced identities

_flip, _rows, _columns = ALPHABET.flip, ALPHABET.rows, ALPHABET.columns
_inverse, _length, _orthogonal = ALPHABET.inverse, ALPHABET.length, ALPHABET.orthogonal


def transpose(word: Word) -> Word:
    """The word read backwards, every letter transposed."""
    return tuple([_flip[token] for token in reversed(word)])


def reduced(word: Word) -> Word:
    """The word with inverse neighbours cancelled."""
    kept: list[int] = []
    for token in word:
        if kept and _inverse[token] == kept[-1]:
            kept.pop()
        else:
            kept.append(token)
    return word if len(kept) == len(word) else tuple(kept)


def _least_rotation(word: Word) -> Word:
    """The least rotation of a word."""
    size = len(word)
    first = min(word)
    twice = word + word
    return min(twice[i : i + size] for i in range(size) if word[i] == first)


@lru_cache(maxsize=1 << 18)
def necklace(word: Word) -> Word:
    """The canonical reading of a closed word under rotation and transposition."""
    if len(word) < 2:
        return min(word, transpose(word))
    return min(_least_rotation(word), _least_rotation(transpose(word)))


@lru_cache(maxsize=1 << 18)
def closed(word: Word) -> Pieces:
    """The trace of a non-empty square word, as necklaces and dimensions of traced identities."""
    dimension = _rows[word[0]]
    word = reduced(word)
    start, stop = 0, len(word)
    while stop - start > 1 and _inverse[word[start]] == word[stop - 1]:
        start, stop = start + 1, stop - 1
    word = word[start:stop]
    if not word:
        return (), (dimension,)
    cuts = [i for i, token in enumerate(word) if _rows[token] == ONE]
    if not cuts:
        return (necklace(word),), ()
    word = word[cuts[0] :] + word[: cuts[0]]
    ends = [cut - cuts[0] for cut in cuts] + [len(word)]
    return _numbers([word[i:j] for i, j in pairwise(ends)])


def _numbers(segments: list[Word]) -> Pieces:
    """A product of 1×1 words, as necklaces and known lengths."""
    traces: list[Word] = []
    dimensions: list[int] = []
    for segment in segments:
        length = NONE
        if len(segment) == 2:
            pair = (_flip[segment[0]], segment[1])
            length = ZERO if pair in _orthogonal else _length[segment[1]] if pair[0] == pair[1] else NONE
        if length == NONE:
            traces.append(necklace(segment))
        else:
            dimensions.append(length)
    return tuple(sorted(traces)), tuple(d for d in dimensions if d != ONE)


@lru_cache(maxsize=1 << 16)
def opened(word: Word) -> tuple[Traces, tuple[int, ...], Word]:
    """A matrix-valued word, with the numbers it contains split off."""
    word = reduced(word)
    cuts = [i for i, token in enumerate(word) if _rows[token] == ONE]
    if word and _columns[word[-1]] == ONE:
        cuts.append(len(word))
    if len(cuts) < 2:
        return (), (), word
    traces, dimensions = _numbers([word[i:j] for i, j in pairwise(cuts)])
    return traces, dimensions, word[: cuts[0]] + word[cuts[-1] :]
