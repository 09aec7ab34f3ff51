"""Keys and values that remove noise: the measurements behind `derivations/denoising/weight_matrices.py`."""

import torch
from torch.func import grad

from numerics.denoising.layers import coloured, distance, linear_attention, prompt
from workbench.evidence import at, experiment, root, trained, witness


def key_risk(Sigma, v, L, Theta, *, draw):
    """Squared distance between the clean query and what the layer makes of the noisy one."""
    context, clean, noisy = prompt(Sigma, v, L, draw)
    return distance(clean, linear_attention(context, Theta @ noisy))


def key_slope(Sigma, v, L, Theta, *, draw):
    """Autograd through the layer."""
    return grad(lambda keys: key_risk(Sigma, v, L, keys, draw=draw))(Theta)


@root("Theta")
def learned_keys(Sigma, v, L, Theta, *, draw):
    """Where the average slope vanishes."""
    return key_slope(Sigma, v, L, Theta, draw=draw)


@at(Theta=learned_keys)
def key_least(Sigma, v, L, Theta, *, draw):
    """Squared distance of the layer with the keys that were found by training."""
    return key_risk(Sigma, v, L, Theta, draw=draw)


def value_risk(Sigma, v, L, V, *, draw):
    """Squared distance when the values are applied to what attention reads."""
    context, clean, noisy = prompt(Sigma, v, L, draw)
    return distance(clean, V @ linear_attention(context, noisy))


def value_slope(Sigma, v, L, V, *, draw):
    """Autograd through the layer."""
    return grad(lambda values: value_risk(Sigma, v, L, values, draw=draw))(V)


@root("V")
def learned_values(Sigma, v, L, V, *, draw):
    """Where the average slope vanishes."""
    return value_slope(Sigma, v, L, V, draw=draw)


@witness(learned_values)
@experiment(runs=8)
def trained_values(Sigma, v, L, *, draw):
    """Values of a layer trained by a real optimiser (L-BFGS) on the prompts of one data set."""
    size, d = 20_000, len(Sigma)
    context, clean = (coloured(Sigma, draw.normal(name, size, *shape, d)) for name, shape in (("t", (L,)), ("q", ())))
    noisy = clean + torch.as_tensor(v).sqrt() * draw.normal("noise", size, d)
    output = linear_attention(context, noisy)
    return trained(lambda values: distance(clean, output @ values.T).mean(), torch.zeros(d, d))
