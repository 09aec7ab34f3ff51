"""The landscape of a head, surveyed at finitely many vectors; its critical points are found by searching.

A head with one vector returns something quadratic in it, so its risk is c + ½ H[μ, μ] + (1/24) F[μ, μ, μ, μ],
and the heights over a small lattice determine it everywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from torch import Tensor

STEPS = 40  # of Newton's method
FLAT = 1e-9  # curvature, relative to the largest, below which a direction is level (a sphere of critical points)
STARTS = torch.linspace(
    -1.6, 1.6, 18, dtype=torch.float64
)  # where searches begin, on either axis, in units of its critical point


class Landscape(NamedTuple):
    """A risk as a function of the vector of the head."""

    level: Tensor
    bowl: Tensor
    walls: Tensor

    def risk(self, mu: Tensor) -> Tensor:
        return self.level + self.gradient_of(self.bowl / 2, self.walls / 24, mu) @ mu

    def gradient(self, mu: Tensor) -> Tensor:
        return self.gradient_of(self.bowl, self.walls / 6, mu)

    def curvature(self, mu: Tensor) -> Tensor:
        return self.bowl + self.walls @ mu @ mu / 2

    @staticmethod
    def gradient_of(bowl: Tensor, walls: Tensor, mu: Tensor) -> Tensor:
        return bowl @ mu + walls @ mu @ mu @ mu

    def polished(self, mu: Tensor) -> Tensor:
        """The critical point that Newton's method reaches."""
        for _ in range(STEPS):
            curvatures, directions = torch.linalg.eigh(self.curvature(mu))
            level = curvatures.abs() <= FLAT * curvatures.abs().max()
            slopes = torch.where(level, 0, directions.T @ self.gradient(mu))
            mu = mu - directions @ (slopes / torch.where(level, 1, curvatures))
        return mu

    def axes(self) -> Tensor:
        """The directions in which rest is most and least unstable, as rows."""
        return torch.linalg.eigh(self.bowl)[1].T

    def along(self, axis: Tensor) -> Tensor:
        """How far from rest the slope along an axis vanishes."""
        return torch.sqrt(-6 * (axis @ self.bowl @ axis) / (self.walls @ axis @ axis @ axis @ axis))

    def critical_points(self) -> Tensor:
        """One critical point for each axis, as rows: the search begins where the slope along the axis vanishes."""
        return torch.stack([self.polished(self.along(axis) * axis) for axis in self.axes()])

    def minimiser(self) -> Tensor:
        """The critical point with the least risk."""
        points = self.critical_points()
        return points[torch.argmin(torch.stack([self.risk(point) for point in points]))]

    def census(self) -> Tensor:
        """All critical points that Newton's method reaches in the plane: the first axis, rest, the second axis."""
        sides = [self.along(axis) * axis for axis in self.axes()]
        starts = torch.cartesian_prod(STARTS, STARTS) @ torch.stack(sides)
        found, kept = torch.vmap(self.polished)(starts), []
        for point in found[found.isfinite().all(1)]:
            if all(torch.linalg.norm(point - other) > torch.linalg.norm(sides[0]) / 1e4 for other in kept):
                kept.append(point)
        return torch.stack(sorted(kept, key=lambda point: float(point.abs()[1] - point.abs()[0] - point.sum() / 1e3)))


def lattice(d: int) -> Tensor:
    """Vectors whose heights determine an even landscape of degree four, as rows."""
    points = torch.cartesian_prod(*[torch.arange(-2.0, 3.0, dtype=torch.float64)] * d).reshape(-1, d)
    return points[len(points) // 2 :]  # the others are opposite


def heights(error: Callable[[Tensor], Tensor], d: int) -> Tensor:
    """One sample's error at each vector of the lattice."""
    return torch.vmap(error)(lattice(d))


def surveyed(heights: Tensor, d: int) -> Landscape:
    """The landscape through these heights; the least solution is the one with symmetric coefficients."""
    points = lattice(d)
    squares = torch.einsum("ni,nj->nij", points, points).reshape(len(points), -1)
    fourths = torch.einsum("ni,nj->nij", squares, squares).reshape(len(points), -1)
    design = torch.cat([torch.ones(len(points), 1, dtype=torch.float64), squares / 2, fourths / 24], dim=1)
    found = torch.linalg.pinv(design) @ heights
    return Landscape(found[0], found[1 : 1 + d**2].reshape(d, d), found[1 + d**2 :].reshape([d] * 4))


def from_survey(quantity: Callable[[Landscape], Any]) -> Callable[[Tensor], Any]:
    """A quantity of the landscape as a function of the mean heights over the lattice."""

    def combine(heights: Tensor) -> Any:
        d = next(d for d in range(1, 9) if len(lattice(d)) == len(heights))
        return quantity(surveyed(heights, d))

    return combine


def risks(landscape: Landscape) -> Tensor:
    """The risk at each critical point off rest, in ascending order."""
    return torch.stack([landscape.risk(point) for point in landscape.critical_points()]).sort().values


def signed_lengths(landscape: Landscape) -> Tensor:
    """How far along its axis each critical point lies, rest and both sides counted, in ascending order."""
    lengths = torch.linalg.norm(landscape.critical_points(), dim=1)
    return torch.cat([-lengths, torch.zeros_like(lengths), lengths]).sort().values


def radial(landscape: Landscape) -> Tensor:
    """The curvature at each critical point along its own direction, in ascending order."""
    points = landscape.critical_points()
    return torch.stack([p @ landscape.curvature(p) @ p / (p @ p) for p in points]).sort().values


def transverse(landscape: Landscape) -> Tensor:
    """The eigenvalues of the curvature at each critical point with its direction projected away, in ascending order."""
    found = []
    for point in landscape.critical_points():
        away = torch.eye(len(point)) - torch.outer(point, point) / (point @ point)
        found.append(torch.linalg.eigvalsh(away @ landscape.curvature(point) @ away))
    return torch.cat(found).sort().values


def largest_stable_step(landscape: Landscape) -> Tensor:
    """2 over the largest curvature at the minimiser: where a step of descent begins to overshoot for good."""
    return 2 / torch.linalg.eigvalsh(landscape.curvature(landscape.minimiser()))[-1]
