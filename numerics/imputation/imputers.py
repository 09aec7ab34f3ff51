"""Gaussian data with holes, and attention layers that fill them, as a network would run them."""

import torch
from torch import Tensor

from workbench.evidence import Draw


def sample(Sigma: Tensor, draw: Draw) -> Tensor:
    """One vector from N(0, Σ)."""
    return torch.linalg.cholesky(Sigma) @ draw.normal("data", len(Sigma))


def samples(Sigma: Tensor, size: int, draw: Draw) -> Tensor:
    """A data set from N(0, Σ); shape (size, d)."""
    return draw.normal("data", size, len(Sigma)) @ torch.linalg.cholesky(Sigma).T


def masks(d: int) -> Tensor:
    """Every mask of d entries, 1 where an entry is observed; shape (2^d, d)."""
    return torch.cartesian_prod(*[torch.tensor([0.0, 1.0], dtype=torch.float64)] * d).reshape(-1, d)


def chances(o: Tensor, p: float | Tensor) -> Tensor:
    """How likely each mask is when entries are missing independently with probability p."""
    return torch.where(o == 1, 1 - p, p).prod(-1)


def over_masks(value, d: int, p: float | Tensor) -> Tensor:
    """The mean over all masks of what one mask is worth."""
    o = masks(d)
    return torch.tensordot(chances(o, p), torch.vmap(value)(o), dims=1)


def attention(W: Tensor, x: Tensor, o: Tensor) -> Tensor:
    """Every entry predicted from the observed ones, with scores that go by position."""
    return W @ (o * x)


def completion_error(W: Tensor, x: Tensor, o: Tensor) -> Tensor:
    """Squared error on the missing entries of one vector."""
    return torch.sum(((1 - o) * (x - attention(W, x, o))) ** 2)
