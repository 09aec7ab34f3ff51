"""One layer of attention on vectors with holes: the measurements behind `derivations/imputation/one_layer.py`.

The average over masks is taken over all of them; `sampled_risk` and `trained_layer` draw them.
"""

import torch
from torch.func import grad, hessian

from numerics.imputation.imputers import completion_error, over_masks, sample, samples
from workbench.evidence import at, experiment, root, trained, witness


def risk(Sigma, p, W, *, draw):
    """Squared error on the missing entries of one vector, over all masks."""
    x = sample(Sigma, draw)
    return over_masks(lambda o: completion_error(W, x, o), len(x), p)


@witness(risk)
def sampled_risk(Sigma, p, W, *, draw):
    """The same with one mask drawn at random."""
    x = sample(Sigma, draw)
    return completion_error(W, x, draw.bernoulli("observed", 1 - p, len(x)))


def risk_gradient(Sigma, p, W, *, draw):
    """Autograd through the layer."""
    return grad(lambda weights: risk(Sigma, p, weights, draw=draw))(W)


@root("W")
def fixed_point(Sigma, p, W, *, draw):
    """Where the average gradient vanishes; the idle diagonal is asked to vanish as well."""
    return risk_gradient(Sigma, p, W, draw=draw) + torch.diag(torch.diag(W))


@witness(fixed_point)
@experiment(runs=8)
def trained_layer(Sigma, p, *, draw):
    """Weights of a layer trained by a real optimiser (L-BFGS) on one data set with holes."""
    d, size = len(Sigma), 40_000
    x, o = samples(Sigma, size, draw), draw.bernoulli("observed", 1 - p, size, d)

    def loss(weights):
        return torch.vmap(completion_error, in_dims=(None, 0, 0))(weights, x, o).mean()

    return trained(loss, torch.zeros(d, d))


def curvature(Sigma, p, W, H, *, draw):
    """Autograd's second derivative of the squared error along H."""
    return hessian(lambda t: risk(Sigma, p, W + t * H, draw=draw))(torch.tensor(0.0))


@at(W=fixed_point)
def least_risk(Sigma, p, W, *, draw):
    """Squared error of the layer at the weights that were found by training."""
    return risk(Sigma, p, W, draw=draw)


@root("W")
def pseudo_likelihood(Sigma, W, *, draw):
    """The average gradient when each entry in turn is the only one missing."""
    x = sample(Sigma, draw)

    def error(weights):
        return torch.vmap(lambda missing: completion_error(weights, x, 1 - missing))(torch.eye(len(x))).sum()

    return grad(error)(W) + torch.diag(torch.diag(W))
