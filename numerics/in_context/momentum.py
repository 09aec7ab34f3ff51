"""A guess that moves with momentum: the measurements behind `derivations/in_context/momentum.py`."""

import torch
from torch import Tensor

from workbench.evidence import crossing


def moved(v, p, w, x, m, eta):
    """The guess v and its step p after the example (x, w·x)."""
    p = m * p + eta * (w @ x - v @ x) * x
    return v + p, p


def growth(shares: Tensor) -> Tensor:
    """The largest modulus of an eigenvalue, less one."""
    return torch.linalg.eigvals(shares).abs().max() - 1


def after(errors, steps, x, m, eta):
    """Errors and steps (rows) after one example of the task 0."""
    return torch.vmap(lambda v, p: moved(v, p, torch.zeros(len(x)), x, m, eta))(errors, steps)


def squares(errors, steps, x, m, eta):
    """Mean squared length of errors and of steps after one example, and the mean of their product."""
    v, p = after(errors, steps, x, m, eta)
    return torch.stack([torch.sum(v * v), torch.sum(p * p), torch.sum(v * p)]) / len(x)


@crossing("eta", 1e-4, 16, of=growth)
def largest_rate(d, m, eta, *, draw):
    """How squared errors, squared steps and their products feed each other in one example: those of the axes."""
    x, axes, none = draw.normal("key", d), torch.eye(d), torch.zeros(d, d)
    error, step, both = (squares(*start, x, m, eta) for start in ((axes, none), (none, axes), (axes, axes)))
    return torch.stack([error, step, both - error - step], dim=1)


@crossing("eta", 1e-4, 16, of=growth)
def largest_rate_of_the_mean(d, m, eta, *, draw):
    """The mean share of an axis that error and step keep along it after one example, and give to each other."""
    x, axes, none = draw.normal("key", d), torch.eye(d), torch.zeros(d, d)
    starts = ((axes, none), (none, axes))
    return torch.stack(
        [torch.stack([torch.trace(each) / d for each in after(*start, x, m, eta)]) for start in starts]
    ).T
