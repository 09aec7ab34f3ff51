"""Layers that copy and recall: the measurements behind `derivations/emergence/memories.py`.

The corpus asks for every class once. A layer is the factors (u, v) of its copy and (m, w) of its memory, each class's
entry in units of its label.
"""

import torch
from torch import Tensor
from torch.func import grad

Layer = tuple[Tensor, Tensor, Tensor, Tensor]


def squares(layer: Layer, a: float, rho: float) -> Tensor:
    """The squared error of the layer on a sentence of each class."""
    u, v, m, w = layer
    return (1 - a * u * v - rho * m * w) ** 2


def velocity(layer: Layer, a: float, rho: float) -> Layer:
    """Minus half the gradient of the mean squared error: what gradient flow does to every factor."""
    return tuple(-slope / 2 for slope in grad(lambda layer: squares(layer, a, rho).mean())(layer))


def balanced(g, h, a: float, rho: float, K: int) -> Layer:
    """The layer with these gains whose factors are as large as each other, all entries alike."""
    head, entry = (torch.as_tensor(gain / loudness).sqrt() for gain, loudness in ((g, a), (h, rho)))
    return head, head, entry.repeat(K), entry.repeat(K)


def gains(layer: Layer, a: float, rho: float) -> Tensor:
    """The gain of the copy, and the mean gain of the entries of the memory."""
    u, v, m, w = layer
    return torch.stack([a * u * v, rho * torch.mean(m * w)])


def speeds(layer: Layer, a: float, rho: float) -> Tensor:
    """How fast gradient flow moves the two gains."""
    moving = velocity(layer, a, rho)
    return torch.func.jvp(lambda *layer: gains(layer, a, rho), layer, moving)[1]


def loss(u, v, m, w, a, rho, *, draw):
    """Squared error on a sentence, each class being asked for once."""
    return squares((u, v, m, w), a, rho).mean()


def lessons(u, v, m, w, a, rho, *, draw):
    """Autograd in the entries of the memory."""
    copied = torch.as_tensor(u), torch.as_tensor(v)
    return grad(lambda entries: squares((*copied, entries, w), a, rho).mean())(m)


def copying(g, h, a, rho, K, *, draw):
    """The speed of the gain of the copy."""
    return speeds(balanced(g, h, a, rho, K), a, rho)[0]


def recalling(g, h, a, rho, K, *, draw):
    """The speed of the gains of the entries."""
    return speeds(balanced(g, h, a, rho, K), a, rho)[1]
