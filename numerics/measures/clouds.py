"""Clouds of tokens that stand for a Gaussian, and the attention layers that move them."""

import numpy as np
import torch
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import solve_ivp
from torch import Tensor

POINTS = {1: 60, 2: 32, 3: 16, 4: 8}  # per direction, of a cloud in that many dimensions


def long_context(mu: Tensor, Sigma: Tensor, points: int = 0) -> tuple[Tensor, Tensor]:
    """Tokens and log-weights with the averages of N(μ, Σ): a context of Gauss–Hermite points."""
    d = len(mu)
    nodes, weights = hermegauss(points or POINTS[d])
    grid = np.stack(np.meshgrid(*[nodes] * d, indexing="ij"), axis=-1).reshape(-1, d)
    shares = np.prod(np.meshgrid(*[weights / weights.sum()] * d, indexing="ij"), axis=0).reshape(-1)
    return mu + torch.from_numpy(grid) @ torch.linalg.cholesky(Sigma).T, torch.from_numpy(np.log(shares))


def particles(Sigma: Tensor) -> Tensor:
    """The 2d tokens ±√d Le_i, LLᵀ = Σ: the smallest centred cloud whose covariance is Σ."""
    root = len(Sigma) ** 0.5 * torch.linalg.cholesky(Sigma).T
    return torch.cat([root, -root])


def covariance(tokens: Tensor) -> Tensor:
    """The covariance of a centred cloud of equal tokens."""
    return tokens.T @ tokens / len(tokens)


def attend(tokens: Tensor, log_weights: Tensor, A: Tensor, queries: Tensor) -> Tensor:
    """Softmax attention of the queries to a weighted context, with scores (Ax)·X."""
    return torch.softmax(queries @ A.T @ tokens.T + log_weights, dim=-1) @ tokens


def linear_attend(tokens: Tensor, A: Tensor) -> Tensor:
    """Linear self-attention of a cloud, (1/n) Σ X_k (X_k · Ax): on centred Gaussians it moves as softmax does."""
    return tokens @ A.T @ covariance(tokens)


def network(tokens: Tensor, A: Tensor, depth: int, time: float) -> Tensor:
    """The cloud after `depth` residual layers of linear self-attention with steps time/depth."""
    for _ in range(depth):
        tokens = tokens + time / depth * linear_attend(tokens, A)
    return tokens


def runge_kutta(tokens: Tensor, A: Tensor, step: Tensor) -> Tensor:
    """One step of the endless-depth limit, to fourth order."""
    first = linear_attend(tokens, A)
    second = linear_attend(tokens + step / 2 * first, A)
    third = linear_attend(tokens + step / 2 * second, A)
    fourth = linear_attend(tokens + step * third, A)
    return tokens + step / 6 * (first + 2 * second + 2 * third + fourth)


def endless_depth(tokens: Tensor, A: Tensor, times: list[float]) -> list[Tensor]:
    """The cloud at growing times in a network of endless depth, by an adaptive integrator near roundoff."""

    def velocity(_: float, flat: np.ndarray) -> np.ndarray:
        return linear_attend(torch.from_numpy(flat).reshape(tokens.shape), A).reshape(-1).numpy()

    path = solve_ivp(velocity, (0.0, times[-1]), tokens.reshape(-1).numpy(), "DOP853", times, rtol=1e-13, atol=1e-15)
    return [torch.from_numpy(state.copy()).reshape(tokens.shape) for state in path.y.T]
