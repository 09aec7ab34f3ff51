"""Attention heads over endless prompts: the measurements behind `derivations/pca/infinite_prompt.py`."""

import torch
from torch.func import grad

from numerics.pca.heads import linear_error, linear_head, softmax_error, softmax_head, softmax_risk, token
from workbench.evidence import crossing, limit, ratio, witness

LENGTHS = (16, 32, 64)  # of the prompts from which a softmax head is extrapolated to endless ones


@ratio
def output(lamda, mu, Sigma, x, *, draw):
    """Weighted value and softmax weight of one token of the prompt, attended from x."""
    X = token(Sigma, draw)
    weight = torch.exp(lamda * (mu @ x) * (mu @ X))
    return weight * X, weight


@witness(output)
@limit()
def output_over_finite_prompts(lamda, mu, Sigma, x, *, draw):
    """The whole softmax head over prompts of growing length (nested), extrapolated."""
    X = draw.normal("prompt", LENGTHS[-1], len(mu)) @ torch.linalg.cholesky(Sigma).T
    head = torch.vmap(lambda tokens: softmax_head(mu, lamda, x, tokens))
    return torch.stack([head(X.reshape(-1, n, len(mu))).mean(0) for n in LENGTHS])


def linear_output(lamda, mu, Sigma, x, *, draw):
    """Value times score of one token of the prompt."""
    return linear_head(mu, lamda, x, token(Sigma, draw)[None, :])


def risk(lamda, mu, Sigma, *, draw):
    """Squared distance of a token from what the softmax head returns in its place."""
    return softmax_error(mu, lamda, Sigma, draw)


@witness(risk)
def risk_of_linear_attention(lamda, mu, Sigma, *, draw):
    """The same for linear attention."""
    return linear_error(mu, lamda, Sigma, draw)


def risk_gradient(lamda, mu, Sigma, *, draw):
    """Autograd through the softmax head."""
    return grad(softmax_risk)(mu, lamda, Sigma)


def autoencoder(lamda, mu, S, *, draw):
    """The error of the softmax head where tokens have the covariance S²."""
    return softmax_error(mu, lamda, S @ S, draw)


@crossing("lamda", 1, 4096)
def critical_strength(lamda, mu, Sigma, *, draw):
    """How much farther than nothing the head's answer is from the token (linear attention)."""
    return linear_error(mu, lamda, Sigma, draw) - torch.sum(token(Sigma, draw) ** 2)
