"""One layer under masks of any law, on data of any law: the measurements behind `derivations/imputation/any_masks.py`.

What multiplies the data is mixed from signs, all of which are gone through, so its entries depend on each other;
`other_data` takes data of three values for Gaussian ones.
"""

import torch
from torch.func import grad

from numerics.imputation.imputers import masks, sample
from workbench.evidence import at, root, witness


def error(w, x, missing, C, pi):
    """Squared error of the layer on a missing entry, over all signs."""
    o = pi + (2 * masks(len(pi)) - 1) @ torch.linalg.cholesky(C).T
    return torch.mean((missing - o * x @ w) ** 2)


def vector_of(Sigma, b, v, draw):
    """The other entries, and the missing one."""
    x = sample(Sigma, draw)
    return x, b @ x + v**0.5 * draw.normal("untold")


def risk(Sigma, C, pi, b, v, w, *, draw):
    """Squared error on one missing entry."""
    return error(w, *vector_of(Sigma, b, v, draw), C, pi)


@witness(risk)
def other_data(Sigma, C, pi, b, v, w, *, draw):
    """The same for data that are not Gaussian."""
    x = torch.linalg.cholesky(Sigma) @ (1.5**0.5 * (draw.index("data", 3, len(b)) - 1))
    return error(w, x, b @ x + v**0.5 * (2 * draw.bernoulli("untold", 0.5) - 1), C, pi)


@root("w")
def fixed_point(Sigma, C, pi, b, v, w, *, draw):
    """Autograd through the same sample."""
    return grad(error)(w, *vector_of(Sigma, b, v, draw), C, pi)


@at(w=fixed_point)
def least_risk(Sigma, C, pi, b, v, w, *, draw):
    """Squared error at the weights that were found by training."""
    return risk(Sigma, C, pi, b, v, w, draw=draw)
