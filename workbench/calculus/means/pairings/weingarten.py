"""Pairings and the orthogonal Weingarten function, the inverse of z^loops between pairings.

Two pairings of 2k points draw loops; half the lengths of the loops are their coset type, a partition
of k. The matrix z^loops(p, q) and its inverse Wg_z depend on the coset type only. At z = d, Wg gives
the moments of a Haar orthogonal matrix (Collins–Śniady 2006); at z = −(N − d − 1) it gives, up to
the sign (−1)^k, the moments of an inverse Wishart matrix (Matsumoto 2012).

A pairing of even points (rows) with odd ones (columns) is a permutation, its loops the cycles. Among these alone, the
inverse is the unitary Weingarten function, which at z = −(N − d) gives the moments of an inverse complex Wishart matrix
(Graczyk, Letac and Massam, Annals of Statistics 31 (2003) 287).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise, permutations
from math import prod

from flint import fmpq, fmpq_mat, fmpq_poly, fmpz_poly
from sympy import Add, Expr, Mul, Rational, S

from workbench.calculus.means.gaussian.partitions import power_sums

Pairing = tuple[tuple[int, int], ...]
Partition = tuple[int, ...]


def pairings(points: Sequence[int]) -> Iterator[Pairing]:
    """All ways to pair off an even number of points."""
    if not points:
        yield ()
        return
    first, rest = points[0], points[1:]
    for i, partner in enumerate(rest):
        for others in pairings([*rest[:i], *rest[i + 1 :]]):
            yield ((first, partner), *others)


@cache
def all_pairings(order: int, unitary: bool = False) -> tuple[Pairing, ...]:
    """The (2k − 1)!! pairings of 0, …, 2k − 1, or the k! of even with odd points; the first is (01)(23)…"""
    if unitary:
        return tuple(tuple(zip(range(0, 2 * order, 2), odd)) for odd in permutations(range(1, 2 * order, 2)))
    return tuple(pairings(range(2 * order)))


def partitions(total: int, largest: int | None = None) -> Iterator[Partition]:
    """The partitions of a number, parts in decreasing order."""
    if total == 0:
        yield ()
    for first in range(min(total, largest or total), 0, -1):
        for rest in partitions(total - first, first):
            yield (first, *rest)


def partners(pairing: Pairing) -> dict[int, int]:
    """Who is paired with whom."""
    return {a: b for pair in pairing for a, b in (pair, pair[::-1])}


def coset_type(p: Pairing, q: Pairing) -> Partition:
    """Half the lengths of the loops that two pairings draw together, largest first."""
    across, back, unseen, lengths = partners(p), partners(q), {a for a, _ in p}, []
    unseen |= set(across.values())
    while unseen:
        point, length = min(unseen), 0
        while point in unseen:
            unseen -= {point, across[point]}
            point, length = back[across[point]], length + 1
        lengths.append(length)
    return tuple(sorted(lengths, reverse=True))


@cache
def types(order: int) -> tuple[Partition, ...]:
    """The coset types of that order, that of a pairing with itself first."""
    return tuple(reversed([*partitions(order)]))


@cache
def gram(order: int, unitary: bool = False) -> tuple[tuple[fmpz_poly, ...], ...]:
    """Multiplication by z^loops on functions of the coset type, as polynomials in z.

    Row μ and column λ: Σ z^loops(p, q) over the pairings q whose type with one fixed pairing is λ, p being of type μ
    with it. That is the coefficient of p_λ(Σ) in E p_μ(W) of a Wishart matrix with z degrees of freedom.
    """
    rows = [loops_of(mu) if unitary else power_sums(mu) for mu in types(order)]
    return tuple(tuple(row.get(kind, fmpz_poly([])) for kind in types(order)) for row in rows)


def loops_of(mu: Partition) -> dict[Partition, fmpz_poly]:
    """For permutations: Σ z^loops(p, q) by the type of q, where p is of type μ."""
    all_of_them = all_pairings(sum(mu), True)
    base = all_of_them[0]
    p = next(pairing for pairing in all_of_them if coset_type(base, pairing) == mu)
    counts: dict[Partition, list[int]] = {}
    for q in all_of_them:
        counts.setdefault(coset_type(base, q), [0] * (sum(mu) + 1))[len(coset_type(p, q))] += 1
    return {kind: fmpz_poly(numbers) for kind, numbers in counts.items()}


@cache
def weingarten_at(order: int, z: fmpq, unitary: bool = False) -> dict[Partition, fmpq]:
    """Wg at a number z; where z^loops is singular (integers 0 ≤ z < k), a generalised inverse of it."""
    kinds = types(order)
    matrix = fmpq_mat([[fmpq_poly(entry)(z) for entry in row] for row in gram(order, unitary)])
    unit = fmpq_mat(len(kinds), 1, [int(i == 0) for i in range(len(kinds))])
    # G·Wg·G = G characterises every generalised inverse, and any of them serves an invariant mean.
    solution = consistent_solution(matrix * matrix, matrix * unit)
    return dict(zip(kinds, solution))


def consistent_solution(matrix: fmpq_mat, right: fmpq_mat) -> list[fmpq]:
    """One solution of a consistent, possibly singular, linear system."""
    n = matrix.nrows()
    joined = fmpq_mat([[*(matrix[i, j] for j in range(n)), right[i, 0]] for i in range(n)])
    reduced, rank = joined.rref()
    solution = [fmpq(0)] * n
    for i in range(rank):
        pivot = next(j for j in range(n) if reduced[i, j] != 0)
        solution[pivot] = reduced[i, n]
    return solution


@cache
def roots(order: int, unitary: bool = False) -> tuple[int, ...]:
    """The common denominator of Wg is ∏ (z + c) over these c, with multiplicity.

    Its zonal components are 1/∏(z + 2j − i) over the boxes (i, j), from 0, of a partition of k; for permutations they
    are 1/∏(z + j − i).
    """
    step = 1 if unitary else 2
    most: Counter[int] = Counter()
    for shape in partitions(order):
        most |= Counter(step * j - i for i, row in enumerate(shape) for j in range(row))
    return tuple(sorted(most.elements()))


@cache
def numerators(order: int, unitary: bool = False) -> dict[Partition, fmpq_poly]:
    """The numerators of Wg, as polynomials in z, over the common denominator ∏ (z + c).

    Found by interpolation: each has degree below the number of roots.
    """
    points = [fmpq(order + i) for i in range(len(roots(order, unitary)))]
    lifted = []
    for x in points:
        scale = prod((x + c for c in roots(order, unitary)), start=fmpq(1))
        lifted.append({kind: value * scale for kind, value in weingarten_at(order, x, unitary).items()})
    return {kind: interpolate(points, [values[kind] for values in lifted]) for kind in types(order)}


def interpolate(points: Sequence[fmpq], values: Sequence[fmpq]) -> fmpq_poly:
    """The polynomial of least degree through the given points (Newton's divided differences)."""
    table, total, basis = list(values), fmpq_poly([0]), fmpq_poly([1])
    for level, point in enumerate(points):
        total += basis * table[0]
        basis *= fmpq_poly([-point, 1])
        table = [(b - a) / (points[i + level + 1] - points[i]) for i, (a, b) in enumerate(pairwise(table))]
    return total


def weighted(counts: Mapping[Partition, int], order: int, z: Expr, sign: int = 1, unitary: bool = False) -> Expr:
    """Σ counts · Wg at sign·z, cancelled and factored, as a function of z.

    At a number, the generalised inverse is used where Wg has a pole.
    """
    if z.is_Rational:
        values = weingarten_at(order, fmpq(int(z.p), int(z.q)) * sign, unitary)
        return as_rational(sum((n * values[kind] for kind, n in counts.items()), fmpq(0)))
    top = sum((numerators(order, unitary)[kind] * n for kind, n in counts.items()), fmpq_poly([0]))
    top = top(fmpq_poly([0, sign]))
    bottom = [fmpq_poly([sign * c, 1]) for c in roots(order, unitary)]
    return fraction(top * sign ** len(bottom), bottom, z)


def fraction(top: fmpq_poly, bottom: Sequence[fmpq_poly], z: Expr) -> Expr:
    """top/∏bottom in lowest terms at z, for linear monic factors at the bottom."""
    if top == 0:
        return S.Zero
    kept = []
    for factor in bottom:
        if top(-factor[0]) == 0:
            top = top // factor
        else:
            kept.append(factor)
    content, factors = top.factor()
    above = [at(factor, z) ** power for factor, power in factors]
    return Mul(as_rational(content), *above, *(1 / at(factor, z) for factor in kept))


def at(polynomial: fmpq_poly, z: Expr) -> Expr:
    """The value of a polynomial at an expression."""
    return Add(*(as_rational(c) * z**power for power, c in enumerate(polynomial.coeffs())))


def as_rational(value: fmpq) -> Rational:
    """A rational number as SymPy writes it."""
    return Rational(int(fmpq(value).p), int(fmpq(value).q))  # type: ignore[return-value]
