"""Several layers on sampled prompts: the measurements behind `derivations/in_context/deep_descents.py`.

Answers are linear in the task and in the query, so that squares are averaged over both by summing over the columns of
roots of their covariances.
"""

import torch
from scipy.special import roots_genlaguerre
from torch import Tensor

from numerics.in_context.layers import linear_attention, tokens
from workbench.evidence import at, experiment, function_of_means, trained, witness


def answer(x: Tensor, y: Tensor, query: Tensor, steps, precondition: Tensor) -> Tensor:
    """What layers with these steps have taken from the place of the query's answer, which started at zero."""
    d = len(query)
    Z, reading = tokens(x, y, query), torch.zeros(d + 1, d + 1)
    reading[d, d] = 1.0
    scores = torch.nn.functional.pad(precondition, (0, 1, 0, 1))
    for step in steps:
        Z = linear_attention(Z, -step * reading, scores)
    return -Z[-1, -1]


def answers(x: Tensor, steps, tasks: Tensor, queries: Tensor, precondition: Tensor) -> Tensor:
    """Answers to every query (column) under every task (row) on a prompt of these inputs."""
    rows = [[answer(x, x @ w, query, steps, precondition) for query in queries.T] for w in tasks.T]
    return torch.stack([torch.stack(row) for row in rows])


def two_layers(Lambda, C, eta, N, *, draw):
    """Squared error of two layers on one prompt."""
    d, queries, tasks = len(Lambda), torch.linalg.cholesky(Lambda), torch.linalg.cholesky(C)
    x = draw.normal("tokens", N, d) @ queries.T
    told = answers(x, (eta, eta), tasks, queries, torch.linalg.inv(Lambda))
    return torch.sum((tasks.T @ queries - told) ** 2)


def white(x: Tensor, steps) -> Tensor:
    """Answers of layers with these steps on these inputs, to the axes as queries under the axes as tasks."""
    axes = torch.eye(x.shape[1])
    return answers(x, steps, axes, axes, axes)


def error(d: int, N: int, steps, draw) -> Tensor:
    """Squared error on a white prompt of some direction: of its length the mean is taken, by Gauss's rule for χ²."""
    x = draw.normal("tokens", N, d)
    halves, shares = roots_genlaguerre(len(steps) + 1, N * d / 2 - 1)
    direction, lengths = x / torch.linalg.norm(x), torch.from_numpy((2 * halves) ** 0.5)
    missed = torch.stack([torch.eye(d) - white(length * direction, steps) for length in lengths])
    return torch.from_numpy(shares / shares.sum()) @ (missed**2).sum((1, 2)) / d


def three_layers(d, N, eta, *, draw):
    """Squared error of three layers on one prompt."""
    return error(d, N, [eta] * 3, draw)


def four_layers(d, N, eta, *, draw):
    """Squared error of four layers on one prompt."""
    return error(d, N, [eta] * 4, draw)


def features(d: int, N: int, draw) -> Tensor:
    """What multiplies the sum and the product of the steps in the answers of two layers."""
    x = draw.normal("tokens", N, d)
    one, two = (white(x, [1.0] * layers).reshape(-1) for layers in (1, 2))
    return torch.stack([one, two - 2 * one])


@function_of_means(torch.linalg.solve)
def best_pair(d, N, *, draw):
    """Normal equations of two layers, whose answers are linear in sum and product of their steps."""
    parts = features(d, N, draw)
    return parts @ parts.T, parts @ torch.eye(d).reshape(-1)


@witness(best_pair)
@experiment(runs=8)
def trained_pair(d, N, *, draw):
    """Sum and product of the steps of two layers that L-BFGS has trained on the prompts of one data set."""
    size = 20_000
    x = draw.normal("tokens", size, N, d)

    def left(steps: Tensor) -> Tensor:
        rest = x  # one column for each axis as a task
        missed = torch.eye(d).expand(size, d, d)
        for step in steps:
            gradient = x.mT @ rest / N
            missed, rest = missed - step * gradient, rest - step * x @ gradient
        return torch.mean(missed**2)

    steps = trained(left, torch.tensor([0.1, 0.2]))
    return torch.stack([steps.sum(), steps.prod()])


def alone(place: int):
    """The sum (0) or the product (1) alone."""

    @function_of_means(lambda read, wanted: torch.linalg.solve(read, wanted)[place])
    def twin(d, N, *, draw):
        return best_pair(d, N, draw=draw)

    return twin


@at(a=alone(0), b=alone(1))
def least_risk(d, N, a, b, *, draw):
    """Squared error of two layers with the steps that were found."""
    told = torch.stack([torch.as_tensor(a), torch.as_tensor(b)]) @ features(d, N, draw)
    return torch.sum((torch.eye(d).reshape(-1) - told) ** 2) / d
