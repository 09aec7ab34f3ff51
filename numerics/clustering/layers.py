"""Linear attention heads and the prompts of two clusters that they read, as a network would run them."""

from math import comb

import torch
from torch import Tensor

from workbench.evidence import Draw


def attention(X: Tensor, M: Tensor, lamda: float | Tensor) -> Tensor:
    """What the first token becomes: all tokens, its own included, weighted by merged scores (2λ/L) x_1ᵀ M x_k."""
    scores = X @ M @ X[..., 0, :, None]
    return 2 * lamda / X.shape[-2] * (scores * X).sum(-2)


def multi_head_attention(X: Tensor, U: Tensor, lamda: float | Tensor) -> Tensor:
    """The same head by head: the columns of U are key and query vectors, the values are the tokens."""
    keys, queries = X @ U, X[..., 0, :] @ U
    outputs = torch.einsum("...kh,...h,...kd->...hd", keys, queries, X)
    return 2 * lamda / X.shape[-2] * outputs.sum(-2)


def labellings(L: int) -> tuple[Tensor, Tensor]:
    """Labels of L tokens and how likely they are; of the tokens after the first only the numbers matter."""
    labels = [[first, *([1] * ones), *([0] * (L - 1 - ones))] for first in (0, 1) for ones in range(L)]
    chances = [comb(L - 1, ones) / 2**L for _ in (0, 1) for ones in range(L)]
    return torch.tensor(labels), torch.tensor(chances, dtype=torch.float64)


def token_noise(L: int, d: int, draw: Draw) -> Tensor:
    """The noise of a prompt's L tokens; the first has a block of its own, since it is query, key and value at once."""
    return torch.cat([draw.normal("first token", 1, d), draw.normal("other tokens", L - 1, d)])


def prompts(mu0: Tensor, mu1: Tensor, sigma: float | Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
    """A prompt under every labelling of its tokens, with the same noise; shape (labellings, L, d), and chances."""
    labels, chances = labellings(len(noise))
    return torch.stack([mu0, mu1])[labels] + sigma * noise, chances


def loss(X: Tensor, outputs: Tensor, chances: Tensor) -> Tensor:
    """Squared distance between the first token and its output, averaged over the labellings."""
    return chances @ ((X[..., 0, :] - outputs) ** 2).sum(-1)


def turned(start, towards, angle):
    """The unit vector at that angle from one unit vector towards another."""
    return torch.cos(angle) * start + torch.sin(angle) * towards


def error(mu0, mu1, sigma, lamda, noise, heads):
    """Squared error of the layer with these heads on one prompt."""
    X, chances = prompts(mu0, mu1, sigma, noise)
    return loss(X, multi_head_attention(X, torch.stack(heads, dim=-1), lamda), chances)


def descended(X: Tensor, heads: Tensor, lamda: float, steps: int, rate: float) -> Tensor:
    """Unit heads after projected gradient descent on the prompts X of one data set: step, then back to the spheres."""
    for _ in range(steps):
        weights = heads.clone().requires_grad_()
        ((X[:, 0] - multi_head_attention(X, weights, lamda)) ** 2).sum(-1).mean().backward()
        heads = heads - rate * weights.grad
        heads = heads / heads.norm(dim=0)
    return heads
