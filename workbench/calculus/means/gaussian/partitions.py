r"""Moments of one quadratic form and of one Wishart matrix, indexed by integer partitions.

- One vector: cumulants of xᵀAx, κ_r = 2^{r−1}(r−1)! [tr (AΣ)^r + r μᵀA(ΣA)^{r−1}μ] (Magnus 1978),
  multiplied over partitions (Bell polynomials).
- One Wishart matrix with one Σ: Stein's identity closes on the states E[W^r tr W^{λ₁} tr W^{λ₂} …]
  (Hillier & Kan 2024); W may stand for BW with a fixed symmetric B.
- One isotropic trace: p_k expands in Jack (zonal) polynomials of near-hook shape only, which
  a Wishart average multiplies by an explicit product (Hanlon, Stanley & Stembridge 1992).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import factorial, prod
from typing import Any

from flint import fmpq, fmpq_mat, fmpz_mpoly_ctx, fmpz_poly

from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.words import Pieces, Word, closed, reduced, transpose
from workbench.calculus.means.gaussian.expanding import from_flint, from_monomials
from workbench.calculus.means.gaussian.graphs import Shelf
from workbench.calculus.means.gaussian.stein import Law

Marked = tuple[Word, int] | None  # the odd gap of one trace, and its power of W
Partition = tuple[int, ...]


def traced(word: Word, dimension: int) -> Pieces:
    """The trace of a word as pieces, also when the word is empty."""
    return closed(word) if word else ((), (dimension,))


def quadratic_powers(power: int, inside: Word, law: Law, dimension: int) -> TracePolynomial:
    """E (xᵀAx)^k for a Gaussian vector x: k! ∏ (κ_r/r!)^m/m! summed over the partitions of k into m parts r."""
    lengths = range(1, power + 1)
    pieces = [traced((inside + law.cov) * r, dimension) for r in lengths]
    weights = [fmpq(2 ** (r - 1), r) for r in lengths]
    if law.mean is not None:
        left = transpose(law.mean) + inside
        pieces += [closed(left + (law.cov + inside) * (r - 1) + law.mean) for r in lengths]
        weights += [fmpq(2 ** (r - 1)) for r in lengths]
    terms = [(power, (), fmpq(factorial(power)))]  # what is left of k, the parts so far, their coefficient
    for place in sorted(range(len(pieces)), key=lambda place: -(place % power)):
        r, grown = place % power + 1, []
        for left_over, parts, count in terms:
            for m in range(left_over // r + 1):
                grown.append((left_over - m * r, (*parts, (place, m)) if m else parts, count))
                count *= weights[place] / (m + 1)
        terms = grown
    return from_monomials({parts: count for left_over, parts, count in terms if not left_over}, pieces)


@dataclass
class Family:
    """Words in one W = X C Xᵀ B with C·token_cov = 1: what is fixed on the other side."""

    fixed: Word  # B
    cov: Word  # Σ
    count: int  # the dimension that C·token_cov traces to
    size: int  # the dimension of Σ

    @cached_property
    def isotropic(self) -> bool:
        return not reduced(self.fixed + self.cov)

    def power_sum(self, j: int) -> Pieces:
        """tr (BΣ)^j."""
        return traced((self.fixed + self.cov) * j, self.size)

    def marked_sum(self, gap: Word, j: int) -> Pieces:
        """tr(Z Σ (BΣ)^{j−1}), the marked trace."""
        return traced(gap + self.cov + (self.fixed + self.cov) * (j - 1), self.size)


class _Recurrence:
    """E[tr(Z W^r) tr W^{λ₁} tr W^{λ₂} …] as coefficients of tr(Z Σ(BΣ)^{j−1}), j = 1, 2, …"""

    def __init__(self, count: Any, sums: list[Any], one: Any) -> None:
        self.count, self.sums, self.one = count, sums, one  # sums[j] is tr (BΣ)^j
        self.isotropic = len({str(s) for s in sums[1:]}) == 1
        self.known: dict[tuple[int, Partition], list[Any]] = {}
        self.closed: dict[Partition, Any] = {(): one}
        self.shelf = Shelf(2 + len({str(s) for s in sums[1:]}))

    def without_marker(self, parts: Partition) -> Any:
        """E[tr W^{λ₁} tr W^{λ₂} …]."""
        if parts not in self.closed:
            coefficients = self.with_marker(parts[0], parts[1:])
            sums = self.sums[1:] if not self.isotropic else self.sums[1:2]
            pairs = zip(coefficients, sums, strict=False)
            self.closed[parts] = sum((value * power for value, power in pairs), 0 * self.one)
        return self.closed[parts]

    def with_marker(self, r: int, parts: Partition) -> list[Any]:
        """The coefficients of the marked power sums."""
        if (r, parts) not in self.known:
            self.known[r, parts] = self._stein(r, parts)
            self.shelf.put(sum(len(value) for value in self.known[r, parts] if value))
        return self.known[r, parts]

    def _stein(self, r: int, parts: Partition) -> list[Any]:
        """Stein's identity for the first X of the marked trace."""
        result: list[Any] = []
        if r == 1:
            _add(result, self.count * self.without_marker(parts), 0)
        else:
            self._shift(result, self.count + (r - 1), self.with_marker(r - 1, parts))
            _add(result, self.without_marker(_with(parts, r - 1)), 0)
        for m in range(2, r):
            self._shift(result, 1, self.with_marker(r - m, _with(parts, m - 1)))
        for part, times in Counter(parts).items():
            left = list(parts)
            left.remove(part)
            self._shift(result, 2 * part * times, self.with_marker(r + part - 1, tuple(left)))
        return result

    def _shift(self, result: list[Any], factor: Any, values: list[Any]) -> None:
        """Add factor × values, one Σ further in; under an isotropic law nothing moves."""
        for place, value in enumerate(values):
            _add(result, factor * value, 0 if self.isotropic else place + 1)


@lru_cache(maxsize=1)
def _recurrence(top: int, kinds: int, marked: bool) -> tuple[_Recurrence, list[Any]]:
    """The recurrence up to a degree and its letters, kept for the next moment of that degree."""
    context = fmpz_mpoly_ctx.get([f"t{i}" for i in range(1 + kinds * (1 + marked))], "lex")
    letters = context.gens()
    sums = [None, *(letters[1 : top + 1] if kinds == top else [letters[1]] * top)]
    return _Recurrence(letters[0], sums, context.constant(1)), list(letters)


def _add(result: list[Any], value: Any, place: int) -> None:
    while len(result) <= place:
        result.append(0)
    result[place] = result[place] + value


def _with(parts: Partition, part: int) -> Partition:
    return tuple(sorted((*parts, part), reverse=True))


def wishart_moment(powers: list[int], marked: Marked, family: Family) -> TracePolynomial:
    """The mean of a product of traces of powers of W, one of them possibly marked."""
    top = sum(powers) + (marked[1] if marked else 0)
    kinds = 1 if family.isotropic else top  # of power sums
    pieces = [((), (family.count,)), *(family.power_sum(j) for j in range(1, kinds + 1))]
    plain = len(pieces)
    if marked:
        pieces += [family.marked_sum(marked[0], j) for j in range(1, kinds + 1)]
    recurrence, letters = _recurrence(top, kinds, bool(marked))
    context = recurrence.one.context()
    parts = tuple(sorted(powers, reverse=True))
    if not marked:
        return from_flint(recurrence.without_marker(parts), pieces)
    coefficients = recurrence.with_marker(marked[1], parts)
    value = sum((c * z for c, z in zip(coefficients, letters[plain:], strict=False)), context.constant(0))
    return from_flint(value, pieces)


def power_sums(parts: Partition) -> dict[Partition, fmpz_poly]:
    """E tr W^{λ₁} tr W^{λ₂} … by the products of tr Σ^j, as partitions: polynomials in N."""
    recurrence, _ = _recurrence(sum(parts), sum(parts), marked=False)
    found: dict[Partition, list[int]] = {}
    for (power, *times), coefficient in recurrence.without_marker(parts).to_dict().items():
        kind = tuple(j for j in range(len(times), 0, -1) for _ in range(int(times[j - 1])))
        found.setdefault(kind, [0] * (sum(parts) + 1))[int(power)] = int(coefficient)
    return {kind: fmpz_poly(coefficients) for kind, coefficients in found.items()}


def isotropic_power(powers: list[int], marked: Marked, family: Family) -> TracePolynomial:
    """E tr W^k, or E tr(Z W^k), for W = X Xᵀ with standard X, from near-hook Jack polynomials.

    The part κ = (a, b, 1^c) contributes its coefficient in p_k times Π (n + 2(j−1) − (i−1)) times
    the same product in d over its boxes (i, j); no other shape occurs.
    """
    k = marked[1] if marked else powers[0]
    rows, weights = [], []
    for shape in _near_hooks(k):
        contents = [2 * j - i for i, length in enumerate(shape) for j in range(length)]
        rows.append(_rising(contents))
        weights.append(fmpq(2 * k * prod(c for c in contents if c), _jack_norm(shape)))
    table = fmpq_mat([[fmpq(c) for c in row] for row in rows])
    scaled = fmpq_mat([[w * c for c in row] for w, row in zip(weights, rows, strict=True)])
    coefficients = table.transpose() * scaled
    drop = 1 if marked else 0  # the box (1, 1) is the factor d, which the marker takes
    context = fmpz_mpoly_ctx.get(["n", "d", "z"], "lex")
    terms = {
        (i, j - drop, drop): int(coefficients[i, j].p)
        for i in range(k + 1) for j in range(drop, k + 1) if coefficients[i, j]
    }  # fmt: skip
    last = family.marked_sum(marked[0], 1) if marked else ((), ())
    pieces = [((), (family.count,)), ((), (family.size,)), last]
    return from_flint(context.from_dict(terms), pieces)


def _near_hooks(k: int) -> list[Partition]:
    """The partitions (a, b, 1, …, 1) of k: those without the box (3, 2)."""
    shapes: list[Partition] = [(k,)]
    for b in range(1, k // 2 + 1):
        shapes += [(a, b, *[1] * (k - a - b)) for a in range(b, k - b + 1)]
    return shapes


def _rising(contents: list[int]) -> list[int]:
    """The coefficients of Π (t + c)."""
    result = fmpz_poly([1])
    for content in contents:
        result *= fmpz_poly([content, 1])
    return [int(result[i]) for i in range(len(contents) + 1)]


def _jack_norm(shape: Partition) -> int:
    """⟨J_κ, J_κ⟩ at α = 2: the product of upper and lower hook lengths."""
    columns = [sum(length > j for length in shape) for j in range(shape[0])]
    result = 1
    for i, length in enumerate(shape):
        for j in range(length):
            arm, leg = length - j - 1, columns[j] - i - 1
            result *= (2 * arm + leg + 1) * (2 * arm + leg + 2)
    return result


__all__ = ["Family", "isotropic_power", "power_sums", "quadratic_powers", "traced", "wishart_moment"]
