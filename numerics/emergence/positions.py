"""A head between positions and meanings: the measurements behind `derivations/emergence/positions.py`."""

import torch
from torch import Tensor
from torch.func import grad

from workbench.evidence import Draw, limit

SIZES = (8, 16, 32)  # dimensions from which endlessly many are extrapolated


def attention(w: Tensor, read: Tensor) -> Tensor:
    """Linear attention with tied weights: every token asks all tokens (columns), by the product of their scores."""
    scores = w @ read
    return read @ torch.outer(scores, scores)


def teacher(x: Tensor, k: Tensor, A: Tensor, sigma: float, rho: float, omega: float) -> Tensor:
    """What is to be answered: semantic attention by scores along k, mixed with positional attention A."""
    scores = rho**0.5 / sigma * k @ x
    return x @ ((1 - omega) * torch.outer(scores, scores) + omega * A.T)


def errors_on(x: Tensor, w, e, k, A, epsilon, sigma, rho, omega) -> Tensor:
    """Squared error in every coordinate of the sentence x, in units of a token's variance."""
    read = x + torch.outer(e, epsilon)
    return (teacher(x, k, A, sigma, rho, omega) - attention(w, read)).square().sum(1) / sigma**2


def errors(w, e, k, A, epsilon, sigma, rho, omega, draw: Draw) -> Tensor:
    """The same for a sentence of Gaussian tokens."""
    x = sigma * draw.normal("tokens", len(w), len(epsilon))
    return errors_on(x, w, e, k, A, epsilon, sigma, rho, omega)


def risk(w, e, k, A, epsilon, sigma, rho, omega, *, draw):
    """Mean squared error of the layer on one sentence."""
    return errors(w, e, k, A, epsilon, sigma, rho, omega, draw).mean()


def risk_gradient(w, e, k, A, epsilon, sigma, rho, omega, *, draw):
    """Autograd through the layer."""
    return grad(lambda weights: risk(weights, e, k, A, epsilon, sigma, rho, omega, draw=draw))(w)


def at_energies(energies: Tensor, d: int, A, epsilon, sigma, rho, omega, draw: Draw) -> Tensor:
    """Squared errors by coordinate; e and k are the first axes, and on these the weights have their energies."""
    e, k = torch.eye(d)[:2]
    weights = torch.cat([energies.sqrt() / sigma, torch.zeros(d - len(energies))])
    return errors(weights, e, k, A, epsilon, sigma, rho, omega, draw)


def energy_risk(M, Theta, Q, d, A, epsilon, sigma, rho, omega, *, draw):
    """Mean squared error of a layer with these energies along e, k and one direction more."""
    return at_energies(torch.tensor([M, Theta, Q]), d, A, epsilon, sigma, rho, omega, draw).mean()


def energy_gradient(M, Theta, Q, d, A, epsilon, sigma, rho, omega, *, draw):
    """Autograd in the three energies."""

    def loss(energies):
        return at_energies(energies, d, A, epsilon, sigma, rho, omega, draw).mean()

    return grad(loss)(torch.tensor([M, Theta, Q]))


@limit()
def endless_risk(M, Theta, Q, A, epsilon, sigma, rho, omega, *, draw):
    """The same in growing dimensions: coordinates that no weight reads have equal errors, so one stands for all."""
    seen = at_energies(torch.tensor([M, Theta, Q]), 4, A, epsilon, sigma, rho, omega, draw)
    return torch.stack([(seen[:3].sum() + (d - 3) * seen[3]) / d for d in SIZES])
