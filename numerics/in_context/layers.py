"""A layer of linear self-attention and the prompts it reads, as a network would run them."""

import torch
from torch import Tensor

from workbench.evidence import Draw


def tokens(x: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """The prompt as columns: (x_k, y_k) for the context, (x, 0) for the query; shape (d+1, N+1)."""
    context = torch.cat([x.T, y[None, :]])
    return torch.cat([context, torch.cat([query, query.new_zeros(1)])[:, None]], dim=1)


def linear_attention(Z: Tensor, W_value: Tensor, W_score: Tensor) -> Tensor:
    """Z plus its linear self-attention: keys and values from the context, queries from every token."""
    context = Z[:, :-1]
    return Z + W_value @ context @ (context.T @ W_score @ Z) / context.shape[1]


def merged_weights(U: Tensor) -> tuple[Tensor, Tensor]:
    """Weights of the layer whose value matrix reads the answers and whose scores compare the inputs through U."""
    d = len(U)
    W_value, W_score = U.new_zeros(d + 1, d + 1), torch.nn.functional.pad(U, (0, 1, 0, 1))
    return torch.cat([W_value[:d], torch.nn.functional.one_hot(torch.tensor(d), d + 1).to(U)[None, :]]), W_score


def prediction(U: Tensor, x: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """What the layer writes where the query's answer is missing."""
    return linear_attention(tokens(x, y, query), *merged_weights(U))[-1, -1]


def predictions(U: Tensor, x: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """The same for a batch of prompts, nothing but the answers computed: training does so many times."""
    scores = torch.sum(x * (query @ U.T)[:, None, :], dim=-1)
    return torch.mean(scores * y, dim=-1)


def prompt(Lambda: Tensor, C: Tensor, sigma: float, length: int, draw: Draw) -> tuple[Tensor, ...]:
    """A task, a context of `length` noisy examples of it, and a query."""
    d, root = len(Lambda), torch.linalg.cholesky(Lambda)
    x = draw.normal("tokens", length, d) @ root.T
    w = torch.linalg.cholesky(C) @ draw.normal("task", d)
    y = x @ w + sigma * draw.normal("noise", length)
    return x, y, root @ draw.normal("query", d), w


def gain(Lambda: Tensor, C: Tensor, sigma: float, length: int, U: Tensor, *, draw: Draw) -> Tensor:
    """Squared error of the layer minus the squared answer, on one prompt: positive where the layer harms."""
    x, y, query, w = prompt(Lambda, C, sigma, length, draw)
    return (w @ query - prediction(U, x, y, query)) ** 2 - (w @ query) ** 2


def rank_one_heads(v: Tensor, k: Tensor, q: Tensor, x: Tensor, y: Tensor, query: Tensor) -> Tensor:
    """What heads with numbers v, keys and queries in the rows of k and q, write where the query's answer is missing."""
    scores = (x @ k.T) * (q @ query)
    return y @ scores @ v / len(y)
