"""Masks of two entries, of every shape: the measurements behind `derivations/imputation/mask_shapes.py`.

The first of three entries is missing; the average over the masks of the others is taken over all four.
"""

import torch
from torch.func import jvp

from numerics.imputation.bayes import alike, bayes_error, shortfall
from numerics.imputation.imputers import masks, sample
from workbench.evidence import crossing, function_of_means

SEEN = masks(2)  # neither, the second, the first, both


def shape(one, other, both):
    """How likely the four masks are when the two entries are seen with these chances, and both with this one."""
    return torch.stack([torch.as_tensor(c) for c in (1 - one - other + both, other - both, one - both, both)])


def moments(x, chances):
    """What least squares needs to predict the first entry from what is seen of the others."""
    read = SEEN * x[1:]
    return x[0] ** 2, x[0] * (chances @ read), torch.einsum("m,mi,mj->ij", chances, read, read)


@function_of_means(lambda square, cross, gram: torch.linalg.solve(gram, cross)[:, None])
def own_rates(rho, q, r, *, draw):
    """The moments of one vector, for the weights of least squares."""
    return moments(sample(alike(rho), draw), shape(q, r, q * r))


@function_of_means(lambda square, cross, gram: square - cross @ torch.linalg.solve(gram, cross))
def own_rates_risk(rho, q, r, *, draw):
    """The moments of one vector, for what least squares leaves."""
    return moments(sample(alike(rho), draw), shape(q, r, q * r))


def both(x, rho, chances):
    """The error of Bayes and the moments of one vector."""
    errors = torch.stack([bayes_error(x, o, rho) for o in SEEN])
    return chances @ errors, *moments(x, chances)


@function_of_means(shortfall)
def joint_gap(rho, q, s, *, draw):
    """Both imputers on the same vector."""
    return both(sample(alike(rho), draw), rho, shape(q, q, s))


@crossing("s", 0.0001, 0.5, of=lambda *now: jvp(shortfall, now[:4], now[4:])[1])
def worst_overlap(rho, q, s, *, draw):
    """Both imputers, and how they change with the chance that both others are seen."""
    x = sample(alike(rho), draw)
    now, change = jvp(lambda joint: both(x, rho, shape(q, q, joint)), (torch.tensor(s),), (torch.tensor(1.0),))[:2]
    return *now, *change
