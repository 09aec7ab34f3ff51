"""Stochastic gradient descent around the trained head: the measurements behind `derivations/pca/wobble.py`."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.pca.heads import cloud
from workbench.evidence import Draw, experiment, function_of_means, witness

BURN, KEPT, HEADS = 450, 150, 1000  # steps of descent, and how many heads descend at once
STEP = 0.03  # in units of 1/(λσ₁²): where no axis is near the first, BURN halves of it forget the start


def errors(heads: Tensor, lamda: Any, x: Tensor, tokens: Tensor) -> Tensor:
    """The squared distance of each token from what its own head (rows) returns over an endless prompt."""
    returned = (heads @ tokens.T) @ tokens / len(tokens)
    return torch.sum((x - lamda * torch.sum(heads * x, dim=1, keepdim=True) * returned) ** 2, dim=1)


def slopes(heads: Tensor, lamda: Any, x: Tensor, tokens: Tensor) -> Tensor:
    """The gradient of each error in its head, by autograd."""
    return grad(lambda vectors: torch.sum(errors(vectors, lamda, x, tokens)))(heads)


def trained(lamda: Any, prompt: Tensor) -> Tensor:
    """The head on the first axis with the least mean error: a quartic in its length, read off at three lengths."""
    first = torch.eye(prompt.shape[1])[0]
    none, one, two = (torch.mean(errors(r * first.expand_as(prompt), lamda, prompt, prompt)) for r in (0, 1, 2))
    wall = ((two - none) / 4 - (one - none)) / 3
    return first * torch.sqrt((wall - (one - none)) / (2 * wall))


def at_the_minimum(lamda: Any, variances: list[float], draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """The trained head over tokens with these variances on their axes, one token's slope there, and the prompt."""
    prompt = cloud(torch.diag(torch.tensor(variances)))
    head, x = trained(lamda, prompt), torch.tensor(variances).sqrt() * draw.normal("token", len(variances))
    return head, slopes(head[None], lamda, x[None], prompt)[0], prompt


def noise(first, second, lamda, *, draw):
    """The squared slope of one token's error along the second axis."""
    return at_the_minimum(lamda, [first, second], draw)[1][1] ** 2


def stationary(noise: Tensor, bends: Tensor) -> Tensor:
    """The covariance V of small steps, per step size: HV + VH is the covariance of the gradient."""
    bends, one = bends.contiguous(), torch.eye(len(bends))
    return torch.linalg.solve(torch.kron(bends, one) + torch.kron(one, bends), noise.reshape(-1)).reshape(bends.shape)


def settled(noise: Tensor, head: Tensor, prompt: Tensor, lamda: Tensor) -> tuple[Tensor, Tensor]:
    """Covariance of the head around the minimum, per step size, and the curvature there."""
    bends = hessian(lambda mu: torch.mean(errors(mu.expand_as(prompt), lamda, prompt, prompt)))(head)
    return stationary(noise, bends), bends


def angle(noise, head, prompt, lamda):
    """How much of the covariance is across the head, over its squared length."""
    spread, _ = settled(noise, head, prompt, lamda)
    return (torch.trace(spread) - head @ spread @ head / (head @ head)) / (head @ head)


def cost(noise, head, prompt, lamda):
    """What the covariance adds to the risk."""
    spread, bends = settled(noise, head, prompt, lamda)
    return torch.trace(spread @ bends) / 2


def covariance_of_slopes(first, second, third, lamda, draw):
    """Products of one token's slopes at the trained head, and what the combination needs to know."""
    head, slope, prompt = at_the_minimum(lamda, [first, second, third], draw)
    return torch.outer(slope, slope), head, prompt, torch.tensor(lamda)


@function_of_means(angle)
def misalignment(first, second, third, lamda, *, draw):
    """The stationary law of small steps, from one token's slopes."""
    return covariance_of_slopes(first, second, third, lamda, draw)


def wobble(step: Any, tokens: Tensor, lamda: Any, prompt: Tensor) -> Tensor:
    """The mean squared sine between first axis and heads that descend on a fresh token in each step, per step size.

    tokens: (steps, heads, d). The heads take the step, and once more the same tokens with half of it: both values.
    """
    steps = torch.stack([step, step / 2]).repeat_interleave(tokens.shape[1])[:, None]
    heads, found = trained(lamda, prompt).repeat(len(steps), 1), []
    for x in tokens:
        heads = heads - steps * slopes(heads, lamda, x.repeat(2, 1), prompt)
        found.append(1 - heads[:, 0] ** 2 / torch.sum(heads**2, dim=1))
    return (torch.stack(found[BURN:]).mean(0) / steps[:, 0]).reshape(2, -1).mean(1)


@witness(misalignment)
@experiment(runs=4)
def angle_of_descent(first, second, third, lamda, *, draw):
    """Heads that really descend, each on a fresh token in every step; what is of first order in the step is removed."""
    variances, lamda = torch.tensor([first, second, third]), torch.as_tensor(lamda)
    tokens = draw.normal("tokens", BURN + KEPT, HEADS, 3) * variances.sqrt()
    whole, half = wobble(STEP / (lamda * first**2), tokens, lamda, cloud(torch.diag(variances)))
    return 2 * half - whole


@function_of_means(cost)
def excess(first, second, third, lamda, *, draw):
    """The same for the risk."""
    return covariance_of_slopes(first, second, third, lamda, draw)
