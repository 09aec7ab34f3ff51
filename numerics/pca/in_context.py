"""Heads over prompts with random covariances: the measurements behind `derivations/pca/in_context.py`."""

import torch
from torch.func import grad

from numerics.pca.heads import finite_error, in_context_error
from numerics.pca.landscapes import Landscape, from_survey, heights, largest_stable_step
from workbench.evidence import experiment, function_of_means, trained, witness

SAMPLES = 4_000  # prompts in the data set of a training run


def prompt(V, n, draw):
    """The square root Z of a prompt's covariance ZZᵀ, and the noise of a token Z·noise."""
    return torch.linalg.cholesky(V) @ draw.normal("covariance", len(V), n), draw.normal("token", n)


def spiked(xi, theta, v):
    """V = ξ²I + θvvᵀ."""
    return xi**2 * torch.eye(len(v)) + theta * torch.outer(v, v)


def risk(lamda, mu, V, n, *, draw):
    """Squared distance of a token from what the head returns, in one prompt."""
    return in_context_error(mu, lamda, *prompt(V, n, draw))


def risk_gradient(lamda, mu, V, n, *, draw):
    """Autograd through the head."""
    return grad(lambda vector: in_context_error(vector, lamda, *prompt(V, n, draw)))(mu)


def duality(lamda, mu, V, n, *, draw):
    """n times the squared error of linear attention over a prompt of n tokens from N(0, V)."""
    return n * finite_error(mu, lamda, V, n, draw)


def survey(lamda, V, n, draw):
    """The error of the head in one prompt, at many vectors of the head."""
    Z, noise = prompt(V, n, draw)
    return heights(lambda vector: in_context_error(vector, lamda, Z, noise), len(V))


@function_of_means(from_survey(lambda landscape: torch.linalg.norm(landscape.minimiser())))
def spike_length(lamda, xi, theta, v, n, *, draw):
    """Heights of the landscape; the length of its minimiser."""
    return survey(lamda, spiked(xi, theta, v), n, draw)


@witness(spike_length)
@experiment(runs=8)
def length_after_training(lamda, xi, theta, v, n, *, draw):
    """The length of a head trained by a real optimiser on the prompts of one data set."""
    Z = torch.linalg.cholesky(spiked(xi, theta, v)) @ draw.normal("covariances", SAMPLES, len(v), n)
    noise, errors = draw.normal("tokens", SAMPLES, n), torch.vmap(in_context_error, in_dims=(None, None, 0, 0))
    start = draw.normal("start", len(v)) / (n * (lamda * (xi**2 + theta)) ** 0.5)
    return torch.linalg.norm(trained(lambda mu: errors(mu, lamda, Z, noise).mean(), start))


def across_minimiser(landscape: Landscape):
    """The curvature at the minimiser across it, averaged over the directions."""
    point = landscape.minimiser()
    away = torch.eye(len(point)) - torch.outer(point, point) / (point @ point)
    return torch.trace(away @ landscape.curvature(point)) / (len(point) - 1)


@function_of_means(from_survey(across_minimiser))
def curvature_across_spike(lamda, xi, theta, v, n, *, draw):
    """Heights of the landscape; at its minimiser, the curvature across."""
    return survey(lamda, spiked(xi, theta, v), n, draw)


def along_spike_from_worst(v, heights):
    """The curvature along v at the worst of the critical points off rest."""
    landscape = from_survey(lambda found: found)(heights)
    points = landscape.critical_points()
    worst = points[torch.argmax(torch.stack([landscape.risk(point) for point in points]))]
    return v @ landscape.curvature(worst) @ v


@function_of_means(along_spike_from_worst)
def escape_from_sphere(lamda, xi, theta, v, n, *, draw):
    """Heights of the landscape; at a critical point orthogonal to the spike, the curvature along it."""
    return v, survey(lamda, spiked(xi, theta, v), n, draw)


@function_of_means(from_survey(largest_stable_step))
def critical_step(lamda, xi, theta, v, n, *, draw):
    """Heights of the landscape; the largest curvature at its minimiser."""
    return survey(lamda, spiked(xi, theta, v), n, draw)
