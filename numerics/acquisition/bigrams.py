"""A table of logits in training: the measurements behind `derivations/acquisition/bigrams.py`."""

import torch
from torch.func import grad

from numerics.acquisition.flows import STEPS, after, passage
from workbench.evidence import limit


def loss(logits):
    """The cross-entropy of the first word, after a word that is always followed by it."""
    return -logits.log_softmax(dim=0)[0]


def rise(logits):
    """How far the first logit has risen above the others."""
    return logits[0] - logits[1:].mean()


def bigram_speed(p, V, z, *, draw):
    """Autograd in all logits, and what it does to the rise of the first."""
    return rise(-p * grad(loss)(torch.cat([torch.as_tensor(z)[None], torch.zeros(V - 1)])))


def learning(p):
    """Gradient flow on the cross-entropy, as often as the word is met."""
    return lambda logits: -p * grad(loss)(logits)


@limit(order=4)
def bigram_time(p, V, y, *, draw):
    """When the first word is y times as likely as another one."""
    return passage(learning(p), torch.zeros(V), lambda logits: float((logits[0] - logits[1]).exp()) - y, 1 / p)


@limit(order=4)
def bigram_half(p, V, *, draw):
    """When the first word has half of the belief."""
    return passage(learning(p), torch.zeros(V), lambda logits: float(logits.softmax(dim=0)[0]) - 0.5, 1 / p)


@limit(order=4)
def bigram_course(p, V, t, *, draw):
    """The rise of the first logit after a time t."""
    return torch.stack([rise(after(learning(p), torch.zeros(V), t, steps)) for steps in STEPS])


@limit(order=1)
def sign_half(V, *, draw):
    """When the first word has half of the belief, in ever shorter steps along the signs of the slopes."""
    found = []
    for h in (1 / 64, 1 / 128, 1 / 256):
        logits, count = torch.zeros(V), 0
        while (chance := float(logits.softmax(dim=0)[0])) < 0.5:
            before, logits, count = chance, logits - h * grad(loss)(logits).sign(), count + 1
        found.append(h * (count - (chance - 0.5) / (chance - before)))
    return torch.tensor(found)
