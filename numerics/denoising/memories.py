"""Attention as an associative memory: the measurements behind `derivations/denoising/memories.py`."""

import torch
from torch.func import grad

from workbench.evidence import crossing, function_of_means


def loudness(m, root, z, beta, noise):
    """exp β X·z for one token X, averaged over the two clusters that it may come from."""
    return torch.exp(beta * (torch.stack([m, -m]) + root @ noise) @ z).mean()


def slope(z, alpha, beta, moved, mass):
    """The slope of |z|²/2α − (1/β) log mass."""
    return z / alpha - moved / (beta * mass)


@function_of_means(slope)
def energy_slope(m, Gamma, z, alpha, beta, *, draw):
    """Autograd through one token's share of the energy, and what it is a share of."""
    noise, root = draw.normal("token", len(m)), torch.linalg.cholesky(Gamma)
    letters = (torch.as_tensor(letter, dtype=torch.float64) for letter in (alpha, beta))
    return z, *letters, grad(lambda z: loudness(m, root, z, beta, noise))(z), loudness(m, root, z, beta, noise)


def bend(alpha, beta, slope, curve, mass):
    """The second derivative of u²/2α − (1/β) log mass."""
    return 1 / alpha - (curve / mass - slope**2 / mass**2) / beta


def middle(c, s, gamma, alpha, beta, draw):
    """The letters, and the derivatives in the middle of one token's share, along the axis."""
    noise, root = draw.normal("token", len(c)), gamma * torch.eye(len(c))
    letters = (torch.as_tensor(letter, dtype=torch.float64) for letter in (alpha, beta))

    def share(u):
        return loudness(s * c, root, u * c, beta, noise)

    zero = torch.zeros((), dtype=torch.float64)
    return *letters, grad(share)(zero), grad(grad(share))(zero), share(zero)


@function_of_means(bend)
def middle_curvature(c, s, gamma, alpha, beta, *, draw):
    """Autograd, twice, through one token's share of the energy."""
    return middle(c, s, gamma, alpha, beta, draw)


@crossing("beta", 1e-3, 1e3, of=bend)
def storing(c, s, gamma, alpha, beta, *, draw):
    """The bend, which changes sign where clusters begin to be stored."""
    return middle(c, s, gamma, alpha, beta, draw)


@crossing("beta", 1e-3, 1e3, of=bend)
def runaway(gamma, alpha, beta, *, draw):
    """The bend of the energy of one Gaussian cluster on a line."""
    return middle(torch.ones(1, dtype=torch.float64), 0.0, gamma, alpha, beta, draw)
