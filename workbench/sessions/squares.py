"""Squares: inequalities of Cauchy and Schwarz that a gap is a sum of, found by cutting products of matrices in two.

For a trace tr(L U R V) with L and R positive semidefinite, or not there,

    tr(L U R V)²  ≤  tr(L U R Uᵀ) tr(R V L Vᵀ),    2 |tr(L U R V)|  ≤  tr(L U R Uᵀ) + tr(R V L Vᵀ),

and tr(P Q) ≤ tr(P) tr(Q) where P and Q are positive semidefinite. A gap less what such an inequality leaves is a
shorter gap; it is proved where nothing negative is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations, product
from typing import Any

import sympy as sp

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.signs import is_nonnegative_definite, mirrored, turns, word
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError

LONGEST, DEEPEST = 6, 3  # factors of a product that is cut; inequalities in one proof
Judge = Callable[[Any], bool]


def left_by_squares(gap: Any, nonnegative: Judge) -> Any:
    """A gap less inequalities, so that no term of it is seen to be negative; None where none are found.

    nonnegative: whether one term is never negative.
    """
    try:
        return shortened(normal(gap), nonnegative, DEEPEST)
    except (CalculusError, ValueError, TypeError, AttributeError):
        return None


def normal(number: Any) -> Any:
    """A number with equal traces written alike, and products multiplied out."""
    return sp.expand(expression_of(polynomial(number)))


def shortened(gap: Any, nonnegative: Judge, depth: int) -> Any:
    """The gap less at most so many inequalities."""
    terms = sp.Add.make_args(gap)
    doubtful = [term for term in terms if not nonnegative(term)]
    if not doubtful:
        return gap
    if not depth:
        return None
    there = {bare(term) for term in terms}
    for term in doubtful:
        for more in inequalities_with(term, nonnegative):
            rest = normal(more)
            if all(bare(part) in there for part in sp.Add.make_args(rest)):
                if (found := shortened(normal(gap - rest), nonnegative, depth - 1)) is not None:
                    return found
    return None


def bare(term: Any) -> Any:
    """A term without its number."""
    return term.as_coeff_Mul()[1]


def inequalities_with(term: Any, nonnegative: Judge) -> Iterator[Any]:
    """What is never negative, and holds a term as it is."""
    for trace in sorted(term.atoms(sp.Trace), key=sp.default_sort_key):
        parts = sp.Mul.make_args(term)
        power = sum(part.as_base_exp()[1] for part in parts if part.as_base_exp()[0] == trace)
        rest, factors = sp.Mul(*(part for part in parts if part.as_base_exp()[0] != trace)), list(word(trace.arg))
        if rest.has(trace) or len(factors) > LONGEST or not all(factor.is_Matrix for factor in factors):
            continue
        if power == 2 and nonnegative(-rest):
            yield from (rest * (trace**2 - one * other) for one, other in bounds(factors))
        if power == 1 and (nonnegative(rest) or nonnegative(-rest)):
            size = rest if nonnegative(rest) else -rest
            yield from (rest * trace + size * (one + other) / 2 for one, other in bounds(factors))
        if power == 1 and nonnegative(-rest):
            yield from (rest * (trace - sp.Trace(one) * sp.Trace(other)) for one, other in definite_halves(factors))


def bounds(factors: list[Any]) -> Iterator[tuple[Any, Any]]:
    """For every way to cut a closed product in two, the two traces whose product its square does not exceed.

    A cut in the middle of a semidefinite factor makes it an end of both parts; one of them may be empty.
    """
    n = len(factors)
    for first, last in combinations(range(n), 2):
        for left, right in product(ends(factors[first]), ends(factors[last])):
            one = factors[first + len(left) : last]
            other = factors[last + len(right) :] + factors[:first]
            yield square(left, one, right), square(right, other, left)
    for turn in turns(factors):
        yield from ((square(left, half, []), square([], [], left or [sp.Identity(turn[0].rows)]))
                    for left in ends(turn[0]) if (half := turn[len(left) :]))  # fmt: skip


def ends(factor: Any) -> list[list[Any]]:
    """Where a product may be cut at a factor: before it, or in the middle of it where it has a root."""
    return [[], [factor]] if is_nonnegative_definite(factor) else [[]]


def square(left: list[Any], half: list[Any], right: list[Any]) -> Any:
    """tr(L U R Uᵀ)."""
    return sp.Trace(sp.MatMul(*left, *half, *right, *(factor.T for factor in reversed(half))))


def definite_halves(factors: list[Any]) -> Iterator[tuple[Any, Any]]:
    """A closed product cut in two that are both positive semidefinite."""
    for first, last in combinations(range(len(factors)), 2):
        one, other = factors[first:last], factors[last:] + factors[:first]
        if mirrored(one) and mirrored(other):
            yield sp.MatMul(*one), sp.MatMul(*other)
