"""Trainings: slopes for their steps, and where an optimiser comes to rest, for twins whose definition is a training."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import torch
from torch import Tensor
from torch._C import _functorch as functorch
from torch.func import grad
from torch.utils._pytree import tree_flatten, tree_unflatten

from workbench.evidence.protocols import NotFound

RECORDED = ContextVar("RECORDED", default=False)  # whether a slope is being taken of what runs now


def gradient(loss: Callable[..., Tensor]) -> Callable[..., Any]:
    """The gradient of a loss in its first argument (tensors in any arrangement), for the steps of a training.

    What torch.func.grad gives, in less than half of its time: nothing is differentiated through the step of a training.
    Gradients of gradients, and those under torch.func's transforms, are left to torch.func.
    """

    def slopes(at: Any, *others: Any) -> Any:
        parts, arrangement = tree_flatten(at)
        given = [each for each in (*parts, *tree_flatten(others)[0]) if isinstance(each, Tensor)]
        if RECORDED.get() or transformed() or any(each.requires_grad for each in given):
            return grad(loss)(at, *others)
        points = [part.detach().requires_grad_() for part in parts]
        outer = RECORDED.set(True)
        try:
            value = loss(tree_unflatten(points, arrangement), *others)
        finally:
            RECORDED.reset(outer)
        found = torch.autograd.grad(value, points, materialize_grads=True)
        return tree_unflatten(list(found), arrangement)

    return slopes


def transformed() -> bool:
    """Whether this runs under a transform of torch.func."""
    return functorch.peek_interpreter_stack() is not None


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
