"""Flint polynomials in a few numbers written out as trace polynomials."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

from flint import fmpq

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial, sizes_product, summed
from workbench.calculus.algebra.words import Pieces, Word

Monomial = tuple[tuple[int, int], ...]  # (place, exponent) pairs


def from_flint(value: Any, pieces: list[Pieces]) -> TracePolynomial:
    """An integer polynomial, its variables standing for products of necklaces and sizes."""
    counts = {
        tuple([(place, int(exponent)) for place, exponent in enumerate(exponents) if exponent]): count
        for exponents, count in value.to_dict().items()
    }
    return from_monomials(counts, pieces)


def from_monomials(counts: Mapping[Monomial, Any], pieces: list[Pieces]) -> TracePolynomial:
    """A sum of monomials, whose places are among the pieces."""
    sizes = [[ALPHABET.dimensions[dimension] for dimension in dimensions] for _, dimensions in pieces]
    if any(not (size.is_Symbol or size.is_Integer) for several in sizes for size in several):
        return _general(counts, pieces)
    atoms = [[ALPHABET.atom(size) for size in several if size.is_Symbol] for several in sizes]
    factors = [prod(int(size) for size in several if size.is_Integer) for several in sizes]
    terms: dict = {}
    for monomial, count in counts.items():
        scalars: dict[int, int] = {}
        traces: list[Word] = []
        for place, exponent in monomial:
            traces += pieces[place][0] * exponent
            if factors[place] != 1:
                count *= factors[place] ** exponent
            for atom in atoms[place]:
                scalars[atom] = scalars.get(atom, 0) + exponent
        traces.sort()
        key = (tuple(sorted(scalars.items())), tuple(traces), ())
        terms[key] = terms.get(key, 0) + fmpq(count)
    return TracePolynomial(terms)


def _general(counts: Mapping[Monomial, Any], pieces: list[Pieces]) -> TracePolynomial:
    """The same when some size is a sum."""
    meanings = []
    for traces, dimensions in pieces:
        meanings.append(TracePolynomial({((), traces, ()): fmpq(1)}) * sizes_product(dimensions))
    parts = []
    for monomial, count in counts.items():
        part = TracePolynomial({((), (), ()): fmpq(count)})
        for place, exponent in monomial:
            part = part * meanings[place] ** exponent
        parts.append(part)
    return summed(parts, None)
