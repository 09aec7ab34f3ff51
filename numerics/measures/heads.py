"""Attention heads over a context of tokens, as a network would run them."""

import torch
from torch import Tensor

from workbench.evidence import Draw


def token(mu: Tensor, Sigma: Tensor, draw: Draw) -> Tensor:
    """One token from N(μ, Σ)."""
    return mu + torch.linalg.cholesky(Sigma) @ draw.normal("token", len(mu))


def context(mu: Tensor, Sigma: Tensor, length: int, draw: Draw, name: str = "tokens") -> Tensor:
    """A context of tokens from N(μ, Σ); shape (length, d)."""
    return mu + draw.normal(name, length, len(mu)) @ torch.linalg.cholesky(Sigma).T


def softmax_attention(tokens: Tensor, scores: Tensor) -> Tensor:
    """The average of the tokens with softmax weights."""
    return torch.softmax(scores, dim=0) @ tokens


def without_each(tokens: Tensor, scores: Tensor) -> Tensor:
    """Softmax attention with each token in turn left out; shape (length, d)."""
    weights = torch.exp(scores - scores.detach().max())[:, None]
    total, mass = (weights * tokens).sum(0), weights.sum()
    return (total - weights * tokens) / (mass - weights)
