"""A subspace for every prompt: the measurements behind `derivations/denoising/subspaces.py`.

Attention commutes with rotations, so one subspace stands for all; `trained_anywhere` draws them.
"""

import torch
from torch.func import grad

from numerics.denoising.layers import distance, linear_attention
from workbench.evidence import at, crossing, experiment, function_of_means, root, trained, witness


def root_of(variance):
    """The standard deviation."""
    return torch.as_tensor(variance, dtype=torch.float64).sqrt()


def prompt(n, d, s, v, L, draw):
    """L tokens in the subspace of the first d axes of R^n, a clean query there, and the same query in noise."""
    pad = torch.nn.functional.pad
    context = pad(root_of(s) * draw.normal("tokens", L, d), (0, n - d))
    clean = pad(root_of(s) * draw.normal("query", d), (0, n - d))
    return context, clean, clean + root_of(v) * draw.normal("noise", n)


def risk(n, d, s, v, L, theta, *, draw):
    """Squared distance between the clean query and what the layer makes of the noisy one."""
    context, clean, noisy = prompt(n, d, s, v, L, draw)
    return distance(clean, theta * linear_attention(context, noisy))


@root("theta")
def best_strength(n, d, s, v, L, theta, *, draw):
    """Where the average slope vanishes."""
    return grad(lambda strength: risk(n, d, s, v, L, strength, draw=draw))(torch.as_tensor(theta))


@witness(best_strength)
@experiment(runs=8)
def trained_anywhere(n, d, s, v, L, *, draw):
    """The strength of a layer trained by L-BFGS on prompts that each draw a subspace at random."""
    size = 8_000
    basis = torch.linalg.qr(draw.normal("subspaces", size, n, d)).Q
    context = root_of(s) * draw.normal("tokens", size, L, d) @ basis.mT
    clean = root_of(s) * (draw.normal("queries", size, 1, d) @ basis.mT)[:, 0]
    output = linear_attention(context, clean + root_of(v) * draw.normal("noise", size, n))
    return trained(lambda strength: distance(clean, strength * output).mean(), torch.zeros(()))


@at(theta=best_strength)
def least_risk(n, d, s, v, L, theta, *, draw):
    """Squared distance of the layer at the strength that was found by training."""
    return risk(n, d, s, v, L, theta, draw=draw)


def moments(context, clean, noisy):
    """Of a clean query and an output of strength one: the query's square, their product, and the output's square."""
    output = linear_attention(context, noisy)
    return clean @ clean, clean @ output, output @ output


@function_of_means(lambda energy, gain, cost: energy - gain**2 / cost)
def endless_risk(n, d, s, v, *, draw):
    """Outputs on an endless prompt average over tokens, so their square reads two."""
    context, clean, noisy = prompt(n, d, s, v, 2, draw)
    one, other = (linear_attention(token[None], noisy) for token in context)
    return clean @ clean, clean @ one, one @ other


def shortfall(energy, gain, cost, seen, squared):
    """What the best multiple of an output regains, less half of what the best multiple of the query in it regains."""
    return gain**2 / cost - seen**2 / squared / 2


@crossing("L", 1, 9, whole=True, of=shortfall)
def half_length(n, d, s, v, L, *, draw):
    """The moments of the output, and of the query projected on the subspace, which Bayes knows."""
    context, clean, noisy = prompt(n, d, s, v, L, draw)
    seen = noisy * (torch.arange(n) < d)
    return *moments(context, clean, noisy), clean @ seen, seen @ seen


@at(theta=best_strength)
@crossing("M", 1, 9, whole=True)
def critical_length(n, d, s, v, M, theta, *, draw):
    """How much worse than answering zero the trained layer is on one prompt of length M."""
    clean = prompt(n, d, s, v, M, draw)[1]
    return risk(n, d, s, v, M, theta, draw=draw) - clean @ clean


@at(theta=best_strength)
@crossing("u", 0.01, 100)
def critical_noise(n, d, s, u, L, theta, *, draw):
    """How much worse than answering zero the trained layer is under noise of variance u."""
    clean = prompt(n, d, s, u, L, draw)[1]
    return risk(n, d, s, u, L, theta, draw=draw) - clean @ clean


@crossing("v", 1e-4, 100, of=lambda energy, gain, cost, noise: energy - gain**2 / cost - noise)
def worthwhile_noise(n, d, s, v, L, *, draw):
    """The moments of the output, and the squared noise of the query."""
    context, clean, noisy = prompt(n, d, s, v, L, draw)
    return *moments(context, clean, noisy), distance(clean, noisy)
