"""Scales: quantities that are read off a sequence of growing (or shrinking) sizes.

Nothing is infinite in a computer. Both protocols assume an expansion in powers of 1/size, eliminate
its first terms, and bound what is left by comparing two eliminations.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from workbench.evidence.protocols import Means, NotFound, the_mean, wearing


@dataclass(frozen=True)
class Limit:
    """The quantity is the limit of infinite size: the twin returns its values at sizes n, 2n, 4n, …

    The means are extrapolated, assuming an expansion in 1/size that begins at this order (Richardson);
    what the last elimination or the last size still moved, whichever is more, bounds the error that is left.
    """

    combine: Callable[..., Tensor]
    order: int

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        return self.table(means)[-1][-1]

    def doubt(self, means: Means) -> Tensor:
        *_, shorter, (*_, coarser, best) = self.table(means)
        # Far from the limit an elimination moves little by chance, where terms of several orders cancel.
        return torch.maximum((best - coarser).abs(), (best - shorter[-1]).abs())

    def table(self, means: Means) -> list[list[Tensor]]:
        columns = zip(*means())  # one tuple of means for each size
        table: list[list[Tensor]] = []
        for value in (self.combine(*column) for column in columns):
            row = [value]
            for order, above in enumerate(table[-1] if table else [], self.order):
                row.append(row[-1] + (row[-1] - above) / (2**order - 1))
            table.append(row)
        return table


@dataclass(frozen=True)
class Slope:
    """The quantity is the exponent of a power law in one letter: mean ≈ c · letter^exponent.

    log|mean| is regressed on log(letter), with `corrections` further terms 1/size, 1/size², … of
    the expansion, on all sizes but the first. Two changes say how much the terms left out may move it:
    leaving out the last size instead (the same design at smaller sizes, which suffers more), and one correction more.
    """

    size: str
    start: float
    factor: float
    steps: int
    corrections: int
    combine: Callable[..., Tensor]

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        return self.exponent(means, self.sizes()[1:])

    def doubt(self, means: Means) -> Tensor:
        sizes = self.sizes()
        best = self.exponent(means, sizes[1:])
        shifted, corrected = self.exponent(means, sizes[:-1]), self.exponent(means, sizes[1:], further=1)
        return (best - shifted).abs() + (best - corrected).abs()

    def sizes(self) -> list[float]:
        """The values of the letter; whole ones stay whole, since shapes may depend on them."""
        sizes = [self.start * self.factor**step for step in range(self.steps)]
        return [int(size) for size in sizes] if all(float(size).is_integer() for size in sizes) else sizes

    def exponent(self, means: Means, sizes: list[float], further: int = 0) -> Tensor:
        """The coefficient of log(size) in the regression, for each component."""
        heights = torch.stack([self.combine(*means(**{self.size: size})).reshape(-1) for size in sizes])
        if not bool(((heights > 0).all(0) | (heights < 0).all(0)).all()):
            raise NotFound(f"the measured mean changes sign or vanishes for {self.size} from {sizes[0]} to {sizes[-1]}")
        scale = torch.tensor(sizes, dtype=torch.float64)
        small = scale[0] / scale if self.factor > 1 else scale / scale[0]
        columns = [torch.log(scale / scale[0]), *(small**power for power in range(self.corrections + further + 1))]
        fitted = torch.linalg.lstsq(torch.stack(columns, dim=1), heights.abs().log()).solution
        return fitted[0]


def limit(combine: Callable[..., Tensor] = the_mean, *, order: int = 1) -> Callable[..., Any]:
    """The twin stacks its samples at sizes n, 2n, 4n, …; `combine` makes the means at one size the quantity.

    What is left at size n begins with 1/n to the `order`: 1, or 4 for steps of Runge and Kutta.
    """
    return wearing(Limit(combine, order))


def slope(
    letter: str, start: float, *, factor: float = 2, steps: int = 5, corrections: int = 1,
    of: Callable[..., Tensor] = the_mean,
) -> Callable[..., Any]:  # fmt: skip
    """The exponent with which the twin's mean (or `of` its means) grows as `letter` runs start, start·factor, …

    A factor of 2 or more follows the letter to infinity, one of ½ or less to zero.
    """
    if corrections < 1 or steps < corrections + 4 or not (factor >= 2 or 0 < factor <= 0.5):
        raise ValueError(
            f"a slope needs at least 1 correction (not {corrections}), {corrections + 4} sizes (not {steps}) "
            f"and a factor of at least 2 or at most ½ (not {factor:g})"
        )
    return wearing(Slope(letter, start, factor, steps, corrections, of))
