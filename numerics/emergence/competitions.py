"""A head that has to choose: the measurements behind `derivations/emergence/competitions.py`.

The axes of e and k are the first two. Energies and weights along them are letters; no weight reads the other axes.
"""

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.emergence.positions import at_energies, errors
from workbench.evidence import at, function_of_means, root, spectrum


def loss(energies, d, A, epsilon, sigma, rho, omega, draw):
    """Squared error on one sentence, at these energies along the first axes."""
    return at_energies(energies, d, A, epsilon, sigma, rho, omega, draw).mean()


@function_of_means(torch.linalg.det)
def competition(M, Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """Autograd's Hessian in both energies."""
    return hessian(lambda both: loss(both, d, A, epsilon, sigma, rho, omega, draw))(torch.tensor([M, Theta]))


@root("M")
def positional_point(M, d, A, epsilon, sigma, rho, omega, *, draw):
    """The slope of the risk in the energy of a head that reads positions alone."""
    return grad(lambda M: loss(M[None], d, A, epsilon, sigma, rho, omega, draw))(torch.as_tensor(M))


@root("Theta")
def semantic_point(Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """The slope of the risk in the energy of a head that reads meanings alone."""

    def semantic(Theta):
        e, k, *_ = torch.eye(d)
        return errors(Theta.sqrt() / sigma * k, e, k, A, epsilon, sigma, rho, omega, draw).mean()

    return grad(semantic)(torch.as_tensor(Theta))


def bends(here: Tensor, A, epsilon, sigma, rho, omega, draw) -> Tensor:
    """Autograd's Hessian of the squared error in the weights along e, k and a third axis."""
    d = len(here)
    e, k, o = torch.eye(d)[:3]

    def moved(step):
        weights = here + step[0] * e + step[1] * k + step[2] * o
        return errors(weights, e, k, A, epsilon, sigma, rho, omega, draw).mean()

    return hessian(moved)(torch.zeros(3))


@at(M=positional_point)
@spectrum
def positional_stability(M, d, A, epsilon, sigma, rho, omega, *, draw):
    """The Hessian at the energy at which the measured slope vanishes."""
    here = torch.as_tensor(M).sqrt() / sigma * torch.eye(d)[0]
    return bends(here, A, epsilon, sigma, rho, omega, draw)


@at(Theta=semantic_point)
@spectrum
def semantic_stability(Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """The Hessian at the energy at which the measured slope vanishes."""
    here = torch.as_tensor(Theta).sqrt() / sigma * torch.eye(d)[1]
    return bends(here, A, epsilon, sigma, rho, omega, draw)


@root("M", of=lambda slopes, bends: slopes[0] - bends[0, 1] / bends[1, 1] * slopes[1])
def mixed_point(M, Theta, d, A, epsilon, sigma, rho, omega, *, draw):
    """Slopes and bends of the risk in both energies: where M rests while meanings, eliminated, rest as well."""

    def both(energies):
        return loss(energies, d, A, epsilon, sigma, rho, omega, draw)

    here = torch.stack([torch.as_tensor(M), torch.as_tensor(Theta)])
    return grad(both)(here), hessian(both)(here)
