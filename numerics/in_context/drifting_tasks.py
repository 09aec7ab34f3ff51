"""A guess behind a walking task: the measurements behind `derivations/in_context/drifting_tasks.py`."""

import torch
from torch.func import jacfwd

from numerics.in_context.delta_rule import corrected, errors_left
from workbench.evidence import root


def many_examples(v, w, eta, sigma, gamma, T, *, draw):
    """Squared distance from the task after T examples, each answered by the task of its time."""
    for example in range(T):
        x = draw.normal(f"key {example}", len(w))
        y = w @ x + sigma * draw.normal(f"noise {example}", 1)[0]
        v, w = corrected(v, x, y, eta), w + gamma * draw.normal(f"walk {example}", len(w))
    return torch.sum((v - w) ** 2)


def shares(d, eta, sigma, gamma, draw):
    """Mean squares after one example: of an error of length one without noise and walk, and of those without error."""
    x, walk, none = draw.normal("key", d), gamma * draw.normal("walk", d), torch.zeros(d)
    y = sigma * draw.normal("noise", 1)[0]
    return torch.stack([errors_left(x, eta), torch.sum((corrected(none, x, y, eta) - walk) ** 2)])


@root("r")
def distance_kept(d, eta, sigma, gamma, r, *, draw):
    """By how much one example changes the mean square of an error."""
    kept, added = shares(d, torch.as_tensor(eta), sigma, gamma, draw)
    return kept * r + added - r


def slope_of_the_distance(both, slopes):
    """The numerator of the slope of added/(1 − kept) in the step."""
    return slopes[1] * (1 - both[0]) + both[1] * slopes[0]


@root("eta", of=slope_of_the_distance)
def best_step(d, eta, sigma, gamma, *, draw):
    """What is kept and what is added, and autograd of both in the step."""
    step = torch.as_tensor(eta)
    both = shares(d, step, sigma, gamma, draw)
    return both, jacfwd(lambda eta: shares(d, eta, sigma, gamma, draw))(step)
