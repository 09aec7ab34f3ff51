"""One sentence, read by a verb: the measurements behind `derivations/acquisition/readers.py`.

The reader is the softmax layer of `models`, with a score for each role and V×V values. Nouns may be renamed, so that
the first ones of the vocabulary stand for any.
"""

import torch
from torch.func import grad

from numerics.acquisition.copying import copies
from workbench.evidence import crossing, function_of_means


def attention(scores, g):
    """The attention to the two heads, and then to g genitives."""
    return torch.cat([scores, scores[2:].expand(g - 1)]).softmax(dim=0)


def loss(scores, m, g, V):
    """The cross-entropy of the answer, the first noun of the sentence."""
    return -(attention(scores, g) @ copies(m, V)[: g + 2]).log_softmax(dim=0)[0]


def reader_loss(own, other, far, m, g, V, *, draw):
    """The cross-entropy of the reader."""
    return loss(torch.tensor([own, other, far]), m, g, V)


def reader_slopes(own, other, far, m, g, V, *, draw):
    """Autograd through the layer."""
    return grad(lambda at: loss(at[:3], at[3], g, V))(torch.tensor([own, other, far, m]))


@function_of_means(lambda own, other, far: own + other + far)
def balance(own, other, far, m, g, V, *, draw):
    """The slopes of the scores of all roles."""
    return tuple(reader_slopes(own, other, far, m, g, V, draw=draw)[:3])


def first_lesson(m, g, V, *, draw):
    """Autograd in scores that are zero, downhill."""
    return -grad(lambda scores: loss(scores, m, g, V))(torch.zeros(3))


@crossing("n", 1, 64, whole=True)
def critical_length(own, other, far, n, *, draw):
    """One over the attention to the right noun, less two, in sentences of n genitives."""
    return 1 / attention(torch.tensor([own, other, far]), n)[0] - 2
