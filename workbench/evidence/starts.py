"""Starts: what a flow does from almost everywhere, told by the worst start that a search can find.

No number of runs proves a statement about almost every start, but one run refutes it. So the outcome that is furthest
from the usual one is looked for, first among many starts at random and then ever closer to the worst of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from workbench.evidence.protocols import Experiment, NotFound, wearing

STEPS, FIRST, LONGER = 60, 0.05, 1.3  # towards the end of a flow: how many, the first one, each against the one before
ROUNDS = 4  # in which the search closes in on the worst start, each within half the distance of the one before


@dataclass(frozen=True)
class AlmostEvery(Experiment):
    """The quantity is the outcome of the start, among those that a search finds, that is least like the others'."""

    over: str
    length: int
    starts: int

    def outcome(self, run: Callable[..., Tensor], chance: torch.Generator) -> tuple[Tensor, float]:
        def around(place: Tensor, distance: float) -> Tensor:
            moves = torch.randn(self.starts, self.length, generator=chance, dtype=torch.float64)
            return place + distance * moves

        def outcomes(places: Tensor) -> Tensor:
            ends = run(**{self.over: places})
            if not bool(ends.isfinite().all()):
                raise NotFound(f"a run from some {self.over} ends in no number; let it run in smaller steps")
            return ends

        places = around(torch.zeros(self.length, dtype=torch.float64), 1.0)
        ends = outcomes(places)
        usual = ends.median()
        for halvings in range(1, ROUNDS + 1):
            worst = places[(ends - usual).abs().argmax()]
            places = torch.cat([worst[None], around(worst, 2.0**-halvings)])
            ends = outcomes(places)
        return ends[(ends - usual).abs().argmax()], 0.0


def almost_every(letter: str, length: int, *, starts: int = 256, runs: int = 4) -> Callable[..., Any]:
    """What becomes of almost every start: the twin runs from all rows of `letter` and returns how each of them ends.

    Rows are standard normal; the twin puts them where they belong. A basin that holds a smaller share of them than one
    in `starts` may go unseen.
    """
    return wearing(AlmostEvery(runs, letter, length, starts))


def end_of_flow(places: Tensor, bowl: Callable[[Tensor], tuple[Tensor, Tensor]]) -> Tensor:
    """Where gradient flow from each place (n, d) ends, by implicit steps of growing length.

    bowl: the slopes (n, d) and curvatures (n, d, d) at places. Where the risk bends down a step goes further down,
    since it must not be drawn to what the flow leaves.
    """
    step = FIRST
    for _ in range(STEPS):
        slopes, curvatures = bowl(places)
        bends, axes = torch.linalg.eigh(curvatures)
        along = (axes.mT @ slopes[..., None])[..., 0]
        places = places - (axes @ (along * step / (1 + step * bends.abs()))[..., None])[..., 0]
        step *= LONGER
    return places
