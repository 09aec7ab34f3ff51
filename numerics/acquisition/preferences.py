"""A reader that copies and remembers: the measurements behind `derivations/acquisition/preferences.py`.

All V×V values are trained, and the memory of every verb; each noun is the favourite of one kind of verbs.
"""

import torch
from torch.func import grad

from numerics.acquisition.copying import copies, sentences, strength
from workbench.evidence import crossing, limit

KNOWN = (2**5, 2**6, 2**7, 2**8)  # how much likelier nouns of the sentence are than others


def loss(values, memory, q, N):
    """The mean cross-entropy of the answers, the first nouns, of all sentences under verbs of all favourites."""
    V = len(values)
    nouns = sentences(N, V)
    read = values[nouns].mean(dim=1)
    logits = (read[:, None, :] + memory).log_softmax(dim=2)  # sentence, favourite, noun
    costs = -logits.gather(2, nouns[:, :1, None].expand(-1, V, 1))[:, :, 0]
    preferred = nouns[:, :1] == torch.arange(V)
    often = torch.where(preferred, torch.as_tensor(q), (1 - torch.as_tensor(q)) / (V - 1)) * V / len(nouns)
    return (often * costs).sum() / V


def slopes(m, b, q, N, V):
    """Autograd in all values and memories."""
    return grad(lambda weights: loss(*weights, q, N))((copies(m, V), copies(b, V)))


def copying(m, b, q, mu, N, V):
    """How fast training raises the logit of a noun that is copied."""
    return -mu * strength(slopes(m, b, q, N, V)[0]) / N


def remembering(m, b, q, N, V, K):
    """How fast it raises the logit of the favourite of one verb among K."""
    return -strength(slopes(m, b, q, N, V)[1]) * V / K


def preference_loss(m, b, q, N, V, *, draw):
    """The cross-entropy of the reader."""
    return loss(copies(m, V), copies(b, V), q, N)


def copying_start(q, mu, N, V, *, draw):
    """Autograd where nothing is known."""
    return copying(0.0, 0.0, q, mu, N, V)


def memory_speed(m, q, N, V, K, *, draw):
    """Autograd where nothing is remembered."""
    return remembering(m, 0.0, q, N, V, K)


@limit(lambda late, early: late / early)
def left_for_memory(q, N, V, *, draw):
    """The speed of memory beside ever stronger copying, and beside none."""
    late = [remembering(N * torch.log(torch.tensor(float(odds))), 0.0, q, N, V, 1.0) for odds in KNOWN]
    return torch.stack(late), remembering(0.0, 0.0, q, N, V, 1.0).expand(len(KNOWN))


@crossing("K", 1e-4, 1e6)
def critical_verbs(q, mu, N, V, K, *, draw):
    """The speed of copying less that of memory, times K."""
    return K * copying(0.0, 0.0, q, mu, N, V) - remembering(0.0, 0.0, q, N, V, 1.0)
