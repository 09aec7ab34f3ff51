"""A layer trained on entries hidden on purpose: the measurements behind `derivations/imputation/remasking.py`.

The average over the holes, and over what is hidden besides, is taken over all pairs of masks.
"""

import torch
from torch.func import grad

from numerics.imputation.imputers import over_masks, sample


def hidden_error(W, x, seen, kept):
    """Squared error on the entries that the second mask hides."""
    return torch.sum(seen * (1 - kept) * (x - W @ (seen * kept * x)) ** 2)


def risk(Sigma, p, r, W, *, draw):
    """Squared error on what is hidden on purpose in one vector, over all pairs of masks."""
    x = sample(Sigma, draw)
    return over_masks(lambda o: over_masks(lambda o1: hidden_error(W, x, o, o1), len(x), r), len(x), p)


def risk_gradient(Sigma, p, r, W, *, draw):
    """Autograd through the same sample."""
    return grad(lambda weights: risk(Sigma, p, r, weights, draw=draw))(W)
