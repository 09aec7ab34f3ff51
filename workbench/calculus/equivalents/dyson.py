"""The Dyson equation of a pencil: G = (A − η(G))⁻¹, with A the mean of the pencil and η(G) the mean of Z G Z.

All fixed matrices of one size commute, so every block of G is a function of their eigenvalue, and η needs only the
traces of some blocks times a covariance. What is left is a system of equations in these traces.

Source: Mingo & Speicher, Free Probability and Random Matrices, chapters 9 and 10; with covariances, Erdős 2019, The
matrix Dyson equation and its applications for random matrices (both cited for the limit itself)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sympy import Dummy, Expr, Matrix, S, zeros

from workbench.calculus.equivalents.families import Families, rational
from workbench.calculus.equivalents.pencils import Pencil


@dataclass(frozen=True)
class Trace:
    """The trace of a function of the eigenvalue of the fixed letter of a size."""

    size: Any
    value: Expr


@dataclass(frozen=True)
class Place:
    """Where a trace stands: a block of G times a covariance."""

    row: int
    column: int
    covariance: Expr
    size: Any


@dataclass(frozen=True)
class System:
    """A − η(G), which holds unknown traces, and where in its inverse each of them stands."""

    blocks: Matrix
    places: Mapping[Dummy, Place]
    of: Pencil
    families: Families

    def solved_for_blocks(self, known: Mapping[Dummy, Expr]) -> tuple[dict[Dummy, Trace], Expr]:
        """What each trace must equal, and the quantity uᵀ G v, once some traces are known to be others."""
        G = inverse(self.blocks.xreplace(known))
        images = {
            trace: Trace(place.size, rational(self.families.in_bulk(place.covariance * G[place.row, place.column])))
            for trace, place in self.places.items()
        }
        left, right = self.of.left, self.of.right
        return images, rational(sum((u * v * G[i, j] for i, u in left.items() for j, v in right.items()), S.Zero))


def dyson(of: Pencil, families: Families) -> System:
    """The system of a pencil."""
    blocks, places = zeros(len(of.sizes), len(of.sizes)), {}
    for place, value in of.numbers.items():
        blocks[place] += value
    for (i, k), (one, (letter, turned)) in of.letters.items():
        for (l, j), (other, (same, turned_too)) in of.letters.items():
            if letter == same and turned != turned_too:  # E X G Xᵀ = C tr(D G); E X G X is smaller by one size
                here, there = [families.read(side) for side in sides(letter, turned)]
                trace = places.setdefault(Place(k, l, there, of.sizes[k]), Dummy(f"t{k:02}{l:02}"))
                blocks[i, j] -= one * other * here * trace
    return System(blocks, {trace: place for place, trace in places.items()}, of, families)


def sides(letter: Any, turned: bool) -> Sequence[Any]:
    """The covariance of a letter on its left, and on its right."""
    return (letter.token_cov, letter.cov) if turned else (letter.cov, letter.token_cov)


def inverse(blocks: Matrix) -> Any:
    """The inverse of a matrix of rational functions, without denominators in between."""
    return blocks.to_DM().to_field().inv().to_Matrix()
