"""A layer trained on white prompts and given scaled ones: behind `derivations/in_context/scaled_inputs.py`."""

import torch

from numerics.in_context.layers import gain, prediction, prompt
from numerics.in_context.one_layer import risk_gradient
from workbench.evidence import at, crossing, root


@root("U")
def white_layer(d, sigma, N, U, *, draw):
    """The average gradient on white prompts with isotropic tasks."""
    return risk_gradient(torch.eye(d), torch.eye(d), sigma, N, U, draw=draw)


@at(U=white_layer)
def scaled_risk(d, sigma, N, c, U, *, draw):
    """Squared error of the trained layer on one prompt of inputs with another variance."""
    x, y, query, w = prompt(c * torch.eye(d), torch.eye(d), sigma, N, draw)
    return (w @ query - prediction(U, x, y, query)) ** 2


@at(U=white_layer)
@crossing("c", 0.5, 40.0)
def critical_scale(d, sigma, N, c, U, *, draw):
    """How much worse than predicting zero the trained layer is on such a prompt."""
    return gain(c * torch.eye(d), torch.eye(d), sigma, N, U, draw=draw)
