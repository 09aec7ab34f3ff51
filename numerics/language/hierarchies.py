"""Features handed down trees of phrases: the measurements behind `derivations/language/hierarchies.py`."""

import torch
from torch.func import jvp

from numerics.language.trees import covariance, descend, moods, nodes, responses, sampled
from workbench.evidence import at, crossing, experiment, function_of_means, limit, root, trained, witness

SENTENCES = 2**14  # that a reader is trained on
FAINT = (5, 6, 7, 8, 9, 10)  # memories 2⁻⁵, 2⁻⁶, … from which no memory is extrapolated


def handed_down(q, s, v, C, *, draw):
    """The squared contrast of the branches of phrases with covariance C."""
    parents = torch.linalg.cholesky(C) @ draw.normal("parents", len(C))
    branches = q * parents[:, None] + (1 - q**2) ** 0.5 * draw.normal("fresh", len(C), s)
    return torch.sum(v @ branches) ** 2 / s


def strength(s, q, ell, *, draw):
    """The top eigenvalue of the covariance of the words, after that of what all of them share."""
    return torch.linalg.eigvalsh(covariance(s, ell, q))[-2]


@witness(strength)
@experiment(runs=8)
def sampled_strength(s, q, ell, *, draw):
    """Variance of the contrast of the first two branches, over sampled sentences with features ±1."""
    words = moods(s, ell, q, SENTENCES, draw)
    first, second = words[:, : s ** (ell - 1)], words[:, s ** (ell - 1) : 2 * s ** (ell - 1)]
    return torch.mean((first.sum(1) - second.sum(1)) ** 2) / (2 * s ** (ell - 1))


def heard(s, q, R, draw):
    """The topic, and what its s branches together say of it when each says R of its own phrase."""
    topic, blur = draw.normal("topic"), torch.as_tensor(1 / R - 1).sqrt()
    branches = q * topic + (1 - q**2) ** 0.5 * draw.normal("drift", s)
    return topic, torch.sum(branches + blur * draw.normal("blur", s))


def correlation(both, square):
    """The squared correlation with a topic of variance one."""
    return both**2 / square


@function_of_means(correlation)
def memory(s, q, R, *, draw):
    """Product with the topic and square of what is said."""
    topic, said = heard(s, q, R, draw)
    return topic * said, said**2


@function_of_means(correlation)
def legible(s, q, ell, *, draw):
    """Product with the topic and square of the sum of all words, from their answers to the noise."""
    said = responses(s, ell, q).sum(1)
    return said[0], said @ said


@witness(legible)
@experiment(runs=8)
def trained_reader(s, q, ell, *, draw):
    """The share of the topic's variance that a linear reader explains, trained on sampled sentences."""
    topics, words = sampled(s, ell, q, 2 * SENTENCES, draw)
    seen, fresh = slice(SENTENCES), slice(SENTENCES, None)

    def loss(reader, some=seen):
        return torch.mean((topics[some] - words[some] @ reader) ** 2)

    return 1 - loss(trained(loss, torch.zeros(s**ell)), fresh)  # on sentences it has not seen


@root("R", of=lambda both, square, R: R * square / both**2 - 1)
def remembered(s, q, R, *, draw):
    """A share of the topic that one more level leaves as it is."""
    topic, said = heard(s, q, R, draw)
    return topic * said, said**2, torch.as_tensor(R)


@limit(lambda both, square, R: both**2 / square / R)
def hold(s, q, *, draw):
    """The share after a level over the share before, for ever fainter memories."""
    faint = [2.0**-power for power in FAINT]
    heard_faintly = [heard(s, q, R, draw) for R in faint]
    products = torch.stack([topic * said for topic, said in heard_faintly])
    return products, torch.stack([said**2 for _, said in heard_faintly]), torch.tensor(faint)


@at(R=remembered)
@function_of_means(lambda both, square, d_both, d_square: (2 * both * d_both - both**2 * d_square / square) / square)
def settling(s, q, R, *, draw):
    """The slope of the share after a level, by forward differentiation at the share that is kept."""

    def products(R):
        topic, said = heard(s, q, R, draw)
        return topic * said, said**2

    outcome = jvp(products, (torch.as_tensor(R),), (torch.ones(()),))
    return *outcome[0], *outcome[1]


def doubts_grow(*products):
    """Whether the doubt 1/R of a sentence grows more from two levels to three than from one to two."""
    one, two, three = (square / both**2 for both, square in zip(products[::2], products[1::2]))
    return (three - two) / (two - one) - 1


@crossing("q", 0.05, 0.95, of=doubts_grow)
def kesten_stigum(s, q, *, draw):
    """Product with the topic and square of the sum of the words, for sentences of one, two and three levels."""
    noise = [draw.normal(f"level {level}", size) for level, size in enumerate(nodes(s, 3))]
    outcomes = []
    for levels in (1, 2, 3):
        said = descend(noise[: levels + 1], s, q).sum()
        outcomes += [noise[0][0] * said, said**2]
    return tuple(outcomes)


@witness(kesten_stigum)
@crossing("q", 0.05, 0.95)
def coarse_outgrows_fine(s, q, *, draw):
    """Whether strength grows more from the second level to the third than from the first to the second."""
    strengths = torch.linalg.eigvalsh(covariance(s, 3, q))
    fine, middle, coarse = strengths[0], strengths[(s - 1) * s**2], strengths[-2]
    return (coarse - middle) / (middle - fine) - 1
