"""Softmax heads over finite prompts, at rest: the measurements behind `derivations/pca/softmax_prompts.py`."""

import torch
from torch.func import hessian

from numerics.pca.heads import prompt, softmax_head
from workbench.evidence import function_of_means


def error(mu, lamda, tokens):
    """Squared distance of the first token from what the head returns at it."""
    return torch.sum((tokens[0] - softmax_head(mu, lamda, tokens[0], tokens)) ** 2)


def risk_at_rest(Sigma, L, *, draw):
    """The error of a head without a direction."""
    return error(torch.zeros(len(Sigma)), 1.0, prompt(Sigma, L, draw))


@function_of_means(torch.linalg.eigvalsh)
def curvature_at_rest(lamda, Sigma, L, *, draw):
    """Second derivatives of the error by autograd through the softmax; their eigenvalues."""
    tokens = prompt(Sigma, L, draw)
    return hessian(lambda mu: error(mu, lamda, tokens))(torch.zeros(len(Sigma)))
