"""Graphs of states: a moment is a sum over paths, added up from the bottom without listing paths.

Each state (a product of traces with random letters) is a sum of count × fixed traces × another
state. With few different fixed traces the values are dense flint polynomials, with many they are
sparse sums of monomials. A value is let go after its last use, and a moment is refused while its
values still fit into memory: flint ends the program where they do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flint import fmpz_mpoly_ctx

from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.words import Pieces, Traces
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.gaussian.expanding import from_flint, from_monomials

State = Traces  # the traces that still hold a random letter
Atom = tuple[int, ...] | int  # a fixed necklace, or a dimension
Edge = tuple[int, tuple[Atom, ...], State]
Edges = Mapping[State, list[Edge]]
MANY = 120  # more fixed traces than this, and exponent vectors would be mostly zeros
SPARSE = 120  # what a sparse term takes, in letters of a dense one
ROOM = 1 << 30  # bytes for the values of states


@dataclass
class Shelf:
    """How much room the values of states take, in bytes, estimated from their number of terms."""

    letters: int  # how many letters a term has a place for
    taken: int = 0

    def put(self, terms: int, sign: int = 1) -> None:
        """Note that a value with so many terms is kept or, with sign −1, let go; refuse beyond the room."""
        self.taken += sign * terms * (24 + 2 * self.letters)  # flint packs an exponent into a byte, and grows ahead
        if self.taken > ROOM:
            raise DegreeTooHigh(
                f"a moment whose parts need more than {ROOM >> 20} MiB of memory; lower the degree, or write "
                "equal matrices by one letter (a covariance that is the identity makes much smaller moments)"
            )


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
    values, shelf = {(): context.constant(1)}, Shelf(len(index))
    for state, done in with_last_uses(order, edges):
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
        shelf.put(len(value))
        for child in done:
            shelf.put(len(values.pop(child)), -1)
    return values[order[-1]]


def _sparse(order: list[State], edges: Edges, index: dict[Atom, int]) -> dict[tuple[int, ...], int]:
    """The sum as counts of monomials, each a sorted tuple of atoms."""
    values: dict[State, dict[tuple[int, ...], int]] = {(): {(): 1}}
    shelf = Shelf(SPARSE)
    for state, done in with_last_uses(order, edges):
        value: dict[tuple[int, ...], int] = {}
        for count, factors, child in edges[state]:
            more = tuple(index[factor] for factor in factors)
            for monomial, times in values[child].items():
                key = tuple(sorted(monomial + more)) if more else monomial
                value[key] = value.get(key, 0) + count * times
        values[state] = value
        shelf.put(len(value))
        for child in done:
            shelf.put(len(values.pop(child)), -1)
    return values[order[-1]]


def with_last_uses(order: list[State], edges: Edges) -> Iterator[tuple[State, list[State]]]:
    """Every state but the empty one, with the states that nothing after it needs."""
    last = {child: state for state in order for _, _, child in edges[state]}
    done: dict[State, list[State]] = {}
    for child, state in last.items():
        done.setdefault(state, []).append(child)
    return ((state, done.get(state, [])) for state in order if state != ())
