"""Readers who learn by least squares: the measurements behind `derivations/emergence/least_squares.py`.

What the other words do not say of the masked ones enters every risk to the second power: it is averaged by a cubature
rule, all whose values are learned from at once. The words of the sentences are sampled.
"""

import torch
from torch import Tensor

from workbench.evidence import experiment, function_of_means, trained, witness
from workbench.evidence.cubature import rule


def riddles(P: int) -> tuple[Tensor, Tensor]:
    """Standard noise of P masked words, one draw in each column, with the weights of the draws."""
    nodes, weights = rule(P, 2) or (None, None)
    return torch.from_numpy(nodes).T, torch.from_numpy(weights)


def learned(words: Tensor, masked: Tensor) -> Tensor:
    """The least-squares weights for the words in the columns of a sentence per row."""
    return torch.linalg.solve(words.T @ words, words.T @ masked)


def risk_of(readers: Tensor, covariance: Tensor) -> Tensor:
    """The squared error of each reader (column) on a fresh sentence whose last word is masked."""
    errors = torch.cat([-readers, torch.ones(1, readers.shape[1])])
    return torch.sum(errors * (covariance @ errors), dim=0)


def error(W, Sigma, b, sigma, *, draw):
    """Squared error on one fresh sentence, after P sentences with the words W."""
    masked = W.T @ b + sigma * draw.normal("unsaid", W.shape[1])
    fresh = torch.linalg.cholesky(Sigma) @ draw.normal("fresh", len(Sigma))
    return (fresh @ b + sigma * draw.normal("riddle") - fresh @ learned(W.T, masked)) ** 2


def language(Sigma: Tensor, b: Tensor, sigma: float | Tensor) -> Tensor:
    """The covariance of the words and, last, of a masked word that is bᵀx and something unsaid."""
    heard = torch.cat([torch.eye(len(b)), b[None]])
    return heard @ Sigma @ heard.T + torch.diag(torch.cat([torch.zeros(len(b)), torch.as_tensor(sigma)[None] ** 2]))


def risk(Sigma, b, sigma, P, *, draw):
    """Squared error on a fresh sentence of readers of the same sampled words."""
    noise, weights = riddles(P)
    words = draw.normal("words", P, len(Sigma)) @ torch.linalg.cholesky(Sigma).T
    return weights @ risk_of(learned(words, (words @ b)[:, None] + sigma * noise), language(Sigma, b, sigma))


READERS = 2**9  # in one run


@witness(risk)
@experiment(runs=8)
def trained_readers(Sigma, b, sigma, P, *, draw):
    """The loss on fresh sentences of readers trained by L-BFGS, each on P sampled sentences of his own."""
    words = draw.normal("words", READERS, P, len(Sigma)) @ torch.linalg.cholesky(Sigma).T
    masked = (words @ b)[..., None] + sigma * draw.normal("unsaid", READERS, P, 1)

    def loss(readers):
        return torch.sum((masked - words @ readers) ** 2)

    readers = trained(loss, torch.zeros(READERS, len(Sigma), 1))
    return risk_of(readers[:, :, 0].T, language(Sigma, b, sigma)).mean()


@function_of_means(lambda few, more: more / few)
def price(p, sigma, P, *, draw):
    """The risks of reading p words, and of reading a further word made of these and of noise."""
    noise, weights = riddles(P)
    mixing = torch.eye(p + 1) + torch.tril(torch.ones(p + 1, p + 1), -1) / 2
    words, whole = draw.normal("words", P, p + 1) @ mixing.T, language(mixing @ mixing.T, torch.zeros(p + 1), sigma)
    few, part = learned(words[:, :p], sigma * noise), [*range(p), p + 1]
    return weights @ risk_of(few, whole[part][:, part]), weights @ risk_of(learned(words, sigma * noise), whole)
