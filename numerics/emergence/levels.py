"""Hierarchies read level by level: the measurements behind `derivations/emergence/levels.py`."""

import torch
from torch import Tensor
from torch.func import jvp

from numerics.emergence.least_squares import learned, riddles, risk_of
from numerics.language.hierarchies import remembered
from numerics.language.trees import covariance
from workbench.evidence import at, crossing, function_of_means, root


def told(s, q, D, R, draw):
    """A phrase whose parent is doubted by D, and what its siblings together say, each with the share R of itself."""
    parent, D, R = draw.normal("parent"), torch.as_tensor(D), torch.as_tensor(R)
    own, drift, blur = draw.normal("own"), draw.normal("drift", s - 1), draw.normal("blur", s - 1)
    phrase, fresh = q * D.sqrt() * parent, (1 - q**2) ** 0.5
    return phrase + fresh * own, torch.sum(phrase + fresh * drift + (1 / R - 1).sqrt() * blur)


def left(square, both, said):
    """What something said leaves of a variance."""
    return square - both**2 / said


@function_of_means(left)
def handed_down_doubt(s, q, D, R, *, draw):
    """Squares and product of a phrase and of what its siblings say."""
    phrase, said = told(s, q, D, R, draw)
    return phrase**2, phrase * said, said**2


@at(R=remembered)
@root("D", of=lambda square, both, said, D: left(square, both, said) - D)
def outer_doubt(s, q, R, D, *, draw):
    """A doubt that is handed down as it is, when siblings say what they say in endless sentences."""
    phrase, said = told(s, q, D, R, draw)
    return phrase**2, phrase * said, said**2, torch.as_tensor(D)


def slope(square, both, said, d_square, d_both, d_said):
    """The derivative of what is left."""
    return d_square - 2 * both * d_both / said + both**2 * d_said / said**2


@at(R=remembered, D=outer_doubt)
@function_of_means(slope)
def calming(s, q, R, D, *, draw):
    """The slope of the doubt after a level, by forward differentiation at the doubt that is handed down."""

    def products(D):
        phrase, said = told(s, q, D, R, draw)
        return phrase**2, phrase * said, said**2

    outcome = jvp(products, (torch.as_tensor(D),), (torch.ones(()),))
    return *outcome[0], *outcome[1]


def siblings_read(s, q, *, draw):
    """The variance of the last word of a phrase that the linear regression on the others leaves."""
    words = covariance(s, 1, q)
    return words[-1, -1] - words[-1, :-1] @ torch.linalg.solve(words[:-1, :-1], words[:-1, -1])


def sentences(s: int, q, P: int, draw) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The words and the masked words of P sentences of one level, the weights of the latter, and their covariance."""
    words = covariance(s, 1, q)
    mixing = torch.linalg.cholesky(words)
    noise, weights = riddles(P)
    seen = draw.normal("sentences", P, s - 1)
    masked = (seen @ mixing[-1, :-1])[:, None] + mixing[-1, -1] * noise
    return seen @ mixing[:-1, :-1].T, masked, weights, words


def nothing_and_words(s, q, P, draw):
    """The risks of one who guesses the mean of a word, and of a reader of its siblings, after P sentences."""
    seen, masked, weights, words = sentences(s, q, P, draw)
    return words[-1, -1], weights @ risk_of(learned(seen, masked), words)


def nothing_and_average(s, q, P, draw):
    """The same for a reader of the average of the siblings."""
    seen, masked, weights, words = sentences(s, q, P, draw)
    heard = torch.block_diag(torch.full((1, s - 1), 1 / (s - 1)), torch.ones(1, 1))
    return words[-1, -1], weights @ risk_of(learned(seen @ heard[:1, :-1].T, masked), heard @ words @ heard.T)


def gain(nothing, something):
    """By how much it pays to read, in parts of the risk of a reader."""
    return nothing / something - 1


@crossing("P", 6, 40, whole=True, of=gain)
def sentences_needed(s, q, P, *, draw):
    """The risks of guessing and of reading after P sentences."""
    return nothing_and_words(s, q, P, draw)


@crossing("q", 0.05, 0.95, of=gain)
def inheritance_for_words(s, P, q, *, draw):
    """The risks of guessing and of reading with an inheritance q."""
    return nothing_and_words(s, q, P, draw)


@crossing("q", 0.05, 0.95, of=gain)
def inheritance_for_averages(s, P, q, *, draw):
    """The risks of guessing and of reading an average with an inheritance q."""
    return nothing_and_average(s, q, P, draw)
