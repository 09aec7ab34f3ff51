"""Layers trained on tables of few rows: the measurements behind `derivations/imputation/small_tables.py`.

What others do not say of an entry enters every error to the second power: it is averaged by a cubature rule.
"""

import torch

from numerics.emergence.least_squares import language, learned, riddles, risk_of
from workbench.evidence import crossing, experiment, function_of_means, trained, witness


def trained_loss(W, b, sigma, *, draw):
    """Squared error on the rows of a table whose other entries are known."""
    seen = W.T @ b + sigma * draw.normal("unsaid", W.shape[1])
    return torch.mean((seen - W.T @ learned(W.T, seen)) ** 2)


@witness(trained_loss)
@experiment(runs=8)
def loss_after_training(W, b, sigma, *, draw):
    """The loss at which L-BFGS ends, averaged over tables with these other entries."""
    tables = 2_000
    seen = W.T @ b + sigma * draw.normal("unsaid", tables, W.shape[1])

    def loss(weights):
        return torch.sum((seen - weights @ W) ** 2)

    weights = trained(loss, torch.zeros(tables, len(b)))
    return torch.mean((seen - weights @ W) ** 2)


def losses(Sigma, b, sigma, P, draw):
    """Loss of layers on the rows they were trained on, and on a new row; the first entries of all are the same."""
    noise, weights = riddles(P)
    rows = draw.normal("rows", P, len(Sigma)) @ torch.linalg.cholesky(Sigma).T
    seen = (rows @ b)[:, None] + sigma * noise
    layers = learned(rows, seen)
    old = torch.mean((seen - rows @ layers) ** 2, dim=0)
    return weights @ old, weights @ risk_of(layers, language(Sigma, b, torch.as_tensor(sigma)))


@function_of_means(lambda old, new: new / old)
def optimism(p, P, *, draw):
    """Losses on old and new rows, of entries that others say nothing of."""
    return losses(torch.eye(p), torch.zeros(p), 1.0, P, draw)


@crossing("sigma", 0.01, 200)
def critical_noise(Sigma, b, P, sigma, *, draw):
    """How much worse on a new row than the mean a layer is."""
    return losses(Sigma, b, sigma, P, draw)[1] - (sigma**2 + b @ Sigma @ b)
