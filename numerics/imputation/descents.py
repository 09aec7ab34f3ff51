"""How steep the risk of a layer is around the trained one: measurements behind `derivations/imputation/descents.py`.

The risk is a parabola in each row of weights; its coefficients are averaged over all masks, as in `rate_shifts`.
"""

import torch
from torch import Tensor
from torch.func import grad, jacfwd

from numerics.imputation.imputers import sample
from numerics.imputation.rate_shifts import alike, parabolas
from workbench.evidence import crossing, smallest


def first_row(d, rho, p, draw):
    """The coefficients of the squared error on the first entry, in the weights that it gives the d others."""
    *_, cross, gram = parabolas(sample(alike(d + 1, rho), draw), p)
    return cross[0, 1:], gram[0, 1:, 1:]


def doubled_rate(w: Tensor, cross: Tensor, gram: Tensor) -> Tensor:
    """The squared gradient over twice the excess risk."""

    def error(weights: Tensor) -> Tensor:
        return weights @ gram @ weights - 2 * weights @ cross

    return torch.sum(grad(error)(w) ** 2) / (2 * (error(w) - error(torch.linalg.solve(gram, cross))))


@smallest("w", starts=4, of=doubled_rate)
def steepness(d, rho, p, w, *, draw):
    """Weights and the squared error of one vector; a search finds where the layer is least steep."""
    return w, *first_row(d, rho, p, draw)


def change_of_least(bowl: Tensor, change: Tensor) -> Tensor:
    """How the least bend of the risk changes."""
    slowest = torch.linalg.eigh(bowl).eigenvectors[:, 0]
    return slowest @ change @ slowest


@crossing("p", 0.05, 0.95, of=change_of_least)
def fastest_rate(d, rho, p, *, draw):
    """The bowl of the squared error of one vector, and how it changes with the missing rate (autograd)."""
    rate = torch.as_tensor(p)
    return first_row(d, rho, rate, draw)[1], jacfwd(lambda p: first_row(d, rho, p, draw)[1])(rate)
