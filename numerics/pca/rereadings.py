"""Layers that read one prompt again and again: the measurements behind `derivations/pca/rereadings.py`."""

import torch
from scipy.optimize import brentq

from numerics.pca.reflections import large, reflected
from workbench.evidence import experiment, ratio, witness


def prompt(theta, v, n, draw):
    """Tokens (rows) that are longer along the spike: of variance 1 + θ."""
    noise = draw.normal("tokens", n, len(v))
    return noise + (torch.sqrt(torch.as_tensor(1 + theta)) - 1) * torch.outer(noise @ v, v)


def reading(tokens, state, n):
    """What a layer of linear attention adds to a state: the second moment of n tokens applied to it, less the state."""
    return tokens.T @ (tokens @ state) / n - state


def answer(tokens, state, d, n, layers):
    """What so many layers on the same n tokens in R^d return; each forgets what the two before it have said."""
    before, now = state, reading(tokens, state, n)
    for _ in range(layers - 1):
        before, now = now, reading(tokens, now, n) - d / n * (now + before)
    return now


@ratio
def echo(w, n, *, draw):
    """What a second reading of noise says along the answer of the first, and the squared length of that answer."""
    tokens = draw.normal("tokens", n, len(w))
    first = reading(tokens, w, n)
    return first @ reading(tokens, first, n), first @ first


def response(theta, v, x, n, *, draw):
    """What the second layer returns."""
    return answer(prompt(theta, v, n, draw), x, len(v), n, 2)


def spiked(theta, unspiked):
    """Reflected tokens (rows) whose first direction is the spike."""
    stretched = torch.cat([torch.tensor([(1 + theta) ** 0.5]), torch.ones(len(unspiked) - 1)])
    return unspiked.T * stretched


def large_prompt(layers, d, n, draw):
    """As much of the noise of one large prompt as so many layers reach, and its size: two directions for each layer."""
    d, n = large(d, n)
    bands = reflected(draw, d, n, 2 * layers + 2, kept=2)
    return sum(torch.diag(band, -place) for place, band in enumerate(bands)), d, n


@experiment(runs=16)
def noise(theta, d, n, *, draw):
    """The squared length of what two layers on one large prompt return."""
    unspiked, d, n = large_prompt(2, d, n, draw)
    across = torch.eye(len(unspiked))[1]
    return torch.sum(answer(spiked(theta, unspiked), across, d, n, 2) ** 2)


def balance(layers, d, n, draw):
    """The strength at which so many layers on one large prompt hold as much of a spike as they make noise elsewhere."""
    unspiked, d, n = large_prompt(layers, d, n, draw)
    spike, across = torch.eye(len(unspiked))[:2]

    def surplus(theta):
        tokens = spiked(theta, unspiked)
        held = spike @ answer(tokens, spike, d, n, layers)
        return float(held**2 - torch.sum(answer(tokens, across, d, n, layers) ** 2))

    return torch.tensor(brentq(surplus, 1e-3, 64, xtol=1e-14))


@experiment(runs=16)
def critical_strength(d, n, *, draw):
    """Two layers on one large prompt."""
    return balance(2, d, n, draw)


@witness(critical_strength)
@experiment(runs=16)
def critical_strength_of_six_layers(d, n, *, draw):
    """Six layers on one large prompt."""
    return balance(6, d, n, draw)
