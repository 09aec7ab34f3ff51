"""Stairs and plateaus of rank-one heads: the measurements behind `derivations/in_context/staircases.py`."""

from itertools import pairwise, repeat

import torch
from torch.func import grad

from numerics.in_context.descents import Loss, pieces
from numerics.in_context.layers import prediction, prompt
from numerics.in_context.trainings import descent, sampled
from workbench.evidence import experiment, function_of_means, witness

PROMPTS, STEPS = 2_000, 1_000  # of a training run
RATE, SMALL = 0.15, 0.15  # its steps and where it begins, in units in which a token has variance one


def stairs(strength, *means):
    """How far the loss falls on each mode where a head on it rests, all other modes having some strength."""
    loss, drops = Loss(*means), []
    for mode in loss.modes():
        along = torch.outer(mode, mode)
        others = strength * (torch.eye(len(mode)) - along)
        drops.append(loss.value(others) - loss.value(others + loss.learned(mode) ** 3 * along))
    return torch.stack(drops).sort().values


@function_of_means(stairs)
def stair(Lambda, sigma, N, strength, *, draw):
    """The loss in which a head learns its mode, and the strength of others."""
    return torch.as_tensor(strength), *pieces(Lambda, sigma, N, draw)


def one_head(blank, *means):
    """Where the loss of one head ends on its way down from several starts."""
    loss = Loss(*means)
    return blank + loss.lowest()


@function_of_means(one_head)
def first_plateau(Lambda, sigma, N, *, draw):
    """The error of a layer that has learned nothing, and the loss in which its only head moves."""
    _, _, query, w = prompt(Lambda, torch.eye(len(Lambda)), sigma, N, draw)
    return (w @ query) ** 2, *pieces(Lambda, sigma, N, draw)


def lingers(losses):
    """Whether the loss falls faster again after it has slowed down."""
    falls = [before - after for before, after in pairwise(losses)]
    return len(falls) > 2 and falls[-1] > falls[-2] < max(falls[:-2])


@witness(first_plateau)
@experiment(runs=8)
def trained_heads(Lambda, sigma, N, *, draw):
    """The loss at which heads with keys and queries of their own linger in training on sampled prompts.

    As many heads as modes, from a small random start, by gradient descent: their fall quickens, slows down, and
    where it is about to quicken once more the loss is read.
    """
    d, variance = len(Lambda), float(torch.trace(Lambda))
    start = SMALL * variance ** (-1 / 3) * torch.nn.functional.normalize(draw.normal("start", d, d))
    prompts, losses = sampled(Lambda, sigma, N, PROMPTS, draw), []
    for loss, _ in descent(start.norm(dim=1), start, start, RATE * variance ** (-5 / 3), repeat(prompts, STEPS)):
        losses.append(loss)
        if lingers(losses):
            break
    return torch.tensor(losses[-1])


def half_awake(A, B, sigma, N, draw):
    """A prompt with modes of both kinds, and with an isotropic task."""
    return prompt(torch.block_diag(A, B), torch.eye(len(A) + len(B)), sigma, N, draw)


def partial_risk(A, B, sigma, N, W, *, draw):
    """Squared error on one prompt of the layer whose weights see the learned modes alone."""
    x, y, query, w = half_awake(A, B, sigma, N, draw)
    U = torch.nn.functional.pad(W, (0, len(B), 0, len(B)))
    return (w @ query - prediction(U, x, y, query)) ** 2


def regression(A, B, sigma, N, draw):
    """On one prompt: the answer squared, times what the layer reads (its slope in the weights), and that squared."""
    x, y, query, w = half_awake(A, B, sigma, N, draw)
    answer, pad = w @ query, (0, len(B), 0, len(B))
    read = grad(lambda W: prediction(torch.nn.functional.pad(W, pad), x, y, query))(torch.zeros_like(A))
    return answer**2, answer * read, torch.tensordot(read, read, dims=0)


def least_squares(_, cross, gram):
    """The weights at which the average squared error, a quadratic function of them, is smallest."""
    return torch.linalg.tensorsolve(gram, cross)


@function_of_means(least_squares)
def trained_weights(A, B, sigma, N, *, draw):
    """The regression of answers on what the layer reads."""
    return regression(A, B, sigma, N, draw)


@function_of_means(lambda square, cross, gram: square - torch.sum(cross * least_squares(square, cross, gram)))
def plateau(A, B, sigma, N, *, draw):
    """What that regression leaves."""
    return regression(A, B, sigma, N, draw)
