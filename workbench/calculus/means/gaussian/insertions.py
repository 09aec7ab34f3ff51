r"""Moments of one Wishart matrix between any fixed matrices: its factors enter the words one after the other.

The mean of S_ab S_cd … for S = X Xᵀ is a sum over the pairings of the indices, with N to the number of loops, and

    Σ_p N^{loops(p)} p = ∏_j (N + Σ_{i < 2j−1} (i, 2j−1))

builds these pairings one factor at a time. What is built are closed words and one that is still open. The next
factor leaves its own ends paired (N), or opens a link Σ of what is there and joins its ends to it: in the open word
it turns the rest round, or closes it; a closed word enters the open one, either way round. So the cost follows
the number of different words at hand, far below the number of products of traces that Stein's identity passes.

Source: Zinn-Justin, Lett. Math. Phys. 91 (2010) 119; Matsumoto, J. Theor. Probab. 26 (2013) 893 (the factors
contain the Jucys–Murphy elements).
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from flint import fmpz_poly

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.words import Traces, Word, necklace, transpose
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.gaussian.expanding import Monomial, from_monomials
from workbench.calculus.means.gaussian.partitions import traced
from workbench.language.letters import Matrix

Values = dict[tuple[Traces, Word], fmpz_poly]  # by closed words and the open one: polynomials in N
N, ONE, NONE = fmpz_poly([0, 1]), fmpz_poly([1]), fmpz_poly([])
MOST = 400_000  # products of words at a time; with their values they fit into half a gigabyte


def insertions(traces: list[list[Word]], cov: Word, dimensions: tuple[int, int]) -> TracePolynomial:
    """E ∏ tr(S B₁ S B₂ …) for S = X Xᵀ: of each trace the fixed words B, Σ as a word, the dimensions d and N of X.

    Raises DegreeTooHigh where too many different products of words occur.
    """
    dimension = ALPHABET.dimensions[dimensions[0]]
    link = ALPHABET.token(Matrix("\0link", dimension, dimension), True)
    values: Values = {((), ()): ONE}
    for gaps in traces:
        for gap in gaps[:-1]:
            values = {(loops, word + gap): value for (loops, word), value in inserted(values, link).items()}
        values = ended(inserted(values, link), gaps[-1])
    return written(values, link, cov, dimensions)


def inserted(values: Values, link: int) -> Values:
    """The products of words with one more factor S at the end of the open word."""
    found: Values = {}
    for (loops, word), value in values.items():
        extended = (*word, link)
        add(found, (loops, extended), N * value)
        for loop, turned in openings(word, link):
            add(found, (joined(loops, loop), turned), value)
        for loop, times in Counter(loops).items():
            left, scaled = without(loops, loop), times * value
            for entering in entries(loop, link):
                add(found, (left, extended + entering), scaled)
        if len(found) > MOST:
            raise DegreeTooHigh(
                f"a moment with more than {MOST} different products of words; lower the degree, or write equal "
                "matrices by one letter (a symmetric letter makes much smaller moments than one that is not)"
            )
    return found


def ended(values: Values, gap: Word) -> Values:
    """The open word closed by the last fixed word of its trace."""
    found: Values = {}
    for (loops, word), value in values.items():
        add(found, (joined(loops, (necklace(word + gap),)), ()), value)
    return found


def add(values: Values, key: tuple[Traces, Word], value: fmpz_poly) -> None:
    values[key] = values.get(key, NONE) + value


@lru_cache(maxsize=1 << 14)
def openings(word: Word, link: int) -> list[tuple[Traces, Word]]:
    """The open word after each of its links has met the new factor: the rest of it turned round, or closed."""
    found: list[tuple[Traces, Word]] = []
    for place in (place for place, token in enumerate(word) if token == link):
        before, rest = word[: place + 1], word[place + 1 :]
        found += [((), (*before, *transpose(rest), link)), ((necklace((*rest, link)),), before)]
    return found


@lru_cache(maxsize=1 << 14)
def entries(loop: Word, link: int) -> list[Word]:
    """The words by which a closed word enters the open one, one for each link and way round."""
    found: list[Word] = []
    for place in (place for place, token in enumerate(loop) if token == link):
        inside = loop[place + 1 :] + loop[:place]
        found += [(*inside, link), (*transpose(inside), link)]
    return found


@lru_cache(maxsize=1 << 16)
def joined(loops: Traces, more: Traces) -> Traces:
    return tuple(sorted(loops + more)) if more else loops


@lru_cache(maxsize=1 << 16)
def without(loops: Traces, loop: Word) -> Traces:
    place = loops.index(loop)
    return loops[:place] + loops[place + 1 :]


def written(values: Values, link: int, cov: Word, dimensions: tuple[int, int]) -> TracePolynomial:
    """The sum with the covariance in place of links, and the dimension in place of N."""
    size, count = dimensions
    necklaces = sorted({loop for loops, _ in values for loop in loops})
    pieces = [((), (count,)), *(traced(filled(loop, link, cov), size) for loop in necklaces)]
    place = {loop: number for number, loop in enumerate(necklaces, 1)}
    counts: dict[Monomial, int] = {}
    for (loops, _), value in values.items():
        powers = tuple((place[loop], times) for loop, times in Counter(loops).items())
        for power, coefficient in enumerate(value.coeffs()):
            if coefficient:
                counts[((0, power), *powers)] = int(coefficient)
    return from_monomials(counts, pieces)


def filled(word: Word, link: int, cov: Word) -> Word:
    """A word with the covariance in place of links."""
    return tuple(t for token in word for t in (cov if token == link else (token,)))
