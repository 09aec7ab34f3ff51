"""Two layers of attention, read by the verb: the measurements behind `derivations/acquisition/two_layers.py`.

Nouns look at the particles of their sentence, the verb at the nouns; values copy as in `copying`.
"""

import torch
from torch.func import grad, jacrev

from numerics.acquisition.copying import copies
from numerics.acquisition.flows import passage
from workbench.evidence import crossing, limit

STARTS = (1 / 8, 1 / 16, 1 / 32, 1 / 64)


def particles(b, g):
    """The attention of each noun of a sentence with g genitives to each particle."""
    return (torch.as_tensor(b) * torch.eye(g + 2)).softmax(dim=1)


def loss(weights, m, g, V):
    """The cross-entropy of the answer, the first noun, at scores for three cases and a binding."""
    cases = particles(weights[3], g) @ torch.eye(3)[[0, 1, *[2] * g]]
    attention = (cases @ weights[:3]).softmax(dim=0)
    return -(attention @ copies(m, V)[: g + 2]).log_softmax(dim=0)[0]


def case_told(b, g, *, draw):
    """The attention to the next particle, less that to another one."""
    attention = particles(b, g)
    return attention[0, 0] - attention[0, 1]


def first_binding(g, *, draw):
    """Autograd through the softmax, where the noun looks everywhere alike."""
    return grad(lambda b: (attention := particles(b, g))[0, 0] - attention[0, 1])(torch.tensor(0.0))


def two_layer_loss(own, other, far, b, m, g, V, *, draw):
    """The cross-entropy of the reader."""
    return loss(torch.tensor([own, other, far, b]), m, g, V)


def velocity(p, m, g, V):
    """Training of a verb of frequency p, by gradient flow."""
    return lambda weights: -p * grad(loss)(weights, m, g, V)


def turning(p, m, g, V):
    """How that changes where nothing is known."""
    return jacrev(velocity(p, m, g, V))(torch.zeros(4))


def escape(p, m, g, V, *, draw):
    """The largest eigenvalue of what training does there."""
    return torch.linalg.eigvalsh(turning(p, m, g, V))[-1]


@crossing("decay", 1e-4, 1e4)
def critical_decay(p, m, g, V, decay, *, draw):
    """The fastest growth of anything, less the decay."""
    return torch.linalg.eigvalsh(turning(p, m, g, V))[-1] - decay


def half_time(start, p, m, g, V):
    """When the binding that begins here tells a noun half of its case."""
    return passage(
        velocity(p, m, g, V),
        torch.tensor([0.0, 0.0, 0.0, start]),
        lambda weights: float(particles(weights[3], g)[0, 0] - particles(weights[3], g)[0, 1]) - 0.5,
        float(g + 2) ** 2 / (p * m),
        (6,),
    )[0]


@limit(order=1)
def delay(p, m, g, V, y, *, draw):
    """The time from a start c times as small, less that from the start, for ever smaller ones."""
    return torch.stack([half_time(start / y, p, m, g, V) - half_time(start, p, m, g, V) for start in STARTS])
