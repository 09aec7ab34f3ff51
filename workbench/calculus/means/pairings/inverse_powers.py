"""Inverse power sums: E[∏ tr W^-λ · W^-r] for a Wishart W, by Haff's identity on partitions.

With m = N − d − 1, integration by parts gives, for every r ≥ 1 and partition λ,

    Σ⁻¹ E[W^-(r−1) p_λ] = m E[W^-r p_λ] − Σ_{0<t<r} (E[W^-r p_λ] + E[W^-(r−t) p_{λ∪t}])
                          − 2 Σ_i λ_i E[W^-(r+λ_i) p_{λ∖λ_i}],     p_λ = ∏ tr W^-λ_i.

At each order it is a small linear system (Haff 1979; the inverse of Hillier and Kan's recursion),
whose size is the number of pairs (r, λ): 30 at order 7, where pairings would be 135135.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from math import prod
from typing import Any

from flint import fmpq, fmpq_mat, fmpq_poly
from sympy import Expr, Inverse, S, expand

from workbench.calculus.algebra import terms
from workbench.calculus.means.pairings.weingarten import as_rational, fraction, interpolate, partitions, roots
from workbench.calculus.means.rewirings import Product
from workbench.language.laws import Gaussian

Partition = tuple[int, ...]
State = tuple[int, Partition]  # W^-r p_λ
Row = dict[State, fmpq]


@cache
def states(order: int) -> tuple[State, ...]:
    """The pairs (r, λ) of that order with r ≥ 1."""
    return tuple((r, rest) for r in range(order, 0, -1) for rest in partitions(order - r))


def moves(state: State) -> Iterator[tuple[State, int]]:
    """What Haff's identity takes away from m E[W^-r p_λ], with multiplicities."""
    r, parts = state
    for t in range(1, r):
        yield state, 1
        yield (r - t, joined(parts, t)), 1
    for i, part in enumerate(parts):
        yield (r + part, parts[:i] + parts[i + 1 :]), 2 * part


def joined(parts: Partition, part: int) -> Partition:
    """A partition with one more part."""
    return tuple(sorted((*parts, part), reverse=True))


@cache
def moments_at(order: int, m: fmpq) -> dict[State, Row]:
    """For every state of that order, its mean as Σ coefficient · Σ^-s p_μ(Σ⁻¹), at a number m."""
    if order == 0:
        return {(0, ()): {(0, ()): fmpq(1)}}
    places, (system, right) = states(order), equations(order, m)
    solved = system.solve(right)
    return {state: {other: solved[i, j] for j, other in enumerate(places)} for i, state in enumerate(places)}


def moment_at(state: State, m: fmpq) -> Row:
    """The same for one state of positive order, without those beside it."""
    places = states(state[0] + sum(state[1]))
    system, right = equations(state[0] + sum(state[1]), m)
    unit = fmpq_mat(len(places), 1, [int(other == state) for other in places])
    row = system.transpose().solve(unit).transpose() * right
    return {other: row[0, j] for j, other in enumerate(places)}


def equations(order: int, m: fmpq) -> tuple[fmpq_mat, fmpq_mat]:
    """Haff's identity for the states of an order: what multiplies their means, and what the order below gives."""
    places, taken = taken_away(order)
    system, right = -taken, fmpq_mat(len(places), len(places))
    for state, i in places.items():
        system[i, i] += m
        for (s, mu), c in lower_moment((state[0] - 1, state[1]), m).items():
            right[i, places[s + 1, mu]] += c
    return system, right


@cache
def taken_away(order: int) -> tuple[dict[State, int], fmpq_mat]:
    """The place of every state of an order, and how often each identity takes away each mean, whatever m is."""
    places = {state: i for i, state in enumerate(states(order))}
    taken = fmpq_mat(len(places), len(places))
    for state, i in places.items():
        for other, count in moves(state):
            taken[i, places[other]] += count
    return places, taken


def lower_moment(state: State, m: fmpq) -> Row:
    """The mean of a state among others of its order."""
    r, parts = state
    if r or not parts:
        return moments_at(r + sum(parts), m)[state]
    return of_traces(moments_at(sum(parts), m)[parts[0], parts[1:]])


def of_traces(opened: Row) -> Row:
    """The mean of p_λ (r = 0) from that of W^-λ₁ and the others: Σ^-s p_μ becomes the product of traces p_{μ∪s}."""
    row: Row = {}
    for (s, mu), c in opened.items():
        key = (0, joined(mu, s))
        row[key] = row.get(key, fmpq(0)) + c
    return row


def last_moment(state: State, m: fmpq) -> Row:
    """The mean of a state that no other is asked for after."""
    r, parts = state
    if not r and not parts:
        return lower_moment(state, m)
    return moment_at(state, m) if r else of_traces(moment_at((parts[0], parts[1:]), m))


def moment(state: State, m: Expr) -> dict[State, Expr]:
    """The mean of W^-r p_λ as {(s, μ): coefficient of Σ^-s p_μ(Σ⁻¹)}, rational in m."""
    if m.is_Rational:
        row = last_moment(state, fmpq(int(m.p), int(m.q)))
        return {other: as_rational(c) for other, c in row.items() if c != 0}
    return {other: c for other, top in numerators(state).items() if (c := fraction(top, _bottom(state), m)) != 0}


def _bottom(state: State) -> list[fmpq_poly]:
    return [fmpq_poly([-c, 1]) for c in roots(state[0] + sum(state[1]))]


@cache
def numerators(state: State) -> dict[State, fmpq_poly]:
    """The coefficients times ∏ (m − c) over the zonal roots c, found by interpolation."""
    order = state[0] + sum(state[1])
    points = [fmpq(2 * order + i) for i in range(len(roots(order)))]
    rows = [last_moment(state, m) for m in points]
    scales = [prod((m - c for c in roots(order)), start=fmpq(1)) for m in points]
    keys = dict.fromkeys(key for row in rows for key in row)
    return {
        key: interpolate(points, [scale * row.get(key, fmpq(0)) for scale, row in zip(scales, rows)]) for key in keys
    }


def power_moment(part: Product, X: Gaussian) -> dict[tuple[Expr, Any], Expr]:
    """The mean of a product of traces of powers of W⁻¹ and at most one open power."""
    ((word, scale),) = terms.words(Inverse(X.cov)).items()
    lengths = sorted((len(closed) for closed in part.closed), reverse=True)
    order = sum(lengths) + len(part.open or ())
    total: dict[tuple[Expr, Any], Expr] = {}
    for (s, mu), c in moment((len(part.open or ()), tuple(lengths)), expand(X.cols - X.rows - 1)).items():
        scalar = part.coefficient
        for length in mu:
            scalar *= terms.trace(power(word, length), X.rows)
        key = (scalar, None if part.open is None else power(word, s))
        total[key] = total.get(key, S.Zero) + scale**order * c
    return total


def power(word: terms.Word, exponent: int) -> terms.Word:
    """A word repeated, neighbours cancelled."""
    result: terms.Word = ()
    for _ in range(exponent):
        result = terms.join(result, word)
    return result
