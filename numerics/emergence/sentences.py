"""Sentences of a skill, and the layer of linear attention that answers them."""

import torch
from torch import Tensor

from workbench.evidence import Draw


def correlated(lamda: float, R: Tensor, d: int, draw: Draw) -> Tensor:
    """Tokens N(0, λI) in R^d as rows, correlated along the sentence by R."""
    return lamda**0.5 * torch.linalg.cholesky(R) @ draw.normal("tokens", len(R), d)


def spoken(x: Tensor, lamda: float, draw: Draw) -> tuple[Tensor, Tensor, Tensor]:
    """What is said with these tokens: their labels, a query, and its label under the same meaning."""
    w = draw.normal("meaning", x.shape[1])
    query = lamda**0.5 * draw.normal("query", x.shape[1])
    return x @ w, query, w @ query


def attention(W: Tensor, x: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """Linear attention from the query to its context: value y_n at the score x_n W query."""
    return torch.mean(y * (x @ W @ query))
