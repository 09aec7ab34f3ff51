"""Stairs and plateaus of rank-one heads: the measurements behind `derivations/in_context/staircases.py`."""

import torch

from numerics.in_context.descents import Loss, pieces
from numerics.in_context.layers import prediction, prompt
from workbench.evidence import function_of_means


def stairs(strength, *means):
    """How far the loss falls on each mode where a head on it rests, all other modes having some strength."""
    loss, drops = Loss(*means), []
    for mode in loss.modes():
        along = torch.outer(mode, mode)
        others = strength * (torch.eye(len(mode)) - along)
        drops.append(loss.value(others) - loss.value(others + loss.learned(mode) ** 3 * along))
    return torch.stack(drops).sort().values


@function_of_means(stairs)
def stair(Lambda, sigma, N, strength, *, draw):
    """The loss in which a head learns its mode, and the strength of others."""
    return torch.as_tensor(strength), *pieces(Lambda, sigma, N, draw)


def half_awake(A, B, sigma, N, draw):
    """A prompt with modes of both kinds, and with an isotropic task."""
    return prompt(torch.block_diag(A, B), torch.eye(len(A) + len(B)), sigma, N, draw)


def partial_risk(A, B, sigma, N, W, *, draw):
    """Squared error on one prompt of the layer whose weights see the learned modes alone."""
    x, y, query, w = half_awake(A, B, sigma, N, draw)
    U = torch.nn.functional.pad(W, (0, len(B), 0, len(B)))
    return (w @ query - prediction(U, x, y, query)) ** 2
