"""Tokens that excite both heads: the measurements behind `derivations/clustering/regularisers.py`."""

import torch
from torch.func import grad

from numerics.clustering.centroids import bend
from numerics.clustering.layers import token_noise, turned
from workbench.evidence import crossing


def excitement(mu0, mu1, u0, u1, sigma, noise):
    """The squares of both scores of one token, multiplied, averaged over the cluster that it may come from."""
    tokens = torch.stack([mu0, mu1]) + sigma * noise
    return ((tokens @ u0) ** 2 * (tokens @ u1) ** 2).mean()


def penalty(mu0, mu1, u0, u1, sigma, *, draw):
    """That of one token."""
    return excitement(mu0, mu1, u0, u1, sigma, draw.normal("first token", 1, len(mu0))[0])


def in_plane(phi, sigma, noise):
    """The excitement of two heads turned from the centroids, in a plane."""
    mu0, mu1 = torch.eye(2, dtype=torch.float64)
    return excitement(mu0, mu1, turned(mu0, mu1, phi), turned(mu1, -mu0, phi), sigma, noise)


def turned_penalty(phi, sigma, *, draw):
    """That of one token."""
    return in_plane(torch.as_tensor(phi, dtype=torch.float64), sigma, draw.normal("token", 2))


def rotation(rho, sigma, *, draw):
    """Its second derivative per unit of length at the centroids, with the weight ρ."""
    noise = draw.normal("token", 2)
    return rho * grad(grad(lambda way: in_plane(way / 2**0.5, sigma, noise)))(torch.zeros((), dtype=torch.float64))


@crossing("rho", 1e-3, 1e4)
def critical_penalty(mu0, mu1, e, sigma, lamda, L, rho, *, draw):
    """The second derivative of squared error and weighted penalty as the first head turns off both centroids."""
    noise = token_noise(L, len(mu0), draw)

    def height(angle):
        return excitement(mu0, mu1, turned(mu0, e, angle), mu1, sigma, noise[0])

    pull = grad(grad(height))(torch.zeros((), dtype=torch.float64))
    return bend(mu0, mu1, e, sigma, lamda, noise) + rho * pull
