"""A guess that corrects itself along the prompt: the measurements behind `derivations/in_context/delta_rule.py`."""

import torch
from torch.func import grad

from workbench.evidence import crossing, root


def corrected(v, x, y, eta):
    """The guess v after the example (x, y)."""
    return v + eta * (y - v @ x) * x


def one_example(v, w, eta, sigma, *, draw):
    """Squared error of the guess v after one example of the task w."""
    x = draw.normal("key", len(w))
    y = w @ x + sigma * draw.normal("noise", 1)[0]
    return torch.sum((corrected(v, x, y, eta) - w) ** 2)


def many_examples(v, w, eta, sigma, T, *, draw):
    """Squared error of the guess v after T examples of the task w, one correction after the other."""
    for example in range(T):
        x = draw.normal(f"key {example}", len(w))
        y = w @ x + sigma * draw.normal(f"noise {example}", 1)[0]
        v = corrected(v, x, y, eta)
    return torch.sum((v - w) ** 2)


def spread(S, Lambda, eta, sigma, *, draw):
    """Outer square of the error after one example, for errors along the columns of a root of S, and against them."""
    d = len(S)
    x = torch.linalg.cholesky(Lambda) @ draw.normal("key", d)
    noise = sigma * draw.normal("noise", 1)[0]
    root = d**0.5 * torch.linalg.cholesky(S).T
    after = torch.vmap(lambda error: corrected(error, x, noise, eta))(torch.cat([root, -root]))
    return after.T @ after / (2 * d)


def errors_left(x, eta):
    """Mean squared length of orthonormal errors after they have met the same key without noise."""
    d = len(x)
    after = torch.vmap(lambda w: torch.sum((corrected(torch.zeros(d), x, w @ x, eta) - w) ** 2))
    return after(torch.eye(d)).mean()


@crossing("eta", 0.01, 3)
def critical_rate(d, eta, *, draw):
    """By how much one example without noise lengthens the square of an error of length 1."""
    return errors_left(draw.normal("key", d), eta) - 1


@root("eta")
def fastest_rate(d, eta, *, draw):
    """Autograd in the step, of the squared error after one example without noise."""
    x = draw.normal("key", d)
    return grad(lambda step: errors_left(x, step))(torch.as_tensor(eta))
