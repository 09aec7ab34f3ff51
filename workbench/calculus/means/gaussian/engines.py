"""Which engine computes a moment: the smallest state space that holds the problem.

cumulants (powers of one quadratic form of one vector) < near-hooks (one isotropic trace) <
integer partitions (one Wishart matrix, one Σ) < words that grow (one Wishart matrix between any
matrices) < trace words (anything). Independent groups of letters factor first.
"""

from __future__ import annotations

from dataclasses import dataclass

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.polynomials import UNIT, TracePolynomial, summed
from workbench.calculus.algebra.substitution import substituted
from workbench.calculus.algebra.words import Word, reduced, transpose
from workbench.calculus.means.gaussian.expanding import sum_of_products
from workbench.calculus.means.gaussian.insertions import insertions
from workbench.calculus.means.gaussian.partitions import Family, isotropic_power, quadratic_powers, wishart_moment
from workbench.calculus.means.gaussian.stein import Law, Moments, State


def mean_of(state: State, moments: Moments) -> TracePolynomial:
    """The mean of a product of traces that all hold random letters."""
    result = UNIT
    for group in independent(state, moments):
        result = result * _mean(group, moments)
    return result


def independent(state: State, moments: Moments) -> list[State]:
    """The product split into factors that share no random letter."""
    groups: list[tuple[set[int], list[Word]]] = []
    for trace in state:
        letters = {_one_of_both(token // 2, moments) for token in trace if token in moments.random}
        traces = [trace]
        apart = []
        for others, words in groups:
            if others & letters:
                letters, traces = letters | others, words + traces
            else:
                apart.append((others, words))
        groups = [*apart, (letters, traces)]
    return [tuple(sorted(traces)) for _, traces in groups]


def _one_of_both(letter: int, moments: Moments) -> int:
    """One number for a letter and its conjugate."""
    conjugate = moments.laws[letter].conjugate
    return letter if conjugate is None else min(letter, conjugate // 2)


def _mean(state: State, moments: Moments) -> TracePolynomial:
    """The mean of one group by the first engine that applies; a letter may have one that the others have not."""
    letters = {token // 2 for trace in state for token in trace if token in moments.random}
    for letter in sorted(letters):
        law, mine = moments.laws[letter], tuple(trace for trace in state if any(t // 2 == letter for t in trace))
        if law.conjugate is not None:
            continue
        result = _powers_of_one_form(mine, letter, law) or _powers_of_one_wishart(mine, letter, law)
        if result is not None:
            apart = tuple(trace for trace in state if trace not in mine)
            if len(letters) > 1:
                result = _over_the_others(result * TracePolynomial({((), apart, ()): fmpq(1)}), moments)
            return substituted(result, moments.standins) if moments.standins else result
    result = _one_wishart_between(state, min(letters), moments.laws[min(letters)]) if len(letters) == 1 else None
    if result is not None:
        return substituted(result, moments.standins) if moments.standins else result
    return moments.mean(state)


def _over_the_others(given: TracePolynomial, moments: Moments) -> TracePolynomial:
    """The mean over what is still random of the mean over one letter, which held the others fixed."""
    shares: dict[State, list[TracePolynomial]] = {}
    for (scalars, traces, _), value in given.terms.items():
        random = tuple(sorted(trace for trace in traces if moments.is_random(trace)))
        fixed = tuple(trace for trace in traces if not moments.is_random(trace))
        shares.setdefault(random, []).append(TracePolynomial({(scalars, fixed, ()): value}))
    return sum_of_products([(summed(parts, None), mean_of(random, moments)) for random, parts in shares.items()])


def _powers_of_one_form(state: State, letter: int, law: Law) -> TracePolynomial | None:
    """The mean of (xᵀAx)^k by cumulants, when that is what the state is."""
    token, trace = 2 * letter, state[0]
    if ALPHABET.columns[token] != ONE or law.token_cov or any(other != trace for other in state):
        return None
    if sum(t // 2 == letter for t in trace) != 2 or token + 1 not in trace:
        return None
    place = trace.index(token + 1)
    turned = trace[place:] + trace[:place]
    inside = turned[1:-1]
    if turned[-1] != token or transpose(inside) != inside:
        return None
    return quadratic_powers(len(state), inside, law, ALPHABET.rows[token])


@dataclass
class _Gaps:
    """The fixed words between the X and Xᵀ of alternating traces, on both sides of X."""

    rows: set[Word]
    columns: set[Word]
    powers: list[int]
    marked: tuple[Word, bool, int] | None = None  # a gap unlike the others, its side, its power


def _powers_of_one_wishart(state: State, letter: int, law: Law) -> TracePolynomial | None:
    """The mean of products of tr((X C Xᵀ B)^r) by partitions, when one side is isotropic."""
    if law.mean is not None:
        return None
    gaps = _gaps(state, 2 * letter)
    if gaps is None:
        return None
    token = 2 * letter
    row_gap, column_gap = (next(iter(side)) if side else () for side in (gaps.rows, gaps.columns))
    if transpose(row_gap) != row_gap or transpose(column_gap) != column_gap:
        return None
    sides = [
        (column_gap, law.token_cov, row_gap, law.cov, True, ALPHABET.columns[token], ALPHABET.rows[token]),
        (row_gap, law.cov, column_gap, law.token_cov, False, ALPHABET.rows[token], ALPHABET.columns[token]),
    ]
    for flat, flat_cov, fixed, cov, on_rows, count, size in sides:
        if reduced(flat + flat_cov) or (gaps.marked and gaps.marked[1] != on_rows):
            continue
        marked = (gaps.marked[0], gaps.marked[2]) if gaps.marked else None
        family = Family(fixed, cov, count, size)
        if family.isotropic and len(gaps.powers) + bool(marked) == 1:
            return isotropic_power(gaps.powers, marked, family)
        return wishart_moment(gaps.powers, marked, family)
    return None


def _one_wishart_between(state: State, letter: int, law: Law) -> TracePolynomial | None:
    """The mean of products of tr(S B₁ S B₂ …) for S = X C Xᵀ or Xᵀ C X, where C undoes its covariance."""
    read = [_alternation(trace, 2 * letter) for trace in state]
    if law.mean is not None or law.conjugate is not None or any(pairs is None for pairs in read):
        return None
    rows, columns = ALPHABET.rows[2 * letter], ALPHABET.columns[2 * letter]
    sides = [(True, law.cov, law.token_cov, (rows, columns)), (False, law.token_cov, law.cov, (columns, rows))]
    for on_rows, cov, flat_cov, dimensions in sides:
        flat = {gap for pairs in read for gap, where in pairs or [] if where != on_rows}
        if not any(reduced(gap + flat_cov) for gap in flat):
            fixed = [[gap for gap, where in pairs or [] if where == on_rows] for pairs in read]
            return insertions(fixed, cov, dimensions)
    return None


def _gaps(state: State, token: int) -> _Gaps | None:
    """The gaps of a state whose traces alternate X and Xᵀ, with at most one odd gap in all."""
    gaps = _Gaps(set(), set(), [])
    read = [_alternation(trace, token) for trace in state]
    if any(pairs is None for pairs in read):
        return None
    every = [gap for pairs in read for gap in pairs or []]
    for on_rows, side in ((True, gaps.rows), (False, gaps.columns)):
        side.update(gap for gap, where in every if where == on_rows)
    odd = _odd_gap(gaps, every)
    for pairs in read:
        assert pairs is not None
        if odd in pairs:
            assert odd is not None
            gaps.marked = (*odd, len(pairs) // 2)
            (gaps.rows if odd[1] else gaps.columns).discard(odd[0])
        else:
            gaps.powers.append(len(pairs) // 2)
    return gaps if len(gaps.rows) < 2 and len(gaps.columns) < 2 else None


def _odd_gap(gaps: _Gaps, every: list[tuple[Word, bool]]) -> tuple[Word, bool] | None:
    """The one gap that differs from all others, if exactly one does."""
    for side, on_rows in ((gaps.rows, True), (gaps.columns, False)):
        singles = [gap for gap in side if every.count((gap, on_rows)) == 1]
        unusual = [gap for gap in singles if transpose(gap) != gap or len(side) > 1]
        if len(side) <= 2 and unusual:
            return max(unusual, key=lambda gap: (transpose(gap) != gap, gap)), on_rows
    return None


def _alternation(trace: Word, token: int) -> list[tuple[Word, bool]] | None:
    """The gaps of one trace: (word, whether it stands between Xᵀ and X), or None when X X occurs."""
    places = [place for place, t in enumerate(trace) if t // 2 == token // 2]
    gaps = []
    for here, there in zip(places, [*places[1:], places[0] + len(trace)], strict=True):
        if trace[here] == trace[there % len(trace)]:
            return None
        gap = (trace + trace)[here + 1 : there]
        gaps.append((gap, bool(trace[here] % 2)))
    return gaps


__all__ = ["independent", "mean_of"]
