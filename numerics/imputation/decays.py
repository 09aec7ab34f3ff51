"""Weight decay on vectors with holes: the measurements behind `derivations/imputation/decays.py`."""

import torch
from torch.func import grad

from numerics.imputation.imputers import completion_error, over_masks, sample
from workbench.evidence import at, root


def error(W, Sigma, p, draw):
    """Squared error on the missing entries of one vector, over all masks."""
    x = sample(Sigma, draw)
    return over_masks(lambda o: completion_error(W, x, o), len(x), p)


def decayed_gradient(Sigma, p, W, lamda, *, draw):
    """Autograd through the layer and its decay."""
    return grad(lambda weights: error(weights, Sigma, p, draw) + lamda * torch.sum(weights**2))(W)


@root("W")
def decayed_layer(Sigma, p, W, lamda, *, draw):
    """Where the average gradient vanishes."""
    return decayed_gradient(Sigma, p, W, lamda, draw=draw)


@root("a")
def best_multiple(Sigma, p, W, a, *, draw):
    """Where the average slope in the multiple vanishes."""
    return grad(lambda multiple: error(multiple * W, Sigma, p, draw))(torch.as_tensor(a))


@at(a=best_multiple)
def least_risk(Sigma, p, W, a, *, draw):
    """Squared error at the multiple that was found by training."""
    return error(a * W, Sigma, p, draw)
