"""Equality of trace polynomials, decidable because every denominator can be multiplied out."""

from __future__ import annotations

from typing import Any

from sympy import Pow

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Term, TracePolynomial, summed


def same(left: TracePolynomial, right: TracePolynomial) -> bool:
    """Whether two polynomials are equal, denominators multiplied out.

    Total: polynomials of different shapes are different (a 1×1 matrix counts as its number).
    """
    if left.shape != right.shape and not (left.is_scalar and right.is_scalar):
        return False
    difference = left.as_number() - right.as_number()
    return not difference or not cleared(difference)


def cleared(base: TracePolynomial) -> TracePolynomial:
    """The polynomial times its denominators, with every power of a sum written out."""
    while base:
        sums = {a for scalars, _, _ in base.terms for a, _ in scalars if a in ALPHABET.meanings}
        if not sums:
            return base
        one = max(sums)
        lowest = min(min(dict(scalars).get(one, 0) for scalars, _, _ in base.terms), 0)
        parts = [_without(one, lowest, term, value) for term, value in base.terms.items()]
        base = summed(parts, base.shape)
    return base


def _without(one: int, lowest: Any, term: Term, value: Any) -> TracePolynomial:
    """A term divided by the atom's lowest power, what remains of the atom written out."""
    scalars, traces, word = term
    exponent = dict(scalars).get(one, 0) - lowest
    whole = int(exponent // 1)
    rest = tuple(pair for pair in scalars if pair[0] != one)
    if exponent != whole:
        root = ALPHABET.atom(Pow(ALPHABET.atoms[one], exponent - whole))
        rest = tuple(sorted((*rest, (root, 1))))
    meaning: TracePolynomial = ALPHABET.meanings[one]
    return TracePolynomial({(rest, traces, word): value}) * meaning**whole


__all__ = ["cleared", "same"]
