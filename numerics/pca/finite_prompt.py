"""Linear attention over sampled prompts: the measurements behind `derivations/pca/finite_prompt.py`."""

import torch
from torch.func import grad

from numerics.pca.heads import finite_error, linear_head
from numerics.pca.landscapes import from_survey, heights, largest_stable_step, radial, signed_lengths, transverse
from workbench.evidence import crossing, experiment, function_of_means, trained, witness

SAMPLES = 4_000  # prompts in the data set of a training run


def risk(lamda, mu, Sigma, L, *, draw):
    """Squared distance of the first token of a prompt from what the head returns in its place."""
    return finite_error(mu, lamda, Sigma, L, draw)


def risk_gradient(lamda, mu, Sigma, L, *, draw):
    """Autograd through the head."""
    return grad(lambda vector: finite_error(vector, lamda, Sigma, L, draw))(mu)


def survey(lamda, Sigma, L, draw):
    """The error of the head on one prompt, at many vectors of the head."""
    return heights(lambda vector: finite_error(vector, lamda, Sigma, L, draw), len(Sigma))


@function_of_means(from_survey(signed_lengths))
def critical_points(lamda, Sigma, L, *, draw):
    """Heights of the landscape, in which the search from each axis looks for critical points."""
    return survey(lamda, Sigma, L, draw)


@function_of_means(from_survey(transverse))
def transverse_curvature(lamda, Sigma, L, *, draw):
    """Heights of the landscape; at its critical points, the curvature across."""
    return survey(lamda, Sigma, L, draw)


@function_of_means(from_survey(radial))
def radial_curvature(lamda, Sigma, L, *, draw):
    """Heights of the landscape; at its critical points, the curvature along."""
    return survey(lamda, Sigma, L, draw)


@function_of_means(from_survey(lambda landscape: torch.linalg.norm(landscape.minimiser())))
def trained_length(lamda, Sigma, L, *, draw):
    """Heights of the landscape; the length of its minimiser."""
    return survey(lamda, Sigma, L, draw)


@witness(trained_length)
@experiment(runs=8)
def length_after_training(lamda, Sigma, L, *, draw):
    """The length of a head trained by a real optimiser (L-BFGS) on the prompts of one data set."""
    d = len(Sigma)
    prompts = draw.normal("prompts", SAMPLES, L, d) @ torch.linalg.cholesky(Sigma).T
    head = torch.vmap(linear_head, in_dims=(None, None, 0, 0))

    def loss(mu):
        return torch.mean(torch.sum((prompts[:, 0] - head(mu, lamda, prompts[:, 0], prompts)) ** 2, dim=1))

    return torch.linalg.norm(trained(loss, draw.normal("start", d) / (lamda * L * torch.trace(Sigma)).sqrt()))


@function_of_means(from_survey(largest_stable_step))
def critical_step(lamda, Sigma, L, *, draw):
    """Heights of the landscape; the largest curvature at its minimiser."""
    return survey(lamda, Sigma, L, draw)


@crossing("lamda", 1e-3, 4096)
def critical_strength(lamda, mu, Sigma, L, *, draw):
    """How much farther than nothing the head's answer is from the token, on one prompt."""
    return finite_error(mu, lamda, Sigma, L, draw) - finite_error(mu, 0.0, Sigma, L, draw)
