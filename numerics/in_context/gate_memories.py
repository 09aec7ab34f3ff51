"""How much a gate remembers of long prompts: the measurements behind `derivations/in_context/gate_memories.py`.

Examples are independent, so the two moments of what the state holds are followed from those of one sampled example.
"""

import torch

from numerics.in_context.layers import prompt
from workbench.evidence import crossing, limit

LENGTHS = (32.0, 64.0, 128.0, 256.0)  # of prompts, from which endless ones are extrapolated
ENDLESS = 200  # examples, after which nothing is left of the first


def example(d, sigma, draw):
    """One example of a white task: how far it points along the task, and its square; and the task's variance."""
    x, y, _, w = prompt(torch.eye(d), torch.eye(d), sigma, 1, draw)
    return (y[0] * x[0]) @ w, y[0] ** 2 * (x[0] @ x[0]), w @ w


def held(a, N, along, square, variance):
    """How far the state points along the task N examples after it was empty, and its square."""
    signal = power = torch.zeros(())
    for _ in range(N):
        power = a**2 * power + 2 * a * (1 - a) * signal * along / variance + (1 - a) ** 2 * square
        signal = a * signal + (1 - a) * along
    return torch.stack([signal, power])


def missed(signal, power, variance):
    """What the best gain leaves of the variance of the answers."""
    return 1 - signal**2 / (power * variance)


def price(N, kappa, *means):
    """The relative variance of what a gate has read of N examples, in units of that of one example, times N."""
    signal, power = held(torch.exp(-kappa / N), int(N), *means)
    along, square, variance = means
    return N * (power * variance / signal**2 - 1) / (square * variance / along**2 - 1)


@limit(price, order=2)
def price_of_forgetting(kappa, *, draw):
    """One example in two dimensions, for prompts of growing length."""
    means = torch.as_tensor(kappa), *example(2, 0.5, draw)
    return torch.tensor(LENGTHS), *(mean.expand(len(LENGTHS)) for mean in means)


def between(a, N, *means):
    """What is missed half way after N examples, whole or not: the state is a polynomial in what fades, aᴺ."""
    lengths = torch.arange(1, 5)
    fading = torch.vander(a**lengths)
    states = torch.stack([held(a, int(length), *means) for length in lengths])
    state = torch.vander((a**N)[None], 4) @ torch.linalg.solve(fading, states)
    return missed(*state[0], means[-1]) - 0.5


@crossing("N", 1, 80, of=between)
def half_explained(a, d, sigma, N, *, draw):
    """The rate, the length of the prompt, and one example."""
    return torch.as_tensor(a), torch.as_tensor(float(N)), *example(d, sigma, draw)


@crossing("a", 0.05, 0.95, of=lambda a, *means: missed(*held(a, ENDLESS, *means), means[-1]) - 0.5)
def shortest_memory(d, sigma, a, *, draw):
    """The rate, and one example of an endless prompt."""
    return torch.as_tensor(a), *example(d, sigma, draw)
