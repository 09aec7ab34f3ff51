"""Queries and keys in training: the measurements behind `derivations/acquisition/queries.py`."""

import torch
from torch.func import grad, hessian, jvp

from numerics.acquisition.flows import passage
from numerics.acquisition.readers import loss as reader_loss
from workbench.evidence import function_of_means, gradient, limit

WIDTH = 2
STARTS = (1 / 8, 1 / 16, 1 / 32, 1 / 64)


def loss(Q, C, G):
    """A loss with the slopes G in the scores QCᵀ: of higher order there is nothing that a first step sees."""
    return (G * (Q @ C.T)).sum()


def query_slopes(Q, C, G, *, draw):
    """Autograd in the queries."""
    return grad(loss)(Q, C, G)


def key_slopes(Q, C, G, *, draw):
    """Autograd in the keys."""
    return grad(loss, argnums=1)(Q, C, G)


def downhill(Q, C, G):
    """The velocity of both factors."""
    slopes = grad(loss, argnums=(0, 1))(Q, C, G)
    return -slopes[0], -slopes[1]


def score_speed(Q, C, G, *, draw):
    """The derivative of the scores along descent of both factors."""
    return jvp(lambda queries, keys: queries @ keys.T, (Q, C), downhill(Q, C, G))[1]


@function_of_means(lambda queries, keys: queries - keys)
def balance_of_factors(Q, C, G, u, *, draw):
    """How fast the overlaps of queries and those of keys change along u."""
    return tuple(
        jvp(lambda factor: ((factor @ u) ** 2).sum(), (factor,), (velocity,))[1]
        for factor, velocity in zip((Q, C), downhill(Q, C, G))
    )


def verb_loss(weights, m, g, V):
    """The cross-entropy of a verb whose query and three keys, one after another, are these weights."""
    query, keys = weights[:WIDTH], weights[WIDTH:].reshape(3, WIDTH)
    return reader_loss(keys @ query, m, g, V)


def query_escape(p, m, g, V, *, draw):
    """The largest eigenvalue of what training does where query and keys are zero."""
    turning = -p * hessian(verb_loss)(torch.zeros(4 * WIDTH), m, g, V)
    return torch.linalg.eigvalsh(turning)[-1]


def half_time(start, p, m, g, V):
    """When the verb that begins here looks at the right head twice as much as at the other one."""
    weights = torch.zeros(4 * WIDTH)
    weights[0] = start

    def ahead(weights):
        scores = weights[WIDTH:].reshape(3, WIDTH) @ weights[:WIDTH]
        return float((scores[0] - scores[1]).exp()) - 2

    velocity = lambda weights: -p * gradient(verb_loss)(weights, m, g, V)  # noqa: E731
    return passage(velocity, weights, ahead, float(g + 2) / (p * m), (18,))[0]


@limit(order=1)
def query_delay(p, m, g, V, y, *, draw):
    """The time from a start c times as small, less that from the start, for ever smaller ones."""
    return torch.stack([half_time(start / y, p, m, g, V) - half_time(start, p, m, g, V) for start in STARTS])
