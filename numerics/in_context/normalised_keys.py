"""Keys of length one: the measurements behind `derivations/in_context/normalised_keys.py`."""

import torch
from torch.func import grad

from numerics.in_context.delta_rule import corrected, errors_left
from workbench.evidence import crossing, root


def normalised(x):
    """The direction of a key."""
    return x / torch.linalg.vector_norm(x)


def many_examples(v, w, eta, sigma, T, *, draw):
    """Squared error of the guess v after T examples of the task w, one correction after the other.

    Each example has one of the d keys of a random frame; a sample is the average over all ways to choose them.
    """
    guesses, d = v[None], len(w)
    for example in range(T):
        frame, _ = torch.linalg.qr(draw.normal(f"frame {example}", d, d))
        noise = sigma * draw.normal(f"noise {example}", 1)[0]
        step = torch.vmap(lambda v, k, y: corrected(v, k, y, eta), in_dims=(0, None, None))
        guesses = torch.cat([step(guesses, k, w @ k + noise) for k in frame.T])
    return torch.mean(torch.sum((guesses - w) ** 2, dim=1))


@crossing("eta", 0.01, 8)
def largest_rate(d, eta, *, draw):
    """By how much one example without noise lengthens the square of an error of length 1."""
    return errors_left(normalised(draw.normal("key", d)), eta) - 1


@root("eta")
def fastest_rate(d, eta, *, draw):
    """Autograd in the step, of the squared error after one example without noise."""
    k = normalised(draw.normal("key", d))
    return grad(lambda step: errors_left(k, step))(torch.as_tensor(eta))
