"""Clouds of tokens pushed through attention layers: the measurements behind `derivations/measures/flows.py`."""

import torch

from numerics.measures.clouds import (
    attend,
    covariance,
    endless_depth,
    linear_attend,
    long_context,
    network,
    particles,
    runge_kutta,
)
from numerics.measures.heads import token
from workbench.evidence import crossing, limit, ratio, witness

DEPTHS = (4, 8, 16, 32, 64, 128)  # of the networks from which endless depth is extrapolated
STEPS = (8, 16, 32)  # per e-fold of the scores, whose growth the step follows
FOLDS = 16  # after which scores are millions of times as large, and steps shrink in geometric progression


@ratio
def velocity(mu, Sigma, A, V, x, *, draw):
    """Value and softmax weight of one token, attended from x."""
    X = token(mu, Sigma, draw)
    weight = torch.exp(X @ A @ x)
    return weight * (V @ X), weight


def mean_velocity(mu, Sigma, A, V, *, draw):
    """Where one token of the cloud is moved by softmax attention to a long context."""
    return V @ attend(*long_context(mu, Sigma), A, token(mu, Sigma, draw))


def covariance_velocity(mu, Sigma, A, V, *, draw):
    """Place times velocity of one token, and its transpose."""
    place = token(mu, Sigma, draw)
    product = torch.outer(place - mu, V @ attend(*long_context(mu, Sigma), A, place))
    return product + product.T


@limit()
def covariance_flow(Sigma0, A, t, *, draw):
    """The covariance of a cloud after networks of growing depth, in the same time."""
    return torch.stack([covariance(network(particles(Sigma0), A, depth, t)) for depth in DEPTHS])


@witness(covariance_flow)
@limit()
def softmax_flow(Sigma0, A, t, *, draw):
    """The same through softmax layers, on a long context that moves along."""
    outcomes = []
    for depth in DEPTHS[:5]:
        tokens, log_weights = long_context(torch.zeros(len(A)), Sigma0, points=8)
        for _ in range(depth):
            tokens = tokens + t / depth * attend(tokens, log_weights, A, tokens)
        outcomes.append((tokens.T * torch.exp(log_weights)) @ tokens)
    return torch.stack(outcomes)


@limit(order=4)
def blow_up(Sigma, k, q, *, draw):
    """How long until the loudest score of the cloud has grown without bound, with ever finer steps."""
    A = torch.outer(k, q)
    return torch.stack([lifetime(particles(Sigma), A, steps) for steps in STEPS])


def lifetime(tokens, A, steps):
    """Depth passed while the scores of one token with itself on the cloud grow FOLDS e-folds, and in all to come."""
    time, taken = torch.zeros(()), []
    for _ in range(FOLDS * steps):
        scores = covariance(tokens) @ (A + A.T)
        taken.append(1 / steps / torch.trace(scores @ scores).sqrt())
        tokens, time = runge_kutta(tokens, A, taken[-1]), time + taken[-1]
    return time + taken[-1] / (taken[-2] / taken[-1] - 1)


@limit()
def forgetting(Sigma0, a, b, *, draw):
    """Variance along a after ever longer times under scores −bbᵀ."""
    times = [2.0**k / float(b @ Sigma0 @ b) for k in range(3, 10)]
    clouds = endless_depth(particles(Sigma0), -torch.outer(b, b), times)
    return torch.stack([a @ covariance(tokens) @ a for tokens in clouds])


@crossing("h", 0.01, 400)
def critical_step(Sigma, b, h, *, draw):
    """Change of the variance along b when one residual layer moves the cloud."""
    before = particles(Sigma)
    after = before - h * linear_attend(before, torch.outer(b, b))
    return torch.mean((after @ b) ** 2) - torch.mean((before @ b) ** 2)
