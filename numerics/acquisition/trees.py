"""Trees counted by their rules: the measurements behind `derivations/acquisition/trees.py`."""

import torch

from numerics.acquisition.sentences import law, numbers
from workbench.evidence import crossing


def tree_entropy(p, *, draw):
    """Minus the mean logarithm of the chances of derivations."""
    g = numbers()
    return -law(p) @ (g * torch.log(torch.as_tensor(p)) + (g + 2) * torch.log(torch.as_tensor(1 - p)))


@crossing("p", 1e-3, 1e3)
def endless_sentences(p, m, *, draw):
    """Whether a generation of phrases is larger than the one before: one phrase leaves m or none."""
    sizes = [torch.as_tensor(1.0)]
    for _ in range(3):
        sizes.append(sizes[-1] * (p * m + (1 - p) * 0))
    return sizes[-1] / sizes[-2] - 1


def rules_used(p, *, draw):
    """Rules of sentences: one for every noun, one for every genitive."""
    return law(p) @ (2 * numbers() + 2)


def price_of_a_wrong_rule(p, q, *, draw):
    """The mean logarithm of the chances of derivations under both rates."""
    g = numbers()
    return law(p) @ (g * torch.log(torch.as_tensor(p / q)) + (g + 2) * torch.log(torch.as_tensor((1 - p) / (1 - q))))


def generation(p, c, n):
    """Squared correlations of the phrases of generation n with the topic, summed."""
    return (2 * p) ** n * torch.as_tensor(c) ** (2 * n)


def topic(p, c, *, draw):
    """The sum of squared correlations over the nouns of a phrase, one generation of phrases after another."""
    return sum((1 - p) * generation(p, c, n) for n in range(400))


@crossing("p", 0.1, 1_000.0)
def memory_threshold(p, c, *, draw):
    """Whether a generation of phrases says more of the topic than the one before."""
    return generation(p, c, 8) / generation(p, c, 7) - 1
