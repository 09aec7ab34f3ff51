"""How long heads wait: the measurements behind `derivations/in_context/escapes.py`."""

import torch

from numerics.in_context.descents import Loss, pieces
from workbench.evidence import function_of_means, limit

STARTS = (8.0, 16.0, 32.0, 64.0, 128.0)  # one over the strengths from which heads begin


def times(start, end, strength, *means):
    """The time of a head on each mode, by an ODE solver, beside others of some strength on all other modes."""
    loss, found = Loss(*means), []
    for mode in loss.modes():
        others = strength * (torch.eye(len(mode)) - torch.outer(mode, mode))
        final = float(loss.learned(mode))
        found.append(loss.time_to(float(end) * final, float(start) * final, mode, others))
    return torch.tensor(found).sort().values


@function_of_means(times)
def learning_time(Lambda, sigma, N, start, end, strength, *, draw):
    """From where and how far the head moves, what others have learned, and the loss."""
    return *(torch.as_tensor(letter) for letter in (start, end, strength)), *pieces(Lambda, sigma, N, draw)


def waits(n, strength, *means):
    """The time until a head has half of its final strength, in units of n, on each mode."""
    loss, found = Loss(*means), []
    for mode in loss.modes():
        others = strength * (torch.eye(len(mode)) - torch.outer(mode, mode))
        found.append(loss.time_to(float(loss.learned(mode)) / 2, 1 / float(n), mode, others) / n)
    return torch.stack(found).sort().values


@limit(waits)
def escape_time(Lambda, sigma, N, strength, *, draw):
    """The loss in which heads move from ever smaller starts."""
    found = torch.as_tensor(strength), *pieces(Lambda, sigma, N, draw)
    return torch.tensor(STARTS), *(piece.expand(len(STARTS), *piece.shape) for piece in found)
