"""Energies of sampled prompts: the measurements behind `derivations/measures/energies.py`."""

from math import comb

import torch

from numerics.measures.heads import context
from workbench.evidence import function_of_means


def energy(Sigma, N, draw):
    """The sum of squares of a prompt of N tokens."""
    return torch.sum(context(torch.zeros(len(Sigma)), Sigma, N, draw) ** 2)


def of_many(one, two, three, four, tokens):
    """The fourth moment of a sum of independent energies, one token after another, from the moments of one."""
    whole, token = [torch.ones(()), *[torch.zeros(())] * 4], [torch.ones(()), one, two, three, four]
    for _ in range(int(tokens)):
        whole = [sum(comb(n, k) * whole[k] * token[n - k] for k in range(n + 1)) for n in range(5)]
    return whole[4]


@function_of_means(of_many)
def fourth_moment(Sigma, N, *, draw):
    """Powers of the energy of one token, and how many tokens there are."""
    token = energy(Sigma, 1, draw)
    return token, token**2, token**3, token**4, torch.as_tensor(float(N))


@function_of_means(lambda square, mean: square / mean**2 - 1)
def spread(Sigma, N, *, draw):
    """Energy of one prompt and its square."""
    whole = energy(Sigma, N, draw)
    return whole**2, whole
