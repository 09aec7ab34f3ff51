"""Wick's formula, pairing by pairing: a second opinion on Gaussian means, for every size.

E of a product of traces in centred Gaussian matrices is a sum over the pairings of equal letters. A pair contracts
E X_ia X_jb = Σ_ij Ω_ab: it joins row ends through Σ and column ends through Ω, and what was cut into pieces closes
into other traces. A complex letter pairs with its conjugate alone. Nothing here is shared with the engines but the
algebra of traces; it is slow, and short.

Source: Isserlis, Biometrika 12 (1918) 134; Wick, Physical Review 80 (1950) 268.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import permutations, product
from math import factorial, prod
from typing import Any

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import UNIT, TracePolynomial, letter, number, summed, traced
from workbench.calculus.algebra.substitution import marked, substituted, unmarked
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.algebra.words import Word, transpose
from workbench.calculus.errors import DegreeTooHigh, UnknownLaw
from workbench.language.complex_gaussians import ComplexGaussian
from workbench.language.laws import Gaussian, MatrixMean, ScalarMean, random_letters
from workbench.language.letters import Matrix

PAIRINGS = 1000  # in one term, at most: degree 10 in one letter
Pair = tuple[int, int]  # places of random letters in a product of traces
End = tuple[int, bool]  # the place of a random letter, and whether it is the row end of it


def wick_mean(node: Any) -> TracePolynomial:
    """The mean of a polynomial in Gaussian letters whose laws are fixed.

    Raises UnknownLaw for other letters, DegreeTooHigh beyond some hundred pairings.
    """
    letters = node.args[1:]
    for x in letters:
        if not isinstance(x, Gaussian | ComplexGaussian) or any(random_letters(part) for part in x.args[3:]):
            raise UnknownLaw(f"{x} has no Gaussian law that is fixed")
    centred = {ALPHABET.token(x) // 2: x for x in letters}
    shifts = {index: polynomial(x.mean) for index, x in centred.items() if isinstance(x, Gaussian)}
    means = {index: shift + letter(2 * index) for index, shift in shifts.items() if shift}
    base = substituted(polynomial(node.inside), means) if means else polynomial(node.inside)
    if base.shape is None or base.is_scalar:
        return averaged(base, centred)
    marked_base, token = marked(base)
    return unmarked(averaged(marked_base, centred), token)


def averaged(base: TracePolynomial, laws: dict[int, Any]) -> TracePolynomial:
    """The mean of a number, term by term; the covariances are letters until the end."""
    stand_ins = {index: (stand_in(x, "Σ", x.cov), stand_in(x, "Ω", x.token_cov)) for index, x in laws.items()}
    meanings = {token // 2: meaning for pair in stand_ins.values() for token, meaning in pair}
    adjoints = {ALPHABET.token(x.H) // 2: i for i, x in laws.items() if isinstance(x, ComplexGaussian)}
    covs = {index: (a[0], b[0]) for index, (a, b) in stand_ins.items()}
    parts = []
    for (scalars, traces, _), value in base.terms.items():
        fixed = tuple(t for t in traces if not any(token // 2 in {*laws, *adjoints} for token in t))
        moving = [t for t in traces if t not in fixed]
        moment = of_traces(moving, covs, adjoints)
        parts.append(TracePolynomial({(scalars, fixed, ()): value}) * moment)
    return substituted(summed(parts, None), meanings)


def stand_in(x: Any, what: str, meaning: Any) -> tuple[int, TracePolynomial]:
    """A symmetric letter for a covariance, with what it means."""
    return ALPHABET.token(Matrix(f"\0{what} of {x.name}", *meaning.shape), True), polynomial(meaning)


def of_traces(traces: list[Word], covs: dict[int, tuple[int, int]], adjoints: dict[int, int]) -> TracePolynomial:
    """The mean of a product of traces: the sum over all pairings of its random letters.

    adjoints: the letters that are adjoints, with those of which they are; one is read as the conjugate, transposed.
    """
    pieces, tokens = cut(traces, {*covs, *adjoints})
    by_letter: dict[int, list[int]] = {}
    for place, token in enumerate(tokens):
        by_letter.setdefault(token // 2, []).append(place)
    whose = {index: other for other, index in adjoints.items()}
    tokens = [2 * adjoints[t // 2] + 1 - t % 2 if t // 2 in adjoints else t for t in tokens]
    real = [places for index, places in by_letter.items() if index not in whose and index not in adjoints]
    both = [(by_letter.get(i, []), by_letter.get(j, [])) for i, j in whose.items()]
    if any(len(places) % 2 for places in real) or any(len(plain) != len(turned) for plain, turned in both):
        return number(0)
    count = prod(k for places in real for k in range(1, len(places), 2)) * prod(factorial(len(p)) for p, _ in both)
    if count > PAIRINGS:
        raise DegreeTooHigh(f"{count} pairings")
    ways = (
        [*pairs, *(pair for group in choice for pair in group)]
        for pairs in pairings(real)
        for choice in product(*([list(zip(p, order)) for order in permutations(turned)] for p, turned in both))
    )
    return summed([glued(pairs, pieces, tokens, covs) for pairs in ways], None)


def cut(traces: list[Word], covs: Collection[int]) -> tuple[list[tuple[int, Word, int]], list[int]]:
    """The fixed words between random letters, each with the places of the letters at its ends; and these letters."""
    pieces: list[tuple[int, Word, int]] = []
    tokens: list[int] = []
    for trace in traces:
        places = [i for i, token in enumerate(trace) if token // 2 in covs]
        first = len(tokens)
        for k, (here, there) in enumerate(zip(places, [*places[1:], places[0] + len(trace)])):
            tokens.append(trace[here])
            pieces.append((first + k, (trace + trace)[here + 1 : there], first + (k + 1) % len(places)))
    return pieces, tokens


def pairings(groups: list[list[int]]) -> Iterator[list[Pair]]:
    """All ways to pair the places within each group."""
    if not groups:
        yield []
        return
    first, rest = groups[0], groups[1:]
    if not first:
        yield from pairings(rest)
        return
    one, *others = first
    for k, other in enumerate(others):
        for pairs in pairings([others[:k] + others[k + 1 :], *rest]):
            yield [(one, other), *pairs]


def glued(
    pairs: list[Pair], pieces: list[tuple[int, Word, int]], tokens: list[int], covs: dict[int, tuple[int, int]]
) -> TracePolynomial:
    """The product of traces that one pairing makes: walk piece after piece until every one was passed."""
    partner = {a: b for one, other in pairs for a, b in ((one, other), (other, one))}
    leaves: dict[End, tuple[Word, End]] = {}  # from an end into its piece: the word on the way, the end arrived at
    for left, word, right in pieces:
        start, stop = (left, tokens[left] % 2 == 1), (right, tokens[right] % 2 == 0)
        leaves[start], leaves[stop] = (word, stop), (transpose(word), start)
    result = UNIT
    while leaves:
        begin = next(iter(leaves))
        here, walked = begin, ()
        while True:
            word, arrived = leaves.pop(here)
            leaves.pop(arrived, None)
            place, is_row = arrived
            index = tokens[place] // 2
            walked += (*word, covs[index][0 if is_row else 1])
            here = (partner[place], is_row)
            if here == begin:
                break
        result = result * traced(walked, ALPHABET.rows[walked[0]])
    return result


def with_means_by_wick(expression: Any) -> TracePolynomial:
    """An expression whose means are computed pairing by pairing."""
    assert expression.has(ScalarMean, MatrixMean)
    return polynomial(expression, wick_mean)
