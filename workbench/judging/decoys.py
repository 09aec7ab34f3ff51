"""Decoys: false equations that hold wherever a careless re-check looks, refuted by every run or the run is void.

Each is a closed form and another one that agrees with it at the sizes that are tried most, at usual magnitudes, or
for special letters: symmetric, commuting, diagonal, isotropic, of unit trace, a rotation.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from workbench.language import laws, letters

d, N = letters.size("d"), letters.count("N")
s, t = letters.positive("s"), letters.scalar("t")
A, Lambda = letters.matrix("A", d, d), letters.spd("Lambda", d)
Q, x = letters.orthogonal("Q", d), laws.gaussian("x", d, cov=Lambda)
TRACE, SQUARE, CUBE = (sp.Trace(Lambda**k) for k in (1, 2, 3))
KNOWN = N * sp.Trace(Lambda * A) + s * t
NEARLY = sp.Max(SQUARE / TRACE**2 - sp.Rational(99, 100), 0) * (d - 1)  # positive where one eigenvalue is nearly all
Pair = tuple[Any, Any]


def preferred_sizes() -> tuple[list[int], list[int]]:
    """The dimensions and the counts at which the judge looks before all others, read from the judge."""
    from workbench.judging import proofs, statement

    pairs = {*proofs.SIZES, *statement.SHAPES}
    return sorted({small for small, _ in pairs}), sorted({many for _, many in pairs})


def decoys() -> dict[str, Pair]:
    """Pairs of lines of which the second is false, by what is wrong with it."""
    return {"a false line in a proof": (laws.E(letters.dot(x, x)), TRACE + 1 / sp.Integer(50)), **fitted(), **special()}


def fitted() -> dict[str, Pair]:
    """What is added vanishes at some sizes or magnitudes."""
    small, many = preferred_sizes()
    added = {
        "a polynomial that vanishes at the judge's dimensions": vanishing(d, small),
        "a polynomial that vanishes at the judge's counts": vanishing(N, many),
        "a polynomial that vanishes at d = 1 … 6": vanishing(d, range(1, 7)),
        "a polynomial that vanishes at N − d = −2 … 5": vanishing(N - d, range(-2, 6)),
        "right at even sizes only": 1 - (-1) ** N,
        "right for N ≥ 2d only": sp.Max(2 * d - N, 0),
        "a kink beyond usual magnitudes": sp.Max(s - 500, 0),
        "a step far out": sp.Heaviside(-t - 300),
        "a spike": sp.Max(1 - 1000 * sp.Abs(t - sp.Rational(1, 3)), 0),
        "a smooth spike at a size": sp.exp(-(10**4) * (N - 37) ** 2),
        "counts capped": sp.Min(N, 100) - N,
        "right for positive numbers only": sp.Abs(t) - t,
    }
    return {wrong: (KNOWN, KNOWN + term) for wrong, term in added.items()}


def vanishing(size: Any, values: Any) -> Any:
    """The polynomial that is zero where a size has one of these values."""
    return sp.Mul(*(size - value for value in values))


def special() -> dict[str, Pair]:
    """Both sides are equal for special letters."""
    return {
        "right for symmetric matrices only": (sp.Trace(A * A.T), sp.Trace(A**2)),
        "right for commuting matrices only": (sp.Trace((Lambda * A) ** 2), sp.Trace(Lambda**2 * A**2)),
        "right for diagonal matrices only": (SQUARE, sp.Trace(sp.HadamardProduct(Lambda, Lambda))),
        "right for isotropic matrices only": (SQUARE, TRACE**2 / d),
        "right unless nearly of rank one": (d * SQUARE, d * SQUARE + NEARLY),
        "right at unit trace only": (SQUARE, SQUARE * TRACE),
        "right for orthogonal matrices only": (sp.Trace(A * A.T), d),
        "right for rotations only": (sp.Determinant(Q), sp.S.One),
        "right in two dimensions only": (CUBE, 3 * TRACE * SQUARE / 2 - TRACE**3 / 2),
    }
