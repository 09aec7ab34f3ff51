"""Trainings: where a real optimiser comes to rest, for twins whose definition is a training."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from workbench.evidence.protocols import NotFound


def trained(loss: Callable[[Tensor], Tensor], start: Tensor, *, steps: int = 500, change: float = 1e-9) -> Tensor:
    """The weights at which L-BFGS ends that begins at `start`.

    steps: how many it may take; change: of loss or weights, below which it rests.
    Raises NotFound while it is still on its way: such a training says nothing of where it would end.
    """
    weights = start.clone().requires_grad_()
    optimiser = torch.optim.LBFGS(
        [weights], max_iter=steps, tolerance_grad=1e-12, tolerance_change=change, line_search_fn="strong_wolfe"
    )

    def evaluate() -> Tensor:
        optimiser.zero_grad()
        value = loss(weights)
        value.backward()
        return value

    optimiser.step(evaluate)  # pyright: ignore[reportArgumentType]
    if optimiser.state[weights]["n_iter"] >= steps or not bool(weights.isfinite().all()):
        raise NotFound(f"training has not come to rest after {steps} steps")
    return weights.detach()
