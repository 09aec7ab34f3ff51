"""Heads with one vector, as a network would run them, on prompts of finite length and on endless ones."""

import math

import numpy as np
import torch
from torch import Tensor

from workbench.evidence import Draw

GRID = 30  # points for each coordinate of the grid that stands for an endless prompt
QUERIES = 4  # the same for the tokens that ask
COARSE = 10  # the same in training, where steps are many


def prompt(Sigma: Tensor, length: int, draw: Draw) -> Tensor:
    """The token to reconstruct and, below it, the others; shape (length, d)."""
    d = len(Sigma)
    noise = torch.cat([draw.normal("token", 1, d), draw.normal("others", length - 1, d)])
    return noise @ torch.linalg.cholesky(Sigma).T


def token(Sigma: Tensor, draw: Draw, name: str = "token") -> Tensor:
    """One token from N(0, Σ)."""
    return torch.linalg.cholesky(Sigma) @ draw.normal(name, len(Sigma))


def linear_head(mu: Tensor, strength: float, x: Tensor, tokens: Tensor) -> Tensor:
    """What linear attention (a sum over the prompt, no average) returns at x."""
    return strength * (tokens.T @ (tokens @ mu)) * (mu @ x)


def cloud(Sigma: Tensor) -> Tensor:
    """The 2d tokens ±√d Le_i: the smallest centred prompt with the second moment Σ, which is all linear heads see."""
    root = len(Sigma) ** 0.5 * torch.linalg.cholesky(Sigma).T
    return torch.cat([root, -root])


def linear_heads(U: Tensor, strength: float, x: Tensor, tokens: Tensor) -> Tensor:
    """What several linear heads, one for each column, return together at every row of x, averaged over the prompt."""
    return strength * (x @ U) @ (tokens @ U).T @ tokens / len(tokens)


def cloud_error(U: Tensor, strength: float, Sigma: Tensor) -> Tensor:
    """The mean squared distance of a token from what those heads return over an endless prompt."""
    tokens = cloud(Sigma)
    return torch.mean(torch.sum((tokens - linear_heads(U, strength, tokens, tokens)) ** 2, dim=1))


def softmax_head(mu: Tensor, strength: float, x: Tensor, tokens: Tensor, log_weights: Tensor | float = 0.0) -> Tensor:
    """What softmax attention returns at x; a token may stand for many (log_weights)."""
    return torch.softmax(strength * (mu @ x) * (tokens @ mu) + log_weights, dim=0) @ tokens


def softmax_answers(mu: Tensor, strength: float, x: Tensor, tokens: Tensor, log_weights: Tensor) -> Tensor:
    """The same at every row of x at once, as training does it."""
    return torch.softmax(strength * torch.outer(x @ mu, tokens @ mu) + log_weights, dim=1) @ tokens


def endless_prompt(Sigma: Tensor, points: int = GRID) -> tuple[Tensor, Tensor]:
    """An endless prompt as a grid of tokens with the logarithms of their frequencies (Gauss–Hermite)."""
    line, weights = np.polynomial.hermite_e.hermegauss(points)
    axes = [torch.from_numpy(line)] * len(Sigma)
    logs = [torch.from_numpy(np.log(weights / math.sqrt(2 * math.pi)))] * len(Sigma)
    grid = torch.cartesian_prod(*axes).reshape(-1, len(Sigma))
    frequencies = torch.cartesian_prod(*logs).reshape(-1, len(Sigma)).sum(1)
    return grid @ torch.linalg.cholesky(Sigma).T, frequencies


def softmax_error(mu: Tensor, strength: float, Sigma: Tensor, draw: Draw) -> Tensor:
    """Squared distance of a token from what a softmax head returns over an endless prompt."""
    x = token(Sigma, draw)
    return torch.sum((x - softmax_head(mu, strength, x, *endless_prompt(Sigma))) ** 2)


def softmax_risk(mu: Tensor, strength: float, Sigma: Tensor) -> Tensor:
    """The mean of that squared distance over a grid of tokens."""
    tokens, logs = endless_prompt(Sigma, QUERIES)
    missed = tokens - softmax_answers(mu, strength, tokens, *endless_prompt(Sigma))
    return torch.exp(logs) @ torch.sum(missed**2, dim=1)


def linear_error(mu: Tensor, strength: float, Sigma: Tensor, draw: Draw) -> Tensor:
    """The same for linear attention: two independent tokens stand for the average over the prompt, squared."""
    x, one, other = (token(Sigma, draw, name) for name in ("token", "one", "other"))
    misses = [x - linear_head(mu, strength, x, each[None, :]) for each in (one, other)]
    return misses[0] @ misses[1]


def finite_error(mu: Tensor, strength: float, Sigma: Tensor, length: int, draw: Draw) -> Tensor:
    """The same for linear attention over a prompt of that length, the token itself among its tokens."""
    tokens = prompt(Sigma, length, draw)
    return torch.sum((tokens[0] - linear_head(mu, strength, tokens[0], tokens)) ** 2)


def in_context_error(mu: Tensor, strength: float, Z: Tensor, noise: Tensor) -> Tensor:
    """The same over an endless prompt with covariance ZZᵀ, of which linear attention sees nothing else."""
    x, covariance = Z @ noise, Z @ Z.T
    return torch.sum((x - strength * covariance @ mu * (mu @ x)) ** 2)


def trained_softmax(strength: float, Sigma: Tensor, start: Tensor, batches: Tensor) -> Tensor:
    """Where Adam ends that trains a softmax head over endless prompts, each step on the next batch of tokens."""
    prompt = endless_prompt(Sigma, COARSE)
    unit = float(strength * torch.trace(Sigma)) ** -0.5  # about as long as the head will be
    mu = (unit * start).requires_grad_()
    optimiser = torch.optim.Adam([mu], lr=unit / 10)
    slowing = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: 1 - step / len(batches))
    for tokens in batches @ torch.linalg.cholesky(Sigma).T:
        optimiser.zero_grad()
        torch.mean(torch.sum((tokens - softmax_answers(mu, strength, tokens, *prompt)) ** 2, dim=1)).backward()
        optimiser.step()
        slowing.step()
    return mu.detach()
