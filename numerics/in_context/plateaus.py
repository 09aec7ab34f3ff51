"""Errors that a delta rule keeps: the measurements behind `derivations/in_context/plateaus.py`."""

import torch
from torch import Tensor

from numerics.in_context.delta_rule import corrected
from workbench.evidence import at, crossing, experiment, root, witness

READ, KEPT, PROMPTS = 300, 100, 1000  # examples until the error has settled, those that count, and prompts at once


def moved(x: Tensor, noise: Tensor, eta: Tensor) -> tuple[Tensor, Tensor]:
    """How one example (x, noise) moves any error: the images of the axes as rows, and that of no error.

    A guess that errs by e is corrected towards the answer x·e + noise; −e is guessed here, for the task 0.
    """
    none = torch.zeros(len(x))
    return torch.vmap(lambda guess: corrected(guess, x, 0 * noise, eta))(torch.eye(len(x))), corrected(
        none, x, noise, eta
    )


@root("S")
def plateau(S, Lambda, eta, sigma, *, draw):
    """By how much one example changes the second moment of errors, after that it is as before."""
    x = torch.linalg.cholesky(Lambda) @ draw.normal("key", len(Lambda))
    axes, shift = moved(x, sigma * draw.normal("noise", 1)[0], torch.as_tensor(eta))
    return axes.T @ S @ axes + torch.outer(shift, shift) - S


@at(S=plateau)
def excess(S, Lambda, *, draw):
    """The squared product of a fresh key with settled errors."""
    x = torch.linalg.cholesky(Lambda) @ draw.normal("key", len(Lambda))
    return x @ S @ x


@witness(excess)
@experiment(runs=4)
def excess_of_readers(Lambda, eta, sigma, *, draw):
    """Layers that read long prompts, each its own, wrong about the answers of their last keys."""
    d, total = len(Lambda), torch.zeros(PROMPTS)
    keys = draw.normal("keys", READ + KEPT, PROMPTS, d) @ torch.linalg.cholesky(Lambda).T
    noise, guess = sigma * draw.normal("noise", READ + KEPT, PROMPTS), torch.zeros(PROMPTS, d)
    for example, x in enumerate(keys):
        answers = torch.sum(x * guess, dim=1)
        total = total + (answers**2 if example >= READ else 0)
        guess = torch.vmap(lambda v, k, y: corrected(v, k, y, torch.as_tensor(eta)))(guess, x, noise[example])
    return torch.mean(total) / KEPT


def growth(shares: Tensor) -> Tensor:
    """The larger eigenvalue of two shares that feed each other, less one."""
    half = torch.trace(shares) / 2
    return half + torch.sqrt(half**2 - torch.linalg.det(shares)) - 1


@crossing("eta", 1e-3, 16, of=growth)
def two_variances(m, n, alpha, beta, eta, *, draw):
    """Mean squares in both parts, after one example, of errors of length one in either: how they feed each other."""
    scale = torch.cat([torch.full((m,), alpha).sqrt(), torch.full((n,), beta).sqrt()])
    x = scale * draw.normal("key", m + n)
    axes, _ = moved(x, torch.zeros(()), torch.as_tensor(eta))
    squares = torch.stack([(axes[:, :m] ** 2).sum(1), (axes[:, m:] ** 2).sum(1)])
    return torch.stack([squares[:, :m].mean(1), squares[:, m:].mean(1)], dim=1)
