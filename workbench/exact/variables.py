"""Special variables beside Gaussian noise: a mean multiplied out, each monomial replaced by its moment.

What the exact means of the laws share that have moments of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mpoly_ctx

from workbench.exact.gaussians import gaussian_entries, monomial_mean, noise_shape
from workbench.exact.noise import PLAIN, Noise, NoiseRing
from workbench.exact.rings import NotRational, Rationals
from workbench.exact.values import Point, Walker
from workbench.language.laws import Gaussian, MatrixMean, Random, ScalarMean

Node = ScalarMean | MatrixMean
Moment = Callable[[tuple[int, ...]], fmpq]


@dataclass(frozen=True)
class Beside:
    """Special variables beside the standard noise of the other, Gaussian letters of a mean."""

    gens: list[Noise]
    point: Point
    variances: list[fmpq]

    def integrated(self, inside: Any, moment: Moment) -> Any:
        """The integrand multiplied out, each monomial replaced by its moment."""
        size = len(self.gens)

        def entry_mean(entry: Any) -> Any:
            if not isinstance(entry, Noise):
                return entry
            if any(weight != PLAIN for weight in entry.terms):
                raise NotRational("an exponential or a step beside a random matrix that is no Gaussian")
            terms = (term for polynomial in entry.terms.values() for term in polynomial.to_dict().items())
            return sum(
                (c * moment(tuple(map(int, k[:size]))) * monomial_mean(k[size:], self.variances) for k, c in terms),
                fmpq(0),
            )

        value = Walker(self.point, NoiseRing(Rationals())).visit(inside)
        return np.vectorize(entry_mean, otypes=[object])(value) if isinstance(value, np.ndarray) else entry_mean(value)


def beside(names: list[str], node: Node, letters: Iterable[Random], point: Point) -> Beside:
    """Variables by these names, and noise for every other letter; raises NotRational unless it is Gaussian."""
    others = [other for other in node.args[1:] if other not in letters and other not in point]
    walker = Walker(point, Rationals())
    for other in others:
        if not isinstance(other, Gaussian) or any(part.has(*letters) for part in other.args[3:]):
            names_of = ", ".join(letter.name for letter in letters)
            raise NotRational(f"the brute-force mean over {names_of} beside {other}; average over {other} first")
    shapes = [noise_shape(other, walker) for other in others]
    total = sum(rows * columns for rows, columns in shapes)
    context = fmpq_mpoly_ctx.get([*names, *(f"z{i}" for i in range(total))], "degrevlex")
    variances, inner, start = [fmpq(0)] * (len(names) + total), dict(point), len(names)
    for other, (rows, columns) in zip(others, shapes):
        places = np.arange(start, start + rows * columns).reshape(rows, columns)
        inner[other] = gaussian_entries(other, places, variances, context, point)
        start += rows * columns
    return Beside([Noise({PLAIN: g}) for g in context.gens()[: len(names)]], inner, variances[len(names) :])
