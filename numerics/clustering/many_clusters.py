"""Heads among K centroids: the measurements behind `derivations/clustering/many_clusters.py`."""

import torch
from torch.func import grad

from workbench.evidence import crossing, root


def attention(X, M, strength):
    """What the first token becomes: all tokens, its own included, weighted by scores x_1ᵀ M x_k."""
    scores = X @ M @ X[..., 0, :, None]
    return strength / X.shape[-2] * (scores * X).sum(-2)


def error(C, M, lamda, L):
    """Squared error of the layer at the first token, averaged over all K^L prompts of centroids."""
    K = C.shape[1]
    X = C.T[torch.cartesian_prod(*[torch.arange(K)] * L).reshape(-1, L)]
    return ((X[:, 0] - attention(X, M, K * lamda)) ** 2).sum(-1).mean()


def risk(C, M, lamda, L, *, draw):
    """Squared error over all prompts."""
    return error(C, M, lamda, L)


def leaning_error(K, lamda, L, angle):
    """Squared error where K heads have turned by an angle off the first K axes, each towards an axis of its own."""
    axes = torch.eye(2 * K, dtype=torch.float64)
    heads = torch.cos(angle) * axes[:, :K] + torch.sin(angle) * axes[:, K:]
    return error(axes[:, :K], heads @ heads.T, lamda, L)


def angle_of(alpha):
    """The angle at which a head's squared overlap is α."""
    return torch.acos(torch.as_tensor(alpha, dtype=torch.float64).sqrt())


def aligned_risk(K, lamda, L, alpha, *, draw):
    """Squared error with aligned heads."""
    return leaning_error(K, lamda, L, angle_of(alpha))


@root("alpha")
def overlap(K, lamda, L, alpha, *, draw):
    """The slope of the squared error along the manifold."""
    return grad(lambda alpha: leaning_error(K, lamda, L, angle_of(alpha)))(torch.as_tensor(alpha, dtype=torch.float64))


def bend(K, lamda, L):
    """The second derivative of the squared error as all heads turn off the centroids, per unit of length."""
    return grad(grad(lambda length: leaning_error(K, lamda, L, length / K**0.5)))(torch.zeros((), dtype=torch.float64))


def escape(K, lamda, L, *, draw):
    """That second derivative."""
    return bend(K, lamda, L)


@crossing("lamda", 0.02, 3)
def critical_strength(K, lamda, L, *, draw):
    """The bend, which changes sign where heads begin to turn away."""
    return bend(K, lamda, L)
