"""One linear attention layer on a noisy query: the measurements behind `derivations/denoising/linear_layers.py`."""

import torch
from torch.func import grad

from numerics.denoising.layers import coloured, distance, linear_attention, prompt
from workbench.evidence import at, experiment, function_of_means, root, trained, witness


def risk(Sigma, v, L, theta, *, draw):
    """Squared distance between the clean query and what the layer makes of the noisy one."""
    context, clean, noisy = prompt(Sigma, v, L, draw)
    return distance(clean, theta * linear_attention(context, noisy))


def risk_slope(Sigma, v, L, theta, *, draw):
    """Autograd through the layer."""
    return grad(lambda strength: risk(Sigma, v, L, strength, draw=draw))(torch.as_tensor(theta))


@root("theta")
def best_strength(Sigma, v, L, theta, *, draw):
    """Where the average slope vanishes."""
    return risk_slope(Sigma, v, L, theta, draw=draw)


@witness(best_strength)
@experiment(runs=8)
def trained_strength(Sigma, v, L, *, draw):
    """The strength of a layer trained by a real optimiser (L-BFGS) on the prompts of one data set."""
    size, d = 20_000, len(Sigma)
    context, clean = (coloured(Sigma, draw.normal(name, size, *shape, d)) for name, shape in (("t", (L,)), ("q", ())))
    noisy = clean + torch.as_tensor(v).sqrt() * draw.normal("noise", size, d)
    output = linear_attention(context, noisy)
    return trained(lambda strength: distance(clean, strength * output).mean(), torch.zeros(()))


@at(theta=best_strength)
def least_risk(Sigma, v, L, theta, *, draw):
    """Squared distance of the layer at the strength that was found by training."""
    return risk(Sigma, v, L, theta, draw=draw)


def excess(gain, cost, crossed, squared):
    """What the best multiple of an output leaves beyond the best linear map of the query."""
    return torch.trace(crossed @ torch.linalg.solve(squared, crossed.T)) - gain**2 / cost


@function_of_means(excess)
def endless_gap(Sigma, v, *, draw):
    """Outputs on an endless prompt average over tokens, so their square reads two; and the moments of the query."""
    context, clean, noisy = prompt(Sigma, v, 2, draw)
    one, other = (linear_attention(token[None], noisy) for token in context)
    return clean @ one, one @ other, torch.outer(clean, noisy), torch.outer(noisy, noisy)
