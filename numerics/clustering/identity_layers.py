"""Attention without weights on two clusters: the measurements behind `derivations/clustering/identity_layers.py`."""

import torch

from numerics.clustering.layers import attention, prompts, token_noise
from workbench.evidence import crossing, function_of_means


def outputs(mu0, mu1, sigma, lamda, L, draw):
    """What becomes of a first token of cluster 0, for every labelling of the others, and the chances of these."""
    X, chances = prompts(mu0, mu1, sigma, token_noise(L, len(mu0), draw))
    return attention(X[:L], torch.eye(len(mu0)), lamda), 2 * chances[:L]


def mean_output(mu0, mu1, sigma, lamda, L, *, draw):
    """Outputs, averaged over the labels of the others."""
    found, chances = outputs(mu0, mu1, sigma, lamda, L, draw)
    return chances @ found


@function_of_means(lambda square, mean: square - mean @ mean)
def conditional_variance(mu0, mu1, sigma, lamda, L, *, draw):
    """Their squared lengths, and they themselves."""
    found, chances = outputs(mu0, mu1, sigma, lamda, L, draw)
    return chances @ found.square().sum(-1), chances @ found


@function_of_means(lambda square, mean: square - mean @ mean)
def endless_variance(mu0, mu1, sigma, lamda, *, draw):
    """On an endless prompt the output is an average over others, so its square reads two of them."""
    labels = torch.cartesian_prod(torch.arange(2), torch.arange(2))
    noise = [sigma * draw.normal(f"token {k}", len(mu0)) for k in "012"]
    query, others = mu0 + noise[0], torch.stack([mu0, mu1])[labels] + torch.stack(noise[1:])
    left, right = (2 * lamda * (others @ query)[..., None] * others).unbind(1)
    return (left * right).sum(-1).mean(), (left + right).mean(0) / 2


@crossing("lamda", 0.001, 10)
def unbiased_strength(mu0, mu1, sigma, lamda, L, *, draw):
    """How far beyond its centroid an output lies, along the centroid."""
    found, chances = outputs(mu0, mu1, sigma, lamda, L, draw)
    return mu0 @ (chances @ found) - 1
