"""Heads among K noisy clusters: the measurements behind `derivations/clustering/noisy_clusters.py`."""

import torch
from torch import Tensor
from torch.func import grad

from numerics.clustering.layers import turned
from workbench.evidence import at, crossing


def second_moment(C, sigma, *, draw):
    """Outer squares of a token of each cluster, with the same noise."""
    tokens = C.T + sigma * draw.normal("token", len(C))
    return tokens.T @ tokens / len(tokens)


def endless_error(K: int, sigma, lamda, angle: Tensor, draw) -> Tensor:
    """Squared error on an endless prompt as a head turns off the span of K axes: its square reads two tokens."""
    axes = torch.eye(K + 1, dtype=torch.float64)
    heads = torch.cat([turned(axes[0], axes[K], angle)[None], axes[1:K]]).T
    labels = torch.cartesian_prod(*[torch.arange(K)] * 3).reshape(-1, 3)
    noise = torch.stack([draw.normal(f"token {k}", K + 1) for k in "012"])
    x, *others = (axes[:K][labels] + sigma * noise).unbind(1)
    left, right = (x - K * lamda * (((x @ heads) * (y @ heads)).sum(-1)[:, None] * y) for y in others)
    return (left * right).sum(-1).mean()


def escape(K, sigma, lamda, *, draw):
    """The second derivative of that error in the angle."""
    start = torch.zeros((), dtype=torch.float64)
    return grad(grad(lambda angle: endless_error(K, sigma, lamda, angle, draw)))(start)


@crossing("lamda", 0.001, 3)
def critical_strength(K, sigma, lamda, *, draw):
    """That second derivative, which changes sign where heads begin to turn away."""
    return escape(K, sigma, lamda, draw=draw)


@crossing("sigma", 0.001, 30)
def critical_noise(K, lamda, sigma, *, draw):
    """The same, as the noise grows."""
    return escape(K, sigma, lamda, draw=draw)


@at(lamda=critical_strength)
def margin(K, sigma, lamda, *, draw):
    """What heads on the centroids return of the first one, averaged over tokens of all clusters that it attends to."""
    axes = torch.eye(K, dtype=torch.float64)
    x = axes[0] + sigma * draw.normal("token", K)
    y = axes + sigma * draw.normal("other", K)
    return K * lamda * torch.mean((y @ x)[:, None] * y, dim=0)[0]
