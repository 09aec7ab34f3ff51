"""A layer with a skip connection: the measurements behind `derivations/denoising/skips.py`."""

import torch
from torch.func import grad

from numerics.denoising.layers import distance, linear_attention, prompt
from workbench.evidence import crossing, root, roots


def risk(Sigma, v, L, t, theta, *, draw):
    """Squared distance between the clean query and what the layer makes of the noisy one."""
    context, clean, noisy = prompt(Sigma, v, L, draw)
    return distance(clean, t * noisy + theta * linear_attention(context, noisy))


def slopes(Sigma, v, L, t, theta, draw):
    """Autograd in the two numbers."""
    both = torch.stack([torch.as_tensor(number, dtype=torch.float64) for number in (t, theta)])
    return grad(lambda pair: risk(Sigma, v, L, *pair, draw=draw))(both)


def risk_slopes(Sigma, v, L, t, theta, *, draw):
    """The same, as a column."""
    return slopes(Sigma, v, L, t, theta, draw)[:, None]


@root("t")
def best_skip(Sigma, v, t, theta, *, draw):
    """Where the average slope in the skip vanishes; one token speaks for all, since attention enters once."""
    return slopes(Sigma, v, 1, t, theta, draw)[0]


@crossing("theta", 1e-3, 1e3)
def critical_strength(Sigma, v, theta, *, draw):
    """The pull on a skip of zero."""
    return slopes(Sigma, v, 1, 0.0, theta, draw)[0]


@roots("t", "theta")
def best_pair(Sigma, v, L, t, theta, *, draw):
    """Where both average slopes vanish."""
    return slopes(Sigma, v, L, t, theta, draw)
