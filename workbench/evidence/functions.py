"""Functions that torch has not, or not under one name: Γ, digammas, Owen's T, means of erf² and tanh, χ² quantiles."""

from __future__ import annotations

from math import pi

import numpy as np
import torch
from torch import Tensor

__all__ = ["chi_square", "digamma_sum", "gamma", "lambertw", "owens_t", "polygamma", "tanh_mean", "vec", "zeta_erf"]
HALLEY = 12  # steps, each of which triples the digits
STEPS, FAR = 400, 9.0  # of the trapezoidal rule on each side, and how far out a Gaussian number lies
HALVINGS, NEWTONS = 26, 3  # of the interval in which a quantile lies, and steps on its logarithm
NODES, WEIGHTS = (torch.from_numpy(part) for part in np.polynomial.legendre.leggauss(128))


def gamma(x: Tensor) -> Tensor:
    """Euler's Γ, which is negative on every second interval left of zero."""
    sign = torch.where(x > 0, 1.0, 1 - 2 * torch.remainder(torch.floor(x), 2))
    return sign * torch.exp(torch.lgamma(x))


def polygamma(order: Tensor, x: Tensor) -> Tensor:
    """The derivative of that order of the digamma function."""
    return torch.polygamma(int(order), torch.as_tensor(x, dtype=torch.float64))


def digamma_sum(x: Tensor, terms: Tensor) -> Tensor:
    """ψ(x) + ψ(x − 1/2) + …, that many terms."""
    return sum((torch.digamma(x - i / 2) for i in range(int(terms))), torch.zeros((), dtype=torch.float64))


def chi_square(chance: Tensor, freedom: Tensor) -> Tensor:
    """The value below which χ² with so many degrees of freedom lies with that chance, by bisection and Newton steps."""
    shape = torch.as_tensor(freedom, dtype=torch.float64) / 2
    low, width = torch.zeros_like(chance), torch.zeros_like(chance) + 2 * shape + 40 * torch.sqrt(shape) + 160
    for _ in range(HALVINGS):
        width = width / 2
        below = torch.special.gammainc(shape, (low + width) / 2) - chance
        low = torch.where(torch.signbit(below), low + width, low)  # no comparison, which would look like a kink
    log = torch.log(low / 2 + width / 4)
    for _ in range(NEWTONS):
        density = torch.exp(shape * log - torch.exp(log) - torch.lgamma(shape))
        log = log - (torch.special.gammainc(shape, torch.exp(log)) - chance) / density
    return 2 * torch.exp(log)


def lambertw(x: Tensor) -> Tensor:
    """The larger w with w·exp(w) = x, by Halley's steps."""
    w = torch.log1p(x)
    for _ in range(HALLEY):
        miss = w * torch.exp(w) - x
        w = w - miss / (torch.exp(w) * (w + 1) - (w + 2) * miss / (2 * w + 2))
    return w


def owens_t(h: Tensor, a: Tensor) -> Tensor:
    """Owen's T, (1/2π) ∫ exp(−h²/(2 cos² θ)) dθ from 0 to arctan a, by Gauss and Legendre's rule."""
    top = torch.atan(a)
    angle = top[..., None] * (NODES + 1) / 2
    density = torch.exp(-(h[..., None] ** 2) / (2 * torch.cos(angle) ** 2))
    return top * torch.sum(WEIGHTS * density, -1) / (4 * pi)


def vec(matrix: Tensor) -> Tensor:
    """The columns of a matrix below each other."""
    return matrix.T.reshape(-1, 1)


def zeta_erf(t: Tensor, g: Tensor) -> Tensor:
    """E erf(t + gG)² for a standard normal G, by Owen's T."""
    square = g**2
    return 1 - 8 * owens_t(2**0.5 * t / torch.sqrt(1 + 2 * square), 1 / torch.sqrt(1 + 4 * square))


def tanh_mean(order: Tensor, g: Tensor) -> Tensor:
    """E of the derivative of that order of tanh at gG, by the trapezoidal rule in v where G is sinh(v) over 1 + |g|."""
    g = torch.as_tensor(g, dtype=torch.float64)
    sharp = (1 + g.abs())[..., None]
    ends = torch.asinh(FAR * sharp)
    places = torch.linspace(-1, 1, 2 * STEPS + 1, dtype=torch.float64) * ends
    z = torch.sinh(places) / sharp
    weights = torch.exp(-(z**2) / 2) * torch.cosh(places) / sharp * ends / STEPS / (2 * pi) ** 0.5
    return torch.sum(weights * slope_of_tanh(int(order), torch.tanh(g[..., None] * z)), -1)


def slope_of_tanh(order: int, t: Tensor) -> Tensor:
    """The derivative of that order of tanh where tanh is t: each is a polynomial in t."""
    polynomial = np.polynomial.Polynomial([0, 1])
    for _ in range(order):
        polynomial = polynomial.deriv() * np.polynomial.Polynomial([1, 0, -1])
    found = torch.zeros_like(t)
    for coefficient in polynomial.coef[::-1]:
        found = found * t + float(coefficient)
    return found
