"""A layer with a bias on vectors with holes: the measurements behind `derivations/imputation/biases.py`."""

import torch
from torch.func import grad

from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import at, root


def missed(W, b, x, o):
    """Squared error on the missing entries of one vector."""
    answer = b + W @ (o * x)
    return torch.sum((1 - o) * (x - answer) ** 2)


def risk(mu, Sigma, p, W, b, *, draw):
    """The same, over all masks."""
    x = mu + sample(Sigma, draw)
    return over_masks(lambda o: missed(W, b, x, o), len(x), p)


def risk_slope(mu, Sigma, p, W, b, *, draw):
    """Autograd through the layer."""
    return grad(lambda bias: risk(mu, Sigma, p, W, bias, draw=draw))(b)


@root("b")
def best_bias(mu, Sigma, p, W, b, *, draw):
    """Where the average slope vanishes."""
    return risk_slope(mu, Sigma, p, W, b, draw=draw)


@at(b=best_bias)
def least_risk(mu, Sigma, p, W, b, *, draw):
    """Squared error of the layer with the bias that was found by training."""
    return risk(mu, Sigma, p, W, b, draw=draw)
