"""Searches: extremes and minimisers, found by descent from many starts, and thresholds by halving.

An inequality is measured as the worst case that a search can find: the largest (smallest) mean as a
letter varies. A fixed point that training should reach is measured as the place where descent ends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.evidence.protocols import Experiment, Means, NotFound, newton, the_mean, wearing

SAME = 1e-6  # share of the fall within which two ends are equally low: descent stops short of the ground


@dataclass(frozen=True)
class Search:
    """The quantity is the smallest (sign −1: largest) mean as a letter varies, by descent from many starts."""

    over: str
    sign: float
    starts: int
    combine: Callable[..., Tensor]

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        height, _ = self.height(means, letters)
        lowest = min(float(height(end)) for end in self.ends(height, self.places(letters)))
        return torch.tensor(self.sign * lowest, dtype=torch.float64)

    def height(self, means: Means, letters: dict[str, Any]) -> tuple[Callable[[Tensor], Tensor], torch.Size]:
        """What descends, as a function of the flattened letter, and the letter's shape."""
        shape = torch.as_tensor(letters[self.over]).shape

        def height(flat: Tensor) -> Tensor:
            return self.sign * self.combine(*means(**{self.over: flat.reshape(shape)})).reshape(())

        return height, shape

    def places(self, letters: dict[str, Any]) -> list[Tensor]:
        """Where descent starts: at the letter of the instance, and at random around it."""
        home = torch.as_tensor(letters[self.over], dtype=torch.float64).reshape(-1)
        generator = torch.Generator().manual_seed(self.starts)
        spread = 1 + home.square().mean().sqrt()
        around = spread * torch.randn(self.starts - 1, len(home), generator=generator, dtype=torch.float64)
        return [home, *around]

    def ends(self, height: Callable[[Tensor], Tensor], places: list[Tensor]) -> list[Tensor]:
        """Where descent ends."""
        height(places[0])  # first, because it settles which noise is used
        found = [end for start in places if (end := descend(height, start)) is not None]
        if not found:
            raise NotFound(f"no descent in {self.over} came to an end: the mean is not bounded where it was searched")
        return found


@dataclass(frozen=True)
class Descent(Search):
    """The quantity is the letter at which the mean is smallest; every descent that ends lowest must end there."""

    @property
    def letter(self) -> str:
        return self.over

    def solve(self, means: Means, letters: dict[str, Any]) -> Tensor:
        height, shape = self.height(means, letters)
        places = self.places(letters)
        found = self.ends(height, places)
        best = min(found, key=lambda end: float(height(end)))
        level, size = float(height(best)), 1 + float(best.abs().max())
        fall = max(float(height(start)) for start in places) - level
        lowest = [end for end in found if float(height(end)) <= level + SAME * fall]
        if any(float((end - best).abs().max()) > size * SAME**0.5 for end in lowest):
            raise NotFound(f"descent in {self.over} ends in several places that are equally low")
        polished = newton(torch.func.grad(height), best)
        if polished is None:
            raise NotFound(f"the lowest point in {self.over} is not isolated")
        return polished.reshape(shape)


def descend(height: Callable[[Tensor], Tensor], start: Tensor) -> Tensor | None:
    """Where quasi-Newton descent (BFGS) ends; None when it runs away."""
    from scipy.optimize import minimize

    slope = torch.func.grad(height)

    def both(flat: np.ndarray) -> tuple[float, np.ndarray]:
        point = torch.from_numpy(np.array(flat, dtype=float))
        return float(height(point)), slope(point).detach().numpy()

    with np.errstate(all="ignore"):
        ended = minimize(both, start.numpy(), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 400})
    steep = np.abs(ended.jac).max() if np.isfinite(ended.fun) else np.inf
    settled = steep <= SAME * max(1.0, abs(ended.fun))  # BFGS may stop a little short, at what floats allow
    return torch.from_numpy(ended.x) if settled else None


@dataclass(frozen=True)
class Bracket(Experiment):
    """The quantity is the value of a letter at which what a run returns changes sign.

    The bracket is halved with the same randomness; half of its last width is the bound.
    """

    sought: str
    low: float
    high: float
    halvings: int

    def outcome(self, run: Callable[..., Tensor], chance: torch.Generator) -> tuple[Tensor, float]:
        low, high = self.low, self.high
        below = bool(run(**{self.sought: low}) > 0)
        if below == bool(run(**{self.sought: high}) > 0):
            raise NotFound(f"no run changes sign for {self.sought} in [{low}, {high}]")
        for _ in range(self.halvings):
            middle = (low + high) / 2
            same = bool(run(**{self.sought: middle}) > 0) == below
            low, high = (middle, high) if same else (low, middle)
        return torch.tensor((low + high) / 2, dtype=torch.float64), (high - low) / 2


def largest(letter: str, *, starts: int = 8, of: Callable[..., Tensor] = the_mean) -> Callable[..., Any]:
    """The largest mean of the twin as `letter` varies freely: the worst case of an upper bound."""
    return wearing(Search(letter, -1.0, starts, of))


def smallest(letter: str, *, starts: int = 8, of: Callable[..., Tensor] = the_mean) -> Callable[..., Any]:
    """The smallest mean of the twin as `letter` varies freely: the worst case of a lower bound."""
    return wearing(Search(letter, 1.0, starts, of))


def descent(letter: str, *, starts: int = 8, of: Callable[..., Tensor] = the_mean) -> Callable[..., Any]:
    """The value of `letter` at which descent on the twin's mean (a loss) ends, from many starts."""
    return wearing(Descent(letter, 1.0, starts, of))


def bracket(letter: str, low: float, high: float, *, runs: int = 8, halvings: int = 12) -> Callable[..., Any]:
    """The twin is a run whose outcome changes sign once as `letter` grows from low to high: an onset."""
    return wearing(Bracket(runs, letter, low, high, halvings))
