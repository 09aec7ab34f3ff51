"""Attention layers that remove noise, and the prompts that they read, as a network would run them."""

import torch
from torch import Tensor

from workbench.evidence import Draw


def linear_attention(context: Tensor, query: Tensor) -> Tensor:
    """The tokens of the context (…, L, d), each weighted by its scalar product with the query, averaged."""
    scores = (context * query[..., None, :]).sum(-1)
    return (scores[..., None] * context).mean(-2)


def coloured(Sigma: Tensor, noise: Tensor) -> Tensor:
    """Standard noise (…, d) turned into draws from N(0, Σ)."""
    return noise @ torch.linalg.cholesky(Sigma).T


def prompt(Sigma: Tensor, v: Tensor | float, L: int, draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """L clean tokens, a clean query, and the same query under noise of variance v."""
    d = len(Sigma)
    clean = coloured(Sigma, draw.normal("query", d))
    noise = torch.as_tensor(v, dtype=torch.float64).sqrt() * draw.normal("noise", d)
    return coloured(Sigma, draw.normal("tokens", L, d)), clean, clean + noise


def distance(one: Tensor, other: Tensor) -> Tensor:
    """Squared distance."""
    return ((one - other) ** 2).sum(-1)
