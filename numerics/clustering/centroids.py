"""Two unit heads at the two centroids: the measurements behind `derivations/clustering/centroids.py`."""

import torch
from torch.func import grad

from numerics.clustering.layers import error, token_noise, turned
from workbench.evidence import crossing


def bend(mu0, mu1, e, sigma, lamda, noise):
    """The second derivative of the squared error as the first head turns off both centroids."""

    def height(angle):
        return error(mu0, mu1, sigma, lamda, noise, (turned(mu0, e, angle), mu1))

    return grad(grad(height))(torch.zeros((), dtype=torch.float64))


def escape(mu0, mu1, e, sigma, lamda, L, *, draw):
    """That second derivative on one prompt."""
    return bend(mu0, mu1, e, sigma, lamda, token_noise(L, len(mu0), draw))


def shear(mu0, mu1, sigma, lamda, L, *, draw):
    """The second derivative of the squared error as both heads turn towards each other, per unit of length."""
    noise = token_noise(L, len(mu0), draw)

    def height(length):
        angle = length / 2**0.5
        return error(mu0, mu1, sigma, lamda, noise, (turned(mu0, mu1, angle), turned(mu1, mu0, angle)))

    return grad(grad(height))(torch.zeros((), dtype=torch.float64))


@crossing("lamda", 0.001, 3)
def critical_strength(mu0, mu1, e, sigma, lamda, L, *, draw):
    """The bend on one prompt; its mean changes sign where heads begin to turn away."""
    return bend(mu0, mu1, e, sigma, lamda, token_noise(L, len(mu0), draw))


@crossing("lamda", 0.05, 3)
def noiseless_critical_strength(mu0, mu1, e, lamda, L, *, draw):
    """The bend among tokens that are the centroids themselves."""
    return bend(mu0, mu1, e, 0.0, lamda, torch.zeros(L, len(mu0)))


@crossing("lamda", 0.001, 3)
def endless_critical_strength(mu0, mu1, e, sigma, lamda, *, draw):
    """The bend on an endless prompt, where output is an average over tokens: its square reads two."""
    labels = torch.cartesian_prod(*[torch.arange(2)] * 3)
    tokens = torch.stack([mu0, mu1])[labels] + sigma * torch.stack([draw.normal(f"token {k}", len(mu0)) for k in "012"])
    x, *others = tokens.unbind(1)

    def height(angle):
        heads = torch.stack([turned(mu0, e, angle), mu1], dim=-1)
        left, right = (x - 2 * lamda * (((x @ heads) * (y @ heads)).sum(-1)[:, None] * y) for y in others)
        return (left * right).sum(-1).mean()

    return grad(grad(height))(torch.zeros((), dtype=torch.float64))
