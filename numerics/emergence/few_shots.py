"""Learners of least norm with few examples: the measurements behind `derivations/emergence/few_shots.py`."""

import torch
from torch import Tensor

from workbench.evidence import experiment, trained, witness


def least_norm(examples: Tensor, labels: Tensor) -> Tensor:
    """The shortest weights that fit every example, one in each row."""
    return examples.T @ torch.linalg.solve(examples @ examples.T, labels)


def skill(f, n, *, draw):
    """Scalar product of f with what is made of n Gaussian examples of it."""
    X = draw.normal("examples", n, len(f))
    return f @ least_norm(X, X @ f)


def loss(f, n, *, draw):
    """Mean squared error on a fresh Gaussian example: the square of what is left of f."""
    X = draw.normal("examples", n, len(f))
    return torch.sum((f - least_norm(X, X @ f)) ** 2)


def rule_from_sentences(d, sentences, *, draw):
    """The mean gain of the weights W that answer wᵀWx = wᵀx in every sentence seen, with the least norm."""
    w, x = (draw.normal(name, sentences, d) for name in ("meanings", "queries"))
    W = least_norm(torch.einsum("ni,nj->nij", w, x).flatten(1), torch.sum(w * x, dim=1))
    return torch.trace(W.reshape(d, d)) / d


LAYERS = 16  # in one run


@witness(rule_from_sentences)
@experiment(runs=8)
def trained_layers(d, sentences, *, draw):
    """Layers trained by L-BFGS from zero, each on its own few sentences."""
    w, x = (draw.normal(name, LAYERS, sentences, d) for name in ("meanings", "queries"))

    def loss(W):
        return torch.sum((torch.einsum("lni,lij,lnj->ln", w, W, x) - torch.sum(w * x, dim=-1)) ** 2)

    return torch.einsum("lii->", trained(loss, torch.zeros(LAYERS, d, d))) / (d * LAYERS)
