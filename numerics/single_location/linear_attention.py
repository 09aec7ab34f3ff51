"""Linear attention on tokens of a sequence: the measurements behind `derivations/single_location/linear_attention.py`.

A token is seen in the span of k, k* and v*; the witness reads whole sequences.
"""

import torch

from numerics.single_location.layers import labelled, squared_error
from numerics.single_location.readouts import frozen_key
from workbench.evidence import crossing, function_of_means, limit, witness

SPIKES = (32.0, 64.0, 128.0, 256.0)  # from which ever farther ones are extrapolated


def features(k, vstar, X):
    """What a constant and a slope of the weights are multiplied with, summed over the tokens of a sequence."""
    return torch.stack([(X @ vstar).sum(-1), ((X @ k) * (X @ vstar)).sum(-1)])


def seen(kappa, gamma, s, epsilon, draw):
    """The answer and features of the informative token, and features of another one."""
    (k, kstar, vstar), z = frozen_key(kappa, 3), draw.normal("token", 3)
    x = s * kstar + gamma * z
    return x @ vstar + epsilon * draw.normal("label noise"), features(k, vstar, x[None]), features(k, vstar, z[None])


def pieces(weights, kappa, gamma, s, epsilon, draw):
    """The error of the informative token and the answer of another, with their squares."""
    answer, own, other = seen(kappa, gamma, s, epsilon, draw)
    error, heard = answer - weights @ own, weights @ other
    return torch.stack([error**2, error, heard, heard**2])


@function_of_means(squared_error)
def risk(alpha, beta, kappa, gamma, s, epsilon, L, *, draw):
    """What the squared error is made of."""
    weights = torch.stack([torch.as_tensor(alpha), torch.as_tensor(beta)])
    return pieces(weights, kappa, gamma, s, epsilon, draw), torch.as_tensor(float(L))


@witness(risk)
def risk_of_sequences(alpha, beta, kappa, gamma, s, epsilon, L, *, draw):
    """Squared error of the layer on whole sequences of tokens in R^4."""
    k, kstar, vstar = frozen_key(kappa, 4)
    X, answers = labelled(kstar, vstar, s, gamma, epsilon, 1, L, draw)
    return (answers[0] - torch.stack([torch.as_tensor(alpha), torch.as_tensor(beta)]) @ features(k, vstar, X[0])) ** 2


def moments(kappa, gamma, s, epsilon, L, draw):
    """Second moments of answer and features: of the informative token, and of L − 1 others."""
    answer, own, other = seen(kappa, gamma, s, epsilon, draw)
    others = (float(L) - 1) * torch.outer(other, other)
    return answer**2, answer * own, torch.outer(own, own) + others


@function_of_means(lambda _, cross, second: torch.linalg.solve(second, cross)[:, None])
def trained_weights(kappa, gamma, s, L, *, draw):
    """The regression of the answer on both features, which in the mean vanish token by token."""
    return moments(kappa, gamma, s, 0.0, L, draw)


def unexplained(square, cross, second):
    """What that regression leaves of the answer."""
    return square - cross @ torch.linalg.solve(second, cross)


@function_of_means(unexplained)
def least_risk(kappa, gamma, s, epsilon, L, *, draw):
    """Answer and both features."""
    return moments(kappa, gamma, s, epsilon, L, draw)


@limit(lambda s, *means: s**2 * unexplained(*means), order=2)
def far_spikes(kappa, gamma, L, *, draw):
    """Answer and both features, as the spike moves away."""
    rows = [moments(kappa, gamma, s, 0.0, L, draw) for s in SPIKES]
    return torch.tensor(SPIKES), *(torch.stack(column) for column in zip(*rows))


@function_of_means(lambda square, cross, second: square - cross[1] ** 2 / second[1, 1])
def without_constant(kappa, gamma, s, epsilon, L, *, draw):
    """Answer and both features, of which the second is used."""
    return moments(kappa, gamma, s, epsilon, L, draw)


@crossing("s", 0.001, 60.0, of=lambda square, cross, second: unexplained(square, cross, second) - square / 2)
def half_found(kappa, gamma, L, s, *, draw):
    """Answer without label noise, and both features."""
    return moments(kappa, gamma, s, 0.0, L, draw)
