"""Endlessly many layers over a context with holes: the measurements behind `derivations/imputation/masked_depth.py`.

The average over masks is taken over all of them.
"""

import torch

from numerics.imputation.bayes import alike, moments
from numerics.imputation.imputers import over_masks, sample
from workbench.evidence import function_of_means


def context(Sigma, p, *, draw):
    """The outer square of one example, missing entries at zero, over all masks."""
    x = sample(Sigma, draw)
    return over_masks(lambda o: torch.outer(o * x, o * x), len(x), p)


def converged(moment, F):
    """What layers answer that have come to rest: the fixed point of `depth`, read out."""
    return moment @ F.T @ torch.linalg.inv(F @ moment @ F.T)


def distance(F, read, complete):
    """Squared distance between the answers of layers that read a context with holes and a complete one."""
    wrong = (converged(read, F) - converged(complete, F)) @ F
    return torch.trace(wrong @ complete @ wrong.T)


@function_of_means(distance)
def excess(Sigma, F, p, *, draw):
    """The outer square of one example with holes, and without."""
    x = sample(Sigma, draw)
    return F, context(Sigma, p, draw=draw), torch.outer(x, x)


@function_of_means(distance)
def excess_of_three(rho, p, *, draw):
    """The same where the second and the third of three entries are seen."""
    x = sample(alike(rho), draw)
    return torch.eye(3)[1:], context(alike(rho), p, draw=draw), torch.outer(x, x)


def share(F, read, complete, cross, gram):
    """The same for one trained layer, which keeps what is seen, as a share of that."""
    row = torch.linalg.solve(gram, cross)[None]
    wrong = (torch.cat([row, torch.eye(2)]) - converged(complete, F)) @ F
    return torch.trace(wrong @ complete @ wrong.T) / distance(F, read, complete)


@function_of_means(share)
def against_one_layer(rho, p, *, draw):
    """The outer squares of one example, and what least squares needs to fill in its first entry."""
    x = sample(alike(rho), draw)
    _, cross, gram = moments(x, p)
    return torch.eye(3)[1:], context(alike(rho), p, draw=draw), torch.outer(x, x), cross, gram


def mended(Sigma, p, *, draw):
    """The outer square of one example, off the diagonal by how often both are seen, on it by how often one is."""
    moment, q = context(Sigma, p, draw=draw), 1 - p
    own = torch.diag(torch.diag(moment))
    return (moment - own) / q**2 + own / q
