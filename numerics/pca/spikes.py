"""Prompts with a spike, sampled: the measurements behind `derivations/pca/spikes.py`."""

import torch
from scipy.optimize import brentq
from torch.nn.functional import normalize

from workbench.evidence import limit

SIZES = (1, 2, 4, 8)  # multiples of d and n from which layers are extrapolated to large prompts
STRENGTHS = torch.tensor([1.0, 2.0, 3.0])  # that determine a parabola


def ridge_on_noise(s, draw, k, d, n):
    """What ridge leaves of noise in one prompt k times as large."""
    tokens = draw.normal("noise", SIZES[-1] * d, SIZES[-1] * n)[: k * d, : k * n]
    return torch.trace(torch.linalg.inv(s * torch.eye(k * d) + tokens @ tokens.T / (k * n))) / (k * d)


@limit()
def noise_resolvent(s, d, n, *, draw):
    """What ridge leaves of noise, in prompts of growing size."""
    return torch.stack([ridge_on_noise(s, draw, k, d, n) for k in SIZES])


def root_of_covariance(theta, v):
    """(I + θvvᵀ)^{1/2}, from its eigenvectors."""
    variances, axes = torch.linalg.eigh(torch.eye(len(v)) + theta * torch.outer(v, v))
    return axes @ torch.diag(variances.sqrt()) @ axes.T


def spiked_resolvent(s, theta, v, W, *, draw):
    """What solving the linear system of ridge leaves of the spike."""
    R = root_of_covariance(theta, v)
    return v @ torch.linalg.solve(s * torch.eye(len(v)) + R @ W @ R, v)


def decomposed(theta, draw, d, n, prompts):
    """The top eigenvalue of whole prompts with a spike, and how much of it the top eigenvector holds."""
    spike = normalize(draw.normal(f"spike {d}", d), dim=0)
    tokens = root_of_covariance(theta, spike) @ draw.normal(f"tokens {d}", prompts, d, n)
    eigenvalues, eigenvectors = torch.linalg.eigh(tokens @ tokens.mT / n)
    return eigenvalues[:, -1], (spike @ eigenvectors)[:, -1] ** 2


def balance(parabolas):
    """The strength at which what a layer keeps of the spike, squared, is the noise that it makes."""
    lagrange = torch.linalg.inv(torch.stack([STRENGTHS**power for power in range(3)], 1)) @ parabolas
    held, noise = (lambda theta, row=row: sum(c * theta**k for k, c in enumerate(row)) for row in lagrange.T)
    return torch.tensor(brentq(lambda theta: float(held(theta) ** 2 - noise(theta)), 1e-3, 64, xtol=1e-14))


@limit(balance)
def critical_strength(d, n, *, draw):
    """What a layer keeps of a spike and what noise it makes elsewhere, at three strengths, for growing prompts."""
    widest, longest = SIZES[-1] * d, SIZES[-1] * n
    sizes = [(k * d, k * n, widest, longest) for k in SIZES]
    return torch.stack([torch.stack([layer(theta, draw, *each) for theta in STRENGTHS]) for each in sizes])


def layer(theta, draw, d, n, widest, longest):
    """⟨v, Sv − v⟩ and |Sw − w|², v the spike, w across it: a row of the tokens, and what goes with it."""
    across = draw.normal("across", longest)[:n]
    rest = torch.linalg.norm(across) * draw.normal("rest", widest)[: d - 1]  # the other rows times this one
    spread = (across @ across / n - 1) ** 2 + ((1 + theta) * rest[0] ** 2 + torch.sum(rest[1:] ** 2)) / n**2
    return torch.stack([(1 + theta) * (across @ across) / n - 1, spread])
