"""Softmax attention over two clusters: the measurements behind `derivations/denoising/mixtures.py`.

Attention over an endless context is a ratio of two means over one token.
"""

import torch
from torch.func import grad

from workbench.evidence import crossing, function_of_means, ratio

GRID = torch.linspace(-40, 40, 3201, dtype=torch.float64)  # of tokens on a line, over which endless contexts are summed


def nearby(m, root, z, xi, noise):
    """Value and distance weight of one clean token, averaged over the two clusters that it may come from."""
    tokens = torch.stack([m, -m]) + root @ noise
    weights = torch.exp(-((z - tokens) ** 2).sum(-1) / (2 * xi**2)) / 2
    return weights @ tokens, weights.sum()


@ratio
def denoiser(m, Gamma, z, xi, *, draw):
    """Value and weight of one clean token: noise that leads from it to the query is as likely as its weight."""
    return nearby(m, torch.linalg.cholesky(Gamma), z, xi, draw.normal("token", len(m)))


def joined(value, mass, z, share, rest):
    """A head and a skip, each with its weight."""
    return share * value / mass + rest * z


@function_of_means(joined)
def one_head(m, gamma, z, xi, *, draw):
    """Value and softmax weight of one noisy token, the query, and the weights of head and skip."""
    spread = gamma**2 + xi**2
    tokens = torch.stack([m, -m]) + torch.as_tensor(spread).sqrt() * draw.normal("token", len(m))
    weights = torch.exp(tokens @ z / spread) / 2
    shares = (torch.as_tensor(part / spread, dtype=torch.float64) for part in (xi**2, gamma**2 - xi**2))
    return weights @ tokens, weights.sum(), z, *shares


def averaged(scores, s, spread):
    """Tokens of an endless line around ±s with that variance, weighted by the exponentials of their scores."""
    likely = torch.logaddexp(-((GRID - s) ** 2) / (2 * spread), -((GRID + s) ** 2) / (2 * spread))
    return torch.softmax(scores + likely, dim=-1) @ GRID


def guess(z, s, gamma, xi):
    """The best guess at z on a line: clean tokens, weighted by how likely noise leads from them to the query."""
    return averaged(-((z - GRID) ** 2) / (2 * xi**2), s, gamma**2)


@crossing("xi", 0.1, 4)
def skipless_noise(s, gamma, xi, *, draw):
    """The weight of the token in the combination of token and head that is the best guess at two queries."""
    queries, spread = (torch.tensor(z, dtype=torch.float64) for z in (1, 2)), gamma**2 + xi**2
    rows = [(z, averaged(GRID * z / spread, s, spread), guess(z, s, gamma, xi)) for z in queries]
    tokens, heads, best = (torch.stack(column) for column in zip(*rows))
    return torch.linalg.solve(torch.stack([tokens, heads], dim=1), best)[0]


def pulled(c, s, gamma, xi, noise):
    """The slopes in the guess's place on the axis of a token's weighted value and weight, and the weight itself."""

    def read(u):
        value, mass = nearby(s * c, gamma * torch.eye(len(c)), u * c, xi, noise)
        return torch.stack([c @ value, mass])

    middle = torch.zeros((), dtype=torch.float64)
    value, mass = read(middle)
    return *torch.func.jacfwd(read)(middle), value, mass


def quotient_slope(moved, weighed, value, mass):
    """The slope of a ratio of means."""
    return moved / mass - value * weighed / mass**2


@function_of_means(quotient_slope)
def stretch(c, s, gamma, xi, *, draw):
    """The slope of a guess in the middle, by autograd through numerator and denominator."""
    return pulled(c, s, gamma, xi, draw.normal("token", len(c)))


@crossing("xi", 0.1, 20)
def critical_noise(s, gamma, xi, *, draw):
    """The growth less one of a small guess on a line, by autograd through the sum over an endless clean context."""

    return grad(lambda z: guess(z, s, gamma, xi))(torch.zeros((), dtype=torch.float64)) - 1
