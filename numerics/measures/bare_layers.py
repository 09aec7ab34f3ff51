"""Layers without residual connections on clouds of tokens: behind `derivations/measures/bare_layers.py`."""

import torch
from torch.func import jacfwd

from numerics.measures.clouds import covariance as covariance_of
from numerics.measures.clouds import linear_attend, particles
from workbench.evidence import crossing


def layer(tokens, A, V):
    """The cloud in which each token is replaced by what it reads."""
    return linear_attend(tokens, A) @ V.T


def on_a_line(tokens, v, a):
    """The same for tokens that are numbers."""
    return layer(tokens, a * torch.eye(1), v * torch.eye(1))


def covariance(Sigma, A, V, *, draw):
    """The covariance of a cloud after one layer."""
    return covariance_of(layer(particles(Sigma), A, V))


@crossing("variance", 0.0001, 4096)
def critical_variance(v, a, variance, *, draw):
    """By how much one layer changes the variance of a cloud on a line."""
    cloud = particles(variance * torch.eye(1))
    return (covariance_of(on_a_line(cloud, v, a)) - covariance_of(cloud)).reshape(())


def collapse(start, T, *, draw):
    """The logarithm of the variance after layers with value and score one."""
    cloud = particles(torch.exp(torch.as_tensor(start)) * torch.eye(1))
    for _ in range(T):
        cloud = on_a_line(cloud, 1.0, 1.0)
    return torch.log(covariance_of(cloud)).reshape(())


def rank_conservation(Sigma, A, V, *, draw):
    """How the volume of a cloud changes with the step of a residual layer, by autograd."""
    cloud = particles(Sigma)
    return jacfwd(lambda h: torch.logdet(covariance_of(cloud + h * layer(cloud, A, V))))(torch.tensor(0.0))
