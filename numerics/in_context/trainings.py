"""Training of heads with keys and queries of their own: gradient descent on sampled prompts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from numerics.in_context.layers import rank_one_heads
from workbench.evidence import Draw


class Prompts(NamedTuple):
    """Many prompts with a task each, and the answers that are asked for."""

    x: Tensor
    y: Tensor
    query: Tensor
    answers: Tensor


def sampled(Lambda: Tensor, sigma: float, N: int, size: int, draw: Draw) -> Prompts:
    """That many prompts with isotropic tasks."""
    d, root = len(Lambda), torch.linalg.cholesky(Lambda).T
    x, w = draw.normal("tokens", size, N, d) @ root, draw.normal("task", size, d)
    y = torch.einsum("bnd,bd->bn", x, w) + sigma * draw.normal("noise", size, N)
    query = draw.normal("query", size, d) @ root
    return Prompts(x, y, query, (w * query).sum(-1))


def descent(v: Tensor, k: Tensor, q: Tensor, rate: float, batches: Iterable[Prompts]) -> Iterator[tuple[float, Tensor]]:
    """The loss on each batch, and the merged weights Σ v k qᵀ that had it, of heads that then take a step downhill."""
    heads = [start.clone().requires_grad_() for start in (v, k, q)]
    optimiser = torch.optim.SGD(heads, lr=rate)
    layer = torch.vmap(rank_one_heads, in_dims=(None, None, None, 0, 0, 0))
    for x, y, query, answers in batches:
        optimiser.zero_grad()
        loss = torch.mean((answers - layer(*heads, x, y, query)) ** 2)
        loss.backward()
        v, k, q = (head.detach() for head in heads)
        yield float(loss.detach()), k.T @ (v[:, None] * q)
        optimiser.step()
