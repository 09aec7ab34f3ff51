"""A layer that was trained on prompts of few tasks: the measurements behind `derivations/in_context/task_diversity.py`.

Answers are linear in the weights: training ends where their normal equations are solved. Inputs enter these to the
fourth power, and are averaged by a cubature rule; large layers are trained on sampled tasks. These enter by their
singular values alone, and reflections leave few random numbers to sample: what is left is almost free of noise.
"""

import torch
from torch import Tensor

from numerics.in_context.layers import predictions
from workbench.evidence import experiment, function_of_means, limit, witness
from workbench.evidence import trained as descended
from workbench.evidence.cubature import rule
from workbench.evidence.functions import chi_square

SIZES = (2, 4, 8, 16)  # copies of dimensions, tasks and examples, from which large layers are extrapolated


def solution(read: Tensor, asked: Tensor, wanted: Tensor) -> Tensor:
    """Weights from the second moments of what is read, of queries, and of both with the answers."""
    return torch.linalg.solve(read, wanted) @ torch.linalg.inv(asked)


@function_of_means(solution)
def trained(tasks, rho, N, *, draw):
    """The normal equations of one prompt, seen with each of the tasks."""
    d = len(tasks)
    x, query = draw.normal("inputs", N, d), draw.normal("query", d)
    y = x @ tasks + (rho * d) ** 0.5 * draw.normal("noise", N)[:, None]
    beta = x.T @ y / N
    wanted = torch.outer(beta @ (tasks.T @ query), query)
    return beta @ beta.T / tasks.shape[1], torch.outer(query, query), wanted / tasks.shape[1]


@witness(trained)
@experiment(runs=8)
def trained_by_descent(tasks, rho, N, *, draw):
    """Weights of a layer trained by L-BFGS on the prompts of one data set."""
    d, size = len(tasks), 4_000
    w = tasks.T[(draw.uniform("tasks", size) * len(tasks.T)).long()]
    x, query = draw.normal("inputs", size, N, d), draw.normal("queries", size, d)
    y = torch.einsum("bnd,bd->bn", x, w) + (rho * d) ** 0.5 * draw.normal("noise", size, N)

    def loss(weights):
        return torch.mean(((w * query).sum(-1) - predictions(weights, x, y, query)) ** 2)

    return descended(loss, torch.zeros(d, d))


def read(variances: Tensor, noise: float, N: int) -> Tensor:
    """The second moment of what a layer reads from prompts, on the axes of the tasks, whose variances there these are.

    Inputs are white on any axes, and odd powers of them vanish: two moments of one number by Gauss and Hermite.
    """
    nodes, weights = (torch.from_numpy(each) for each in rule(1, 4) or ())
    second, fourth = weights @ nodes**2, weights @ nodes**4
    own = fourth * variances + second**2 * (variances.sum() - variances) + second * noise
    return own / N + (1 - 1 / N) * second**2 * variances


def freedoms(d: int, k: int) -> Tensor:
    """Degrees of freedom of the squared entries, on the diagonal and below it, of `bidiagonal` tasks."""
    small, large = min(d, k), max(d, k)
    return torch.cat([large - torch.arange(small), small - torch.arange(1, small)])


def bidiagonal(squares: Tensor) -> Tensor:
    """What reflections from both sides make of k sampled tasks in R^d: a matrix with the same singular values.

    Each reflection turns a column of independent Gaussian numbers, or a row of them, into its length, whose square
    is χ², and leaves the rest as it was (Golub & Kahan 1965; Dumitriu & Edelman 2002).
    """
    small, lengths = (len(squares) + 1) // 2, squares.sqrt()
    return torch.diag(lengths[:small]) + torch.diag(lengths[small:], -1)


def seen_variances(d: int, k: int, draw) -> Tensor:
    """Variances of k sampled tasks in R^d on their own axes; shape (d,)."""
    law = freedoms(d, k)
    squares = chi_square(draw.uniform(f"tasks {d} {k}", len(law)), law)
    return torch.cat([torch.linalg.svdvals(bidiagonal(squares)) ** 2 / k, torch.zeros(max(d - k, 0))])


def errors(seen: Tensor, N: int, rho: float) -> Tensor:
    """Errors per direction of a layer trained on tasks of these variances: on the same, and on new ones."""
    d, every = len(seen), torch.ones_like(seen)
    U = seen / read(seen, rho * d, N)
    return torch.stack([torch.sum(C - 2 * U * C + U**2 * read(C, rho * d, N)) / d for C in (seen, every)])


def in_large_layers(d: int, k: int, N: int, rho: float, draw) -> Tensor:
    """These errors in layers of growing size."""
    return torch.stack([errors(seen_variances(n * d, n * k, draw), n * N, rho) for n in SIZES])


@limit()
def old_tasks(d, k, N, rho, *, draw):
    """Errors on the tasks of pretraining."""
    return in_large_layers(d, k, N, rho, draw)[:, 0]


@limit()
def new_tasks(d, k, N, rho, *, draw):
    """Errors on tasks that were not shown."""
    return in_large_layers(d, k, N, rho, draw)[:, 1]


def left(U: Tensor) -> Tensor:
    """Error per direction on new tasks of a layer with these weights that reads endless prompts."""
    return torch.sum((torch.eye(len(U)) - U) ** 2) / len(U)


def least_norm(tasks: Tensor) -> Tensor:
    """The weights of least norm that answer endless prompts of these tasks: gradient flow from zero ends there."""
    return tasks @ torch.linalg.pinv(tasks)


@experiment(runs=8)
def forgotten(d, k, *, draw):
    """That error where pretraining ends on sampled tasks."""
    return left(least_norm(draw.normal("tasks", d, k)))


@witness(forgotten)
@experiment(runs=8)
def forgotten_by_descent(d, k, *, draw):
    """The same where L-BFGS ends, from zero, on endless prompts of orthogonal tasks."""
    tasks = torch.linalg.qr(draw.normal("tasks", d, k))[0]
    return left(descended(lambda weights: torch.sum((tasks - weights.T @ tasks) ** 2), torch.zeros(d, d)))


@experiment(runs=8)
def critical_diversity(d, *, draw):
    """The first number of tasks at which less than half of a direction is missed."""
    tasks = draw.normal("tasks", d, d * (d + 1))
    enough = next(number for number in range(d * (d + 1)) if left(least_norm(tasks[:, :number])) < 1 / (2 * d))
    return torch.tensor(float(enough))
