"""Tasks that count when all tokens are right: the measurements behind `derivations/emergence/metrics.py`."""

import torch
from scipy.optimize import brentq
from torch import Tensor
from torch.func import grad

from workbench.evidence import crossing, largest


def chance(a: float, x: Tensor) -> Tensor:
    """How often a model of size e^x gets a token right: its cross-entropy falls like a power of the size."""
    cross_entropy = torch.exp(torch.as_tensor(x)) ** (-a)
    return torch.exp(-cross_entropy)


def sampled(a, L, x, draw):
    """Whether all of L sampled tokens are right."""
    return (draw.uniform("tokens", L) < chance(a, x)).all().double()


def expected(a, L, x):
    """The chance that all of L independent tokens are right."""
    return chance(a, x).expand(L).prod()


def translation(a, L, x, *, draw):
    """A task of L sampled tokens, by a model that is larger by L^(1/a)."""
    return sampled(a, L, x + torch.log(torch.tensor(L)) / a, draw)


@crossing("x", -20.0, 40.0)
def critical_size(a, L, q, x, *, draw):
    """Sampled tasks, and the share of them that shall be solved."""
    return sampled(a, L, x, draw) - q


def slope(a, L, x, *, draw):
    """Autograd through the chance to be right on all tokens."""
    return grad(lambda x: expected(a, L, x))(torch.as_tensor(x))


@crossing("x", 0.0, 20.0)
def inflection(a, L, x, *, draw):
    """Autograd's second derivative."""
    return grad(lambda x: slope(a, L, x, draw=draw))(torch.as_tensor(x))


@largest("x")
def sharpness(a, L, x, *, draw):
    """The slope wherever a search finds it steepest."""
    return slope(a, L, x, draw=draw)


def size_for(a, L, level) -> float:
    """The logarithm of the size that solves such a share of the tasks."""
    return brentq(lambda x: float(expected(a, L, torch.tensor(x))) - level, -40, 80, xtol=1e-15)  # type: ignore[return-value]


def width(a, L, q, r, *, draw):
    """From the size that solves a share q of the tasks to the one that solves r."""
    return torch.tensor(size_for(a, L, r) - size_for(a, L, q))
