"""Where gradient flow brings a head from many starts: the measurements behind `derivations/pca/convergence.py`."""

import torch
from torch.func import grad, vmap

from numerics.pca.heads import cloud_error, linear_error
from numerics.pca.landscapes import heights, surveyed
from workbench.evidence import almost_every, end_of_flow


def parting(first, second, third, lamda, r, s, t, *, draw):
    """Autograd through linear attention on one token, and through the logarithms of the head on its two axes."""
    Sigma, mu = torch.diag(torch.tensor([first, second, third])), torch.tensor([r, s, t])
    downhill = -grad(lambda vector: linear_error(vector, lamda, Sigma, draw))(mu)
    return grad(lambda vector: vector[0].log() / first**2 - vector[1].log() / second**2)(mu) @ downhill


@almost_every("start", 6, starts=64, runs=2)
def almost_every_start(lamda, Sigma, start, *, draw):
    """The error of linear attention over an endless prompt at the end of the flow, in the landscape of that error.

    A start has a normal number for each axis; heads are in units of the length of one that is trained.
    """
    unit, d = (lamda * torch.trace(Sigma)) ** -0.5, len(Sigma)

    def error(head):
        return cloud_error(unit * head[:, None], lamda, Sigma)

    landscape = surveyed(heights(error, d), d)
    return vmap(error)(end_of_flow(start[:, :d], vmap(lambda mu: (landscape.gradient(mu), landscape.curvature(mu)))))
