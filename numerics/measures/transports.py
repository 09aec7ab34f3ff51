"""Residual layers that shall move a cloud along a linear field: behind `derivations/measures/transports.py`.

The context is endless: Gauss–Hermite points with their weights. `trained_scores` trains a layer by a
real optimiser on sampled contexts instead.
"""

import torch
from torch.func import grad

from numerics.measures.clouds import attend, long_context
from numerics.measures.heads import context
from workbench.evidence import experiment, root, trained, witness

POINTS = 16  # per direction, of an endless context
TOKENS, QUERIES = 2_000, 100  # of a sampled one


def error(A, Sigma, C, draw):
    """The squared distance between where softmax attention moves a token of the cloud and where it should go."""
    x = torch.linalg.cholesky(Sigma) @ draw.normal("query", len(Sigma))
    moved = attend(*long_context(torch.zeros(len(Sigma)), Sigma, POINTS), A, x[None])[0]
    return torch.sum((moved - C @ x) ** 2)


def risk(Sigma, A, C, *, draw):
    """The error of one token."""
    return error(A, Sigma, C, draw)


def risk_gradient(Sigma, A, C, *, draw):
    """Autograd through the layer."""
    return grad(error)(A, Sigma, C, draw)


@root("A")
def learned_scores(Sigma, A, C, *, draw):
    """The scores at which the average gradient vanishes."""
    return risk_gradient(Sigma, A, C, draw=draw)


@witness(learned_scores)
@experiment(runs=8)
def trained_scores(Sigma, A, C, *, draw):
    """Scores of a softmax layer that L-BFGS trains on the tokens of one sampled context."""
    d = len(Sigma)
    half = context(torch.zeros(d), Sigma, TOKENS // 2, draw)
    tokens, queries = torch.cat([half, -half]), context(torch.zeros(d), Sigma, QUERIES, draw, "queries")

    def loss(scores):
        moved = attend(tokens, torch.zeros(TOKENS), scores, queries)
        return torch.mean(torch.sum((moved - queries @ C.T) ** 2, dim=1))

    return trained(loss, torch.zeros(d, d))
