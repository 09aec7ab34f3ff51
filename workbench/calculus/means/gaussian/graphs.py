"""Graphs of states: a moment is a sum over paths, added up from the bottom without listing paths.

Each state (a product of traces with random letters) is a sum of count × fixed traces × another
state. With few different fixed traces the values are dense flint polynomials, with many they are
sparse sums of monomials.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flint import fmpz_mpoly_ctx

from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.words import Pieces, Traces
from workbench.calculus.means.gaussian.expanding import from_flint, from_monomials

State = Traces  # the traces that still hold a random letter
Atom = tuple[int, ...] | int  # a fixed necklace, or a dimension
Edge = tuple[int, tuple[Atom, ...], State]
Edges = Mapping[State, list[Edge]]
MANY = 120  # more fixed traces than this, and exponent vectors would be mostly zeros


def sizes_first(atom: Atom) -> tuple[int, ...]:
    """An order of atoms."""
    return (-1, atom) if isinstance(atom, int) else atom


def added_up(order: list[State], edges: Edges) -> TracePolynomial:
    """The value of the last state; every state comes after those it needs."""
    atoms = sorted({a for s in order for _, factors, _ in edges[s] for a in factors}, key=sizes_first)
    pieces: list[Pieces] = [((), (a,)) if isinstance(a, int) else ((a,), ()) for a in atoms]
    index = {atom: place for place, atom in enumerate(atoms)}
    if len(atoms) > MANY:
        counts = _sparse(order, edges, index)
        return from_monomials({tuple(Counter(key).items()): count for key, count in counts.items()}, pieces)
    return from_flint(_dense(order, edges, index), pieces)


def _dense(order: list[State], edges: Edges, index: dict[Atom, int]) -> Any:
    """The sum as a flint polynomial in the atoms."""
    context = fmpz_mpoly_ctx.get([f"t{i}" for i in range(len(index))], "lex")
    values = {(): context.constant(1)}
    for state in order:
        if state == ():
            continue
        gathered: dict[State, dict[tuple[int, ...], int]] = {}
        for count, factors, child in edges[state]:
            exponents = [0] * len(index)
            for factor in factors:
                exponents[index[factor]] += 1
            inner = gathered.setdefault(child, {})
            inner[tuple(exponents)] = inner.get(tuple(exponents), 0) + count
        value = context.constant(0)
        for child, inner in gathered.items():
            value += context.from_dict(inner) * values[child]
        values[state] = value
    return values[order[-1]]


def _sparse(order: list[State], edges: Edges, index: dict[Atom, int]) -> dict[tuple[int, ...], int]:
    """The sum as counts of monomials, each a sorted tuple of atoms."""
    values: dict[State, dict[tuple[int, ...], int]] = {(): {(): 1}}
    for state in order:
        if state == ():
            continue
        value: dict[tuple[int, ...], int] = {}
        for count, factors, child in edges[state]:
            more = tuple(index[factor] for factor in factors)
            for monomial, times in values[child].items():
                key = tuple(sorted(monomial + more)) if more else monomial
                value[key] = value.get(key, 0) + count * times
        values[state] = value
    return values[order[-1]]
