"""A state-space layer that reads a prompt example by example: behind `derivations/in_context/gated_averages.py`."""

import torch

from numerics.in_context.layers import prediction, prompt
from workbench.evidence import crossing, function_of_means


def state(a, x, y):
    """What a layer that forgets at rate a keeps of a prompt when it comes to the query."""
    kept = torch.zeros(x.shape[1])
    for key, answer in zip(x, y):
        kept = a * kept + (1 - a) * answer * key
    return a * kept


def gate_weight(a, N, *, draw):
    """The state after a prompt of examples that are all 1."""
    return state(a, torch.ones(N, 1), torch.ones(N))[0]


def gate_squares(a, N, *, draw):
    """The square of the state after a prompt of random answers to the key 1."""
    return state(a, torch.ones(N, 1), draw.normal("answers", N))[0] ** 2


def read(a, d, sigma, N, draw):
    """The answer to a white prompt, and what the layer reads from it."""
    x, y, query, w = prompt(torch.eye(d), torch.eye(d), sigma, N, draw)
    return w @ query, state(a, x, y) @ query


def rougher(product, square, other_product, other_square):
    """By how much one reading of the prompt is less true to the answer than another."""
    return square / product**2 - other_square / other_product**2


@crossing("M", 1, 9, whole=True, of=rougher)
def gated_length(a, N, M, *, draw):
    """What a gate reads in N examples, and what one layer of attention reads in M, in one dimension without noise."""
    x, y, query, w = prompt(torch.eye(1), torch.eye(1), 0.0, max(M, N), draw)
    answer, gated = w @ query, state(a, x[:N], y[:N]) @ query
    alike = prediction(torch.eye(1), x[:M], y[:M], query)
    return answer * gated, gated**2, answer * alike, alike**2


def gated_risk(a, d, sigma, N, beta, *, draw):
    """Squared error of the layer on one prompt."""
    answer, reading = read(a, d, sigma, N, draw)
    return (answer - beta * reading) ** 2


def moments(a, d, sigma, N, draw):
    """The answer squared, its product with the reading, and the reading squared."""
    answer, reading = read(a, d, sigma, N, draw)
    return answer**2, answer * reading, reading**2


@function_of_means(lambda _, product, square: product / square)
def best_gain(a, d, sigma, N, *, draw):
    """The regression of the answer on the reading."""
    return moments(a, d, sigma, N, draw)


@function_of_means(lambda answer, product, square: answer - product**2 / square)
def least_risk(a, d, sigma, N, *, draw):
    """What that regression leaves."""
    return moments(a, d, sigma, N, draw)
