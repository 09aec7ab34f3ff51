"""Several attention heads over an endless prompt: the measurements behind `derivations/pca/several_heads.py`."""

import torch
from torch import Tensor
from torch.func import grad, hessian

from numerics.pca.heads import cloud_error

STEPS = 20  # of Newton's method


def risk(lamda, U, Sigma, *, draw):
    """Squared distance of a token from the sum of what the heads return in its place."""
    return cloud_error(U, lamda, Sigma)


def risk_gradient(lamda, U, Sigma, *, draw):
    """Autograd through the heads."""
    return grad(cloud_error)(U, lamda, Sigma)


def rotation(lamda, U, Q, Sigma, *, draw):
    """The error of heads that were mixed by an orthogonal matrix."""
    return cloud_error(U @ Q, lamda, Sigma)


def at_rest(axes: list[int], lamda: float, Sigma: Tensor) -> Tensor:
    """Heads on these coordinate axes, as long as descent from far out makes them."""
    place = torch.eye(len(Sigma))[:, axes]
    lengths = torch.full((len(axes),), 4 * (lamda * Sigma.diagonal().min()) ** -0.5)

    def height(lengths):
        return cloud_error(place * lengths, lamda, Sigma)

    for _ in range(STEPS):
        lengths = lengths - torch.linalg.pinv(hessian(height)(lengths)) @ grad(height)(lengths)
    return place * lengths


def curvatures(axes: list[int], towards: list[int], lamda: float, Sigma: Tensor) -> Tensor:
    """The eigenvalues of the Hessian where each of the heads at rest moves towards one axis."""
    heads, moves = at_rest(axes, lamda, Sigma), torch.eye(len(Sigma))[:, towards]
    matrix = hessian(lambda steps: cloud_error(heads + moves * steps, lamda, Sigma))(torch.zeros(len(axes)))
    return torch.linalg.eigvalsh(matrix)


def explained(first, second, *, draw):
    """What two heads at rest save of the variance of tokens with two axes."""
    Sigma = torch.diag(torch.tensor([first, second]))
    return torch.trace(Sigma) - cloud_error(at_rest([0, 1], 1.0, Sigma), 1.0, Sigma)


def shear(first, second, lamda, *, draw):
    """Two heads, each moved to the other's axis."""
    return curvatures([0, 1], [1, 0], lamda, torch.diag(torch.tensor([first, second])))


def outward(first, second, third, lamda, *, draw):
    """Two heads, both moved to the third axis."""
    return curvatures([0, 1], [2, 2], lamda, torch.diag(torch.tensor([first, second, third])))


def parting(first, second, lamda, *, draw):
    """Two heads on the first axis, both moved to the second."""
    return curvatures([0, 0], [1, 1], lamda, torch.diag(torch.tensor([first, second])))


def critical_step(first, second, lamda, *, draw):
    """2 over the largest curvature of all at two heads on their axes."""
    Sigma = torch.diag(torch.tensor([first, second]))
    steepest = hessian(lambda U: cloud_error(U, lamda, Sigma))(at_rest([0, 1], lamda, Sigma)).reshape(4, 4)
    return 2 / torch.linalg.eigvalsh(steepest)[-1]
