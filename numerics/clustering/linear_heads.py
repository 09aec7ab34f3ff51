"""Linear attention heads on sampled prompts: the measurements behind `derivations/clustering/linear_heads.py`."""

import torch
from torch.func import grad

from numerics.clustering.layers import attention, loss, multi_head_attention, prompts, token_noise
from workbench.evidence import limit

LENGTHS = (1, 2, 4, 8)  # of the prompts from which endless ones are extrapolated


def risk(mu0, mu1, sigma, lamda, L, M, *, draw):
    """Squared error of the layer with merged scores M at the first token of one prompt."""
    X, chances = prompts(mu0, mu1, sigma, token_noise(L, len(mu0), draw))
    return loss(X, attention(X, M, lamda), chances)


def head_risk(mu0, mu1, sigma, lamda, L, U, *, draw):
    """The same for a layer that runs its heads one by one."""
    X, chances = prompts(mu0, mu1, sigma, token_noise(L, len(mu0), draw))
    return loss(X, multi_head_attention(X, U, lamda), chances)


def head_gradient(mu0, mu1, sigma, lamda, L, U, *, draw):
    """Autograd through the heads."""
    return grad(lambda heads: head_risk(mu0, mu1, sigma, lamda, L, heads, draw=draw))(U)


def rotated_heads(mu0, mu1, sigma, lamda, L, U, Q, *, draw):
    """Squared error of the layer after a rotation of its heads."""
    return head_risk(mu0, mu1, sigma, lamda, L, U @ Q, draw=draw)


def noiseless_risk(mu0, mu1, lamda, L, M, *, draw):
    """Squared error at the first of L tokens that are the centroids themselves."""
    X, chances = prompts(mu0, mu1, 0.0, torch.zeros(L, len(mu0)))
    return loss(X, attention(X, M, lamda), chances)


@limit()
def endless_risk(mu0, mu1, sigma, lamda, M, *, draw):
    """Squared error on prompts of growing length (nested)."""
    noise = token_noise(LENGTHS[-1], len(mu0), draw)
    nested = [prompts(mu0, mu1, sigma, noise[:L]) for L in LENGTHS]
    return torch.stack([loss(X, attention(X, M, lamda), chances) for X, chances in nested])
