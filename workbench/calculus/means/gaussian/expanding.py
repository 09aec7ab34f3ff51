"""Flint polynomials in a few numbers written out as trace polynomials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import prod
from typing import Any

from flint import fmpq, fmpq_mpoly_ctx

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import Term, TracePolynomial, sizes_product, summed
from workbench.calculus.algebra.words import Pieces, Word

Monomial = tuple[tuple[int, int], ...]  # (place, exponent) pairs
FEW = 120  # more letters than this, and exponent vectors would be mostly zeros


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


def sum_of_products(pairs: list[tuple[TracePolynomial, TracePolynomial]]) -> TracePolynomial:
    """Σ left·right for numbers; as flint polynomials in few letters, where every power is a whole number."""
    terms = [term for pair in pairs for side in pair for term in side.terms]
    letters = (
        {atom for scalars, _, _ in terms for atom, _ in scalars},
        {trace for _, traces, _ in terms for trace in traces},
    )
    if sum(map(len, letters)) > FEW or any(not is_whole(power) for scalars, _, _ in terms for _, power in scalars):
        return summed([left * right for left, right in pairs], None)
    atoms, traces = map(sorted, letters)
    context = fmpq_mpoly_ctx.get([f"t{i}" for i in range(len(atoms) + len(traces))], "lex")
    total = context.constant(0)
    for pair in pairs:
        left, right = (context.from_dict(in_exponents(side, atoms, traces)) for side in pair)
        total += left * right
    return TracePolynomial({from_exponents(powers, atoms, traces): value for powers, value in total.to_dict().items()})


def is_whole(power: Any) -> bool:
    return power == int(power) and power >= 0


def in_exponents(number: TracePolynomial, atoms: list[int], traces: list[Word]) -> dict[tuple[int, ...], fmpq]:
    """A number by the powers of its letters and traces."""
    found: dict[tuple[int, ...], fmpq] = {}
    for (scalars, words, _), value in number.terms.items():
        powers, times = dict(scalars), Counter(words)
        found[*(int(powers.get(atom, 0)) for atom in atoms), *(times[trace] for trace in traces)] = value
    return found


def from_exponents(powers: tuple[int, ...], atoms: list[int], traces: list[Word]) -> Term:
    """The term with these powers."""
    scalars = tuple((atom, int(power)) for atom, power in zip(atoms, powers) if power)
    words = (word for word, power in zip(traces, powers[len(atoms) :]) for _ in range(int(power)))
    return scalars, tuple(words), ()
