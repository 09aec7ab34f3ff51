"""A trained head on other prompts: the measurements behind `derivations/pca/deployments.py`."""

import torch
from torch import Tensor

from numerics.pca.heads import cloud, linear_heads
from numerics.pca.wobble import trained
from workbench.evidence import crossing


def learned(v: Tensor, sigma: float) -> Tensor:
    """The head of unit strength that was trained where tokens have the variance sigma along v, as one column."""
    length = trained(1.0, cloud(torch.diag(torch.tensor([sigma, sigma / 2]))))[0]
    return (length * v)[:, None]


def answers(Omega: Tensor, v: Tensor, sigma: float) -> tuple[Tensor, Tensor]:
    """The tokens of an endless prompt with this covariance, and what the trained head returns at each of them."""
    tokens = cloud(Omega)
    return tokens, linear_heads(learned(v, sigma), 1.0, tokens, tokens)


def returned(Omega, v, sigma, *, draw):
    """The second moment of the answers."""
    tokens, found = answers(Omega, v, sigma)
    return found.T @ found / len(tokens)


def risk(Omega, v, sigma, *, draw):
    """The mean squared distance between tokens and answers."""
    tokens, found = answers(Omega, v, sigma)
    return torch.mean(torch.sum((tokens - found) ** 2, dim=1))


@crossing("scale", 0.001, 4096)
def harmful_scale(Omega, v, sigma, scale, *, draw):
    """How much farther than nothing the answers are from the tokens of a scaled prompt."""
    tokens, found = answers(scale * Omega, v, sigma)
    return torch.mean(torch.sum((tokens - found) ** 2 - tokens**2, dim=1))
