"""Readers who say a share of their guess: the measurements behind `derivations/emergence/shrunken_guesses.py`."""

import torch
from torch.func import grad

from numerics.emergence.least_squares import language, learned, riddles, risk_of
from workbench.evidence import at, root


def error(W, Sigma, b, sigma, a, *, draw):
    """Squared error on one fresh sentence, after P sentences with the words W."""
    masked = W.T @ b + sigma * draw.normal("unsaid", W.shape[1])
    fresh = torch.linalg.cholesky(Sigma) @ draw.normal("fresh", len(Sigma))
    return (fresh @ b + sigma * draw.normal("riddle") - a * fresh @ learned(W.T, masked)) ** 2


def risk(Sigma, b, sigma, P, a, *, draw):
    """Squared error on a fresh sentence of readers of the same sampled words."""
    noise, weights = riddles(P)
    words = draw.normal("words", P, len(Sigma)) @ torch.linalg.cholesky(Sigma).T
    readers = learned(words, (words @ b)[:, None] + sigma * noise)
    return weights @ risk_of(a * readers, language(Sigma, b, sigma))


def error_slope(W, Sigma, b, sigma, a, *, draw):
    """Autograd in the share."""
    return grad(lambda share: error(W, Sigma, b, sigma, share, draw=draw))(torch.as_tensor(a))


@root("a")
def best_share(W, Sigma, b, sigma, a, *, draw):
    """Where the average slope vanishes."""
    return error_slope(W, Sigma, b, sigma, a, draw=draw)


@at(a=best_share)
def least_error(W, Sigma, b, sigma, a, *, draw):
    """Squared error at the share that was found."""
    return error(W, Sigma, b, sigma, a, draw=draw)
