"""Softmax over contexts of n tokens, met by random queries: twins of `derivations/measures/finite_contexts.py`.

A query acts through its loudness q·z alone and a token through its score k·X, so the noise is one number
where no more is needed; the last twin runs whole contexts.
"""

import torch
from torch.func import grad

from numerics.measures.clouds import long_context
from numerics.measures.heads import context, softmax_attention
from workbench.evidence import crossing, limit, witness

LENGTHS = (16, 32)


def crowding(Sigma, k, q, beta, *, draw):
    """Tokens over effective tokens, E e^{2s}/(E e^s)², for one query."""
    return torch.exp(log_crowding(Sigma, k, q, beta, draw.normal("loudness")))


def log_crowding(Sigma, k, q, beta, loudness):
    """Its logarithm at a query that is `loudness` standard deviations from silence."""
    tilt = beta * loudness * torch.sqrt(q @ Sigma @ q)
    keys, log_weights = line_of_scores()
    scores = tilt * torch.sqrt(k @ Sigma @ k) * keys
    return torch.logsumexp(log_weights + 2 * scores, 0) - 2 * torch.logsumexp(log_weights + scores, 0)


def line_of_scores():
    """Equally spaced standard scores, far into the tails, and their log-weights: spectrally exact for Gaussians."""
    keys = torch.linspace(-60, 60, 481)
    return keys, torch.log_softmax(-(keys**2) / 2, 0)


def error(Sigma, k, q, beta, *, draw):
    """Variance of a ratio of means, times n: the square of each token's weight times its distance from the output."""
    tokens, log_weights = long_context(torch.zeros(len(k)), Sigma)
    loudness = draw.normal("loudness") * torch.sqrt(q @ Sigma @ q)
    scores = beta * loudness * tokens @ k
    weights = torch.exp(scores - torch.logsumexp(log_weights + scores, 0))
    output = (torch.exp(log_weights) * weights) @ tokens
    return torch.sum(torch.exp(log_weights) * weights**2 * torch.sum((tokens - output) ** 2, 1))


def one_token(Sigma, k, q, beta, *, draw):
    """Squared distance of what a layer returns over one token from what it returns over an endless context."""
    root = torch.linalg.cholesky(Sigma)
    z = root @ draw.normal("query", len(k))
    tokens, log_weights = long_context(torch.zeros(len(k)), Sigma)
    endless = softmax_attention(tokens, beta * (q @ z) * (tokens @ k) + log_weights)
    X = (root @ draw.normal("token", len(k)))[None]
    return torch.sum((softmax_attention(X, beta * (q @ z) * (X @ k)) - endless) ** 2)


@witness(error)
@limit()
def error_of_a_layer(Sigma, k, q, beta, *, draw):
    """Half the squared distance of the outputs that two contexts of n tokens give the same query, times n."""
    z = torch.linalg.cholesky(Sigma) @ draw.normal("query", len(k))
    contexts = [context(torch.zeros(len(k)), Sigma, LENGTHS[-1], draw, name) for name in ("context", "other")]
    outcomes = []
    for n in LENGTHS:
        one, other = (
            torch.vmap(lambda X: softmax_attention(X, beta * (q @ z) * (X @ k)))(X.reshape(-1, n, len(k)))
            for X in contexts
        )
        outcomes.append(n * torch.mean(torch.sum((one - other) ** 2, 1)) / 2)
    return torch.stack(outcomes)


def crowding_gradient(Sigma, k, q, beta, *, draw):
    """Autograd through the scores."""
    loudness = draw.normal("loudness")
    return grad(lambda key: torch.exp(log_crowding(Sigma, key, q, beta, loudness)))(k)


@crossing("beta", 0.01, 8)
def critical_temperature(Sigma, k, q, beta, *, draw):
    """How fast crowding × density of queries grows with the loudness: above zero its average diverges."""
    loudness = torch.tensor(1.0)
    return grad(lambda loudness: log_crowding(Sigma, k, q, beta, loudness) - loudness**2 / 2)(loudness)
