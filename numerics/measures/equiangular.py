"""Attention over tokens of equal angles: the measurements behind `derivations/measures/equiangular.py`."""

import torch
from torch import Tensor

from workbench.evidence import crossing, limit

LENGTHS = (16, 32, 64, 128, 256)


def tokens(n: int, rho: float) -> Tensor:
    """n unit vectors (rows) with the same cosine."""
    return torch.linalg.cholesky((1 - rho) * torch.eye(n) + rho * torch.ones(n, n))


def output_cosine(X: Tensor, beta: float) -> Tensor:
    """The cosine of the outputs at the first two tokens."""
    first, second = torch.softmax(beta * X[:2] @ X.T, dim=1) @ X
    return first @ second / torch.linalg.norm(first) / torch.linalg.norm(second)


def cosine(n, rho, beta, *, draw):
    """One layer of softmax attention."""
    return output_cosine(tokens(n, rho), beta)


@crossing("beta", 0.0, 4096)
def critical_temperature(n, rho, beta, *, draw):
    """The softmax weight of a token for itself, less that of the others."""
    X = tokens(n, rho)
    return 2 * torch.softmax(beta * X[:1] @ X.T, dim=1)[0, 0] - 1


@limit()
def critical_cosine(rho, *, draw):
    """The same layer over growing contexts, colder with their logarithm."""
    colder = [float(torch.log(torch.tensor(float(n)))) / (1 - rho) for n in LENGTHS]
    return torch.stack([output_cosine(tokens(n, rho), beta) for n, beta in zip(LENGTHS, colder)])
