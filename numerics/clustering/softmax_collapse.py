"""A softmax head over two clusters of tokens: the measurements behind `derivations/clustering/softmax_collapse.py`.

Softmax over an endless context is a ratio of two means over one token.
"""

import torch
from torch.func import grad

from workbench.evidence import crossing, function_of_means, ratio


def weighted(m, root, z, tau, noise):
    """Value and softmax weight of one token, averaged over the two clusters that it may come from."""
    tokens = torch.stack([m, -m]) + root @ noise
    weights = torch.exp(tokens @ z / tau) / 2
    return weights @ tokens, weights.sum()


@ratio
def output(m, Sigma, z, tau, *, draw):
    """Value and weight of one token, attended from z."""
    return weighted(m, torch.linalg.cholesky(Sigma), z, tau, draw.normal("token", len(m)))


@function_of_means(lambda moved, weighed, total, mass: moved / mass - weighed * (total / mass**2))
def agreement_gradient(m, Sigma, z, tau, *, draw):
    """Autograd through numerator and denominator of the agreement, with both."""
    noise, root = draw.normal("token", len(m)), torch.linalg.cholesky(Sigma)

    def agreement(z):
        return z @ weighted(m, root, z, tau, noise)[0]

    def mass(z):
        return weighted(m, root, z, tau, noise)[1]

    return grad(agreement)(z), grad(mass)(z), agreement(z), mass(z)


def pulled(c, s, gamma, tau, noise):
    """How the weighted sum of a token's values along the axis grows with the query's place on the axis."""

    def read(u):
        return c @ weighted(s * c, gamma * torch.eye(len(c)), u * c, tau, noise)[0]

    return grad(read)(torch.zeros((), dtype=torch.float64))


def stretch(c, s, gamma, tau, *, draw):
    """That growth at the middle, where all tokens have the same weight."""
    return pulled(c, s, gamma, tau, draw.normal("token", len(c)))


@crossing("tau", 0.05, 20)
def critical_temperature(c, s, gamma, tau, *, draw):
    """The growth less one: its mean changes sign where iterated attention begins to collapse."""
    return pulled(c, s, gamma, tau, draw.normal("token", len(c))) - 1


@crossing("s", 0.0, 10)
def critical_separation(c, s, gamma, tau, *, draw):
    """The same as the clusters are drawn apart."""
    return pulled(c, s, gamma, tau, draw.normal("token", len(c))) - 1
