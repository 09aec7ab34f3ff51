"""Prompts with a spike, sampled: the measurements behind `derivations/pca/spikes.py`."""

import torch
from scipy.linalg import eigh_tridiagonal, solveh_banded
from torch.nn.functional import normalize

from numerics.pca.reflections import large, reflected
from workbench.evidence import experiment, limit, witness
from workbench.evidence.protocols import NotFound

SIZES = (1, 2, 4)  # multiples of d and n from which noise is extrapolated to large prompts
DEPTH = 4000  # reflections, the spike being the first direction
FADED = 1e-9  # what may be left at the last of them: still less is left at all further ones


def tridiagonal(tokens, directions):
    """The diagonal of the second moment of reflected tokens, and what stands beside it."""
    return tokens**2 + torch.cat([torch.zeros(1), directions**2]), tokens[:-1] * directions


def faded(vector, rows, d):
    """The first entry of a vector that has died away before the last of these rows, if d directions have more."""
    if rows < d and abs(vector[-1]) > FADED:
        raise NotFound(f"the first direction is still felt {rows} reflections away: too near the bulk")
    return torch.tensor(vector[0])


@experiment(runs=32)
def noise_resolvent(s, d, n, *, draw):
    """What ridge leaves of one direction of noise (all are alike) in one large prompt."""
    d, n = large(d, n)
    diagonal, beside = tridiagonal(*reflected(draw, d, n, DEPTH))
    bands = torch.stack([s + diagonal / n, torch.cat([beside / n, torch.zeros(1)])])
    first = torch.cat([torch.ones(1), torch.zeros(DEPTH - 1)])
    return faded(solveh_banded(bands, first, lower=True), DEPTH, d)


def ridge_on_noise(s, draw, k, d, n):
    """What ridge leaves of noise in one prompt k times as large."""
    tokens = draw.normal("noise", SIZES[-1] * d, SIZES[-1] * n)[: k * d, : k * n]
    return torch.trace(torch.linalg.inv(s * torch.eye(k * d) + tokens @ tokens.T / (k * n))) / (k * d)


@witness(noise_resolvent)
@limit()
def resolvent_of_whole_prompts(s, d, n, *, draw):
    """What ridge leaves of noise, in whole prompts of growing size."""
    return torch.stack([ridge_on_noise(s, draw, k, d, n) for k in SIZES])


def root_of_covariance(theta, v):
    """(I + θvvᵀ)^{1/2}, from its eigenvectors."""
    variances, axes = torch.linalg.eigh(torch.eye(len(v)) + theta * torch.outer(v, v))
    return axes @ torch.diag(variances.sqrt()) @ axes.T


def spiked_resolvent(s, theta, v, W, *, draw):
    """What solving the linear system of ridge leaves of the spike."""
    R = root_of_covariance(theta, v)
    return v @ torch.linalg.solve(s * torch.eye(len(v)) + R @ W @ R, v)


def seen_from_spike(theta, d, n, rows, draw):
    """The top eigenvalue of one prompt, and how much of the spike its eigenvector holds; of d directions some rows."""
    tokens, directions = reflected(draw, d, n, rows)
    tokens = torch.cat([tokens[:1] * (1 + theta) ** 0.5, tokens[1:]])  # the spike stretches its own row
    last = rows - 1, rows - 1
    found, vectors = eigh_tridiagonal(*tridiagonal(tokens, directions), select="i", select_range=last)
    return torch.tensor(found[0] / n), faded(vectors[:, 0], rows, d) ** 2


@experiment(runs=32)
def outlier(theta, d, n, *, draw):
    """The top eigenvalue of one large prompt."""
    return seen_from_spike(theta, *large(d, n), DEPTH, draw)[0]


@experiment(runs=32)
def overlap(theta, d, n, *, draw):
    """How much of the spike the top eigenvector of one large prompt holds."""
    return seen_from_spike(theta, *large(d, n), DEPTH, draw)[1]


def decomposed(theta, draw, d, n, prompts):
    """The top eigenvalue of whole prompts with a spike, and how much of it the top eigenvector holds."""
    spike = normalize(draw.normal(f"spike {d}", d), dim=0)
    tokens = root_of_covariance(theta, spike) @ draw.normal(f"tokens {d}", prompts, d, n)
    eigenvalues, eigenvectors = torch.linalg.eigh(tokens @ tokens.mT / n)
    return eigenvalues[:, -1], (spike @ eigenvectors)[:, -1] ** 2
