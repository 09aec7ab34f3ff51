"""Two unit heads that lean on one centroid each: the measurements behind `derivations/clustering/alignment.py`."""

import numpy as np
import torch
from scipy.optimize import brentq
from torch.func import grad

from numerics.clustering.layers import error, loss, multi_head_attention, prompts, token_noise, turned
from workbench.evidence import crossing, experiment, trained, witness


def leaning(centroid, rest, alpha):
    """A head of length one whose squared overlap with the centroid is α, the rest lying elsewhere."""
    alpha = torch.as_tensor(alpha, dtype=torch.float64)
    return torch.sqrt(alpha) * centroid + torch.sqrt(1 - alpha) * rest


def aligned_risk(mu0, mu1, e, f, alpha0, alpha1, sigma, lamda, L, *, draw):
    """Squared error of the layer with aligned heads."""
    heads = leaning(mu0, e, alpha0), leaning(mu1, f, alpha1)
    return error(mu0, mu1, sigma, lamda, token_noise(L, len(mu0), draw), heads)


def aligned_gradient(mu0, mu1, e, f, alpha0, alpha1, sigma, lamda, L, *, draw):
    """Autograd in the first head, projected on the sphere."""
    noise, head, other = token_noise(L, len(mu0), draw), leaning(mu0, e, alpha0), leaning(mu1, f, alpha1)
    slope = grad(lambda u: error(mu0, mu1, sigma, lamda, noise, (u, other)))(head)
    return slope - (slope @ head) * head


def alignment_speed(mu0, mu1, e, f, alpha0, alpha1, sigma, lamda, L, *, draw):
    """How the squared overlap changes along minus that gradient."""
    step = -aligned_gradient(mu0, mu1, e, f, alpha0, alpha1, sigma, lamda, L, draw=draw)
    return grad(lambda u: (mu0 @ u) ** 2)(leaning(mu0, e, alpha0)) @ step


def noiseless_speed(mu0, mu1, e, f, alpha, alpha1, lamda, L):
    """The same among tokens that are the centroids themselves."""
    head, other, noise = leaning(mu0, e, alpha), leaning(mu1, f, alpha1), torch.zeros(L, len(mu0))
    slope = grad(lambda u: error(mu0, mu1, 0.0, lamda, noise, (u, other)))(head)
    return -2 * (mu0 @ head) * (mu0 @ (slope - (slope @ head) * head))


def noiseless_points(mu0, mu1, e, f, alpha1, lamda, L, *, draw):
    """Every squared overlap at which the head rests, where the torque changes sign as it turns through its plane."""
    other, noise = leaning(mu1, f, alpha1), torch.zeros(L, len(mu0))

    def torque(angle):
        turn = torch.tensor(angle, dtype=torch.float64)
        return float(grad(lambda t: error(mu0, mu1, 0.0, lamda, noise, (turned(mu0, e, t), other)))(turn))

    grid = np.linspace(-0.05, np.pi / 2 + 0.05, 60)
    heights = [torque(angle) for angle in grid]
    rests = [brentq(torque, a, b, xtol=1e-16) for a, b, x, y in zip(grid, grid[1:], heights, heights[1:]) if x * y < 0]
    on, *inside, off = (np.cos(angle) ** 2 for angle in rests)
    return torch.tensor([*inside, off, on])


def noiseless_return(mu0, mu1, e, f, alpha1, lamda, L, *, draw):
    """Autograd's slope of the speed at the resting place that was found inside."""
    inside = noiseless_points(mu0, mu1, e, f, alpha1, lamda, L, draw=draw)[0]
    return grad(lambda alpha: noiseless_speed(mu0, mu1, e, f, alpha, alpha1, lamda, L))(inside)


@crossing("alpha", 0.01, 0.99)
def overlap(mu0, mu1, e, f, sigma, lamda, L, alpha, *, draw):
    """The slope of the squared error along the manifold, both heads leaning alike."""
    noise = token_noise(L, len(mu0), draw)

    def height(alpha):
        return error(mu0, mu1, sigma, lamda, noise, (leaning(mu0, e, alpha), leaning(mu1, f, alpha)))

    return grad(height)(torch.as_tensor(alpha, dtype=torch.float64))


@witness(overlap)
@experiment(runs=8)
def overlap_after_training(mu0, mu1, e, f, sigma, lamda, L, *, draw):
    """Mean squared overlap of two heads trained along the manifold by L-BFGS on the prompts of one data set."""
    size, d = 8_000, len(mu0)
    labels = draw.index("labels", 2, size, L)
    X = torch.stack([mu0, mu1])[labels] + sigma * draw.normal("tokens", size, L, d)

    def risk(angles):
        heads = torch.stack([turned(mu0, e, angles[0]), turned(mu1, f, angles[1])], dim=-1)
        return ((X[:, 0] - multi_head_attention(X, heads, lamda)) ** 2).sum(-1).mean()

    return (torch.cos(trained(risk, torch.full((2,), 0.7))) ** 2).mean()


@experiment(runs=8)
def trained_overlap(mu0, mu1, e, f, lamda, L, *, draw):
    """Mean squared overlap with the span of the centroids of two unit heads, trained from anywhere by L-BFGS."""
    X, chances = prompts(mu0, mu1, 0.0, torch.zeros(L, len(mu0)))

    def risk(heads):
        return loss(X, multi_head_attention(X, heads / heads.norm(dim=0), lamda), chances)

    heads = trained(risk, torch.stack([mu0, mu1, e, f]).T @ draw.normal("heads", 4, 2), change=0)
    unit = heads / heads.norm(dim=0)
    return (torch.stack([mu0, mu1]) @ unit).square().sum() / 2
