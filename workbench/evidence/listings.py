"""Listings: quantities that are several values in no order, the roots of a mean or the eigenvalues of one.

Both sides of the equals sign are put in one order before they are compared: by a weighted sum of the entries of
each column, with weights that no two columns share by symmetry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.estimates import UNSEEN
from workbench.evidence.protocols import EPSILON, Means, NotFound, newton, the_mean, wearing

GOLDEN = (5**0.5 - 1) / 2
STARTS = 6  # random places at which searches begin
PATIENCE = 60  # evaluations after which a search is given up
MIRRORED = 2  # numbers up to which the images of a root are tried
STRAIGHT = 1e-9  # relative distance from its tangent below which an equation is affine
DISTINCT = 1e-4  # relative distance below which two ends are one root


def order_of(values: np.ndarray, rows: int) -> np.ndarray:
    """The places of a flat array of columns of so many rows, the columns in order; with no rows, as they are."""
    places = np.arange(values.size)
    if not rows or values.size % rows:
        return places
    weights = GOLDEN ** np.arange(rows)
    return places.reshape(rows, -1)[:, np.argsort(weights @ values.reshape(rows, -1))].reshape(-1)


def in_order(values: np.ndarray, rows: int) -> np.ndarray:
    """A flat array of columns of so many rows, its columns in order; with no rows, as it is."""
    return values[order_of(values, rows)]


@dataclass(frozen=True)
class Spectrum:
    """The quantity is the eigenvalues of a square matrix, made of the means of what the twin returns."""

    combine: Callable[..., Tensor] = the_mean
    rows: int = 1

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        matrix = self.combine(*means())
        skew = float((matrix - matrix.T).abs().max())
        if skew <= UNSEEN * EPSILON * float(matrix.abs().max()):  # symmetric, up to roundoff
            return torch.linalg.eigvalsh((matrix + matrix.T) / 2)
        found = torch.linalg.eigvals(matrix)
        if bool(found.imag.any()):
            raise NotFound("the measured matrix has eigenvalues that are not real")
        return found.real.sort().values


@dataclass(frozen=True)
class Roots:
    """The quantity is every place where the mean of the twin vanishes: one column each, by searches from many starts.

    positive: the letters among them that stand for positive numbers.
    """

    letters: tuple[str, ...]
    positive: tuple[str, ...] = ()
    combine: Callable[..., Tensor] = the_mean

    @property
    def rows(self) -> int:
        return len(self.letters)

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        def equation(flat: Tensor) -> Tensor:
            return self.combine(*means(**dict(zip(self.letters, flat)))).reshape(-1)

        home = torch.stack([torch.as_tensor(letters[name], dtype=torch.float64) for name in self.letters])
        found: list[Tensor] = []
        queue = starts(home)
        if (only := root_of_affine(equation, queue)) is not None:
            found, queue = [only], []
        while queue:
            end = search(equation, queue.pop(0), found)
            if end is not None:
                found.append(end)
                queue += mirrored(end)
        kept = [end for end in found if self.admitted(end)]
        if not kept:
            raise NotFound(f"no search found a root in {', '.join(self.letters)}")
        columns = torch.stack(kept, dim=1).detach()
        return torch.from_numpy(in_order(columns.numpy().reshape(-1), self.rows)).reshape(self.rows, -1)

    def admitted(self, end: Tensor) -> bool:
        """Whether the letters that stand for positive numbers are positive."""
        return all(float(value) > DISTINCT for name, value in zip(self.letters, end) if name in self.positive)


def root_of_affine(equation: Callable[[Tensor], Tensor], places: list[Tensor]) -> Tensor | None:
    """The one root of an equation that is seen to be affine at all these places; None for any other."""
    height = equation(places[0])  # first, because it settles which noise is used
    root = newton(equation, places[0]) if len(height) == len(places[0]) else None
    if root is None:
        return None
    slope = torch.func.jacrev(equation)(root)
    for place in places:
        straight = slope @ (place - root)
        if not bool((equation(place) - straight).abs().max() <= STRAIGHT * straight.abs().max()):
            return None
    return root


def starts(home: Tensor) -> list[Tensor]:
    """Where the searches begin: at the letters of the instance, at zero, and at random in growing circles."""
    generator = torch.Generator().manual_seed(STARTS)
    circles = torch.randn(STARTS, len(home), generator=generator, dtype=torch.float64)
    return [home, 0 * home, *(circle * (k + 1) / 2 for k, circle in enumerate(circles))]


def mirrored(end: Tensor) -> list[Tensor]:
    """The images of a root, numbers reversed or silenced: under a symmetry they are roots that searches may miss."""
    signs = product((1.0, -1.0, 0.0), repeat=len(end)) if len(end) <= MIRRORED else ()
    return [end * torch.tensor(sign, dtype=torch.float64) for sign in signs if min(sign) < 1]


def search(equation: Callable[[Tensor], Tensor], start: Tensor, found: list[Tensor]) -> Tensor | None:
    """The new root at which a search ends; None when it ends nowhere, or at one that is known."""
    from scipy.optimize import root

    def residual(point: np.ndarray) -> np.ndarray:
        return equation(torch.from_numpy(np.array(point))).detach().numpy()

    if not all(apart(start, other) for other in found):
        return None
    with np.errstate(all="ignore"):
        ended = root(residual, start.numpy(), method="hybr", options={"maxfev": PATIENCE})
    near = torch.from_numpy(ended.x)
    if not ended.success or not all(apart(near, other) for other in found):
        return None
    polished = newton(equation, near)
    return polished if polished is not None and all(apart(polished, other) for other in found) else None


def apart(one: Tensor, other: Tensor) -> bool:
    """Whether two ends are different roots."""
    return float((one - other).abs().max()) > DISTINCT * (1 + float(one.abs().max()))


def roots(*letters: str, positive: tuple[str, ...] = (), of: Callable[..., Tensor] = the_mean) -> Callable[..., Any]:
    """The twin (or `of` its means) is a column of equations in scalar letters; every root is listed, in no order."""
    return wearing(Roots(letters, positive, of))


def spectrum(twin: Callable[..., Any]) -> Callable[..., Any]:
    """The twin returns a square matrix; the quantity is the eigenvalues of its mean, in no order."""
    return wearing(Spectrum())(twin)


def lowest(matrix: Tensor) -> Tensor:
    """The smallest eigenvalue of a symmetric matrix."""
    return torch.linalg.eigvalsh(matrix)[0]
