"""Two layers of attention, read by the verb: the measurements behind `derivations/acquisition/two_layers.py`.

Nouns look at the particles of their sentence, the verb at the nouns; values copy as in `copying`.
"""

from itertools import islice

import torch
from torch.func import grad, jacrev

from numerics.acquisition.copying import copies
from numerics.acquisition.flows import passage
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.models import start as first_weights
from numerics.acquisition.models import surprise
from workbench.evidence import crossing, experiment, gradient, limit, witness

STARTS = (1 / 8, 1 / 16, 1 / 32, 1 / 64)
SENTENCES, NEAR, STEP = 256, 1e-9, 1 / 12  # in a batch; the first binding; the first steps, in units of N²/(pm)
ALIGNED, AFTERWARDS = 4, 4  # e-folds until the direction that grows is alone, and those that are watched


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
    return lambda weights: -p * gradient(loss)(weights, m, g, V)


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


@witness(critical_decay)
@experiment(runs=8)
def decay_that_stops_learning(p, m, g, V, *, draw):
    """Both layers trained on sampled text under two weight decays: where growth from a small start would be nothing."""
    rough, fine = (stopping_decay(float(p), float(m), int(g), int(V), STEP / n, draw) for n in (1, 2))
    return 2 * fine - rough


def stopping_decay(p, m, g, V, step, draw):
    """The same by steps of one size: growth is watched at no decay, then at half of it and at one and a half."""
    rate = step * (g + 2) ** 2 / (p * m)
    free = growth(p, m, g, V, rate, 0.0, draw)
    low, high = (growth(p, m, g, V, rate, share * float(free), draw) for share in (0.5, 1.5))
    return free * (0.5 + low / (low - high))


def growth(p, m, g, V, rate, decay, draw):
    """How fast the binding grows, per time, in training on sampled text with weight decay."""
    seed = int(draw.uniform(f"text {rate} {decay}") * 2**52)
    unit = (g + 2) ** 2 / (p * m * rate)
    first, last = round(ALIGNED * unit), round((ALIGNED + AFTERWARDS) * unit)
    bound = [float(weights["binding"]) for weights in islice(trained(p, m, g, V, rate, decay, seed), last + 1)]
    return torch.tensor(bound[last] / bound[first]).log() / (rate * (last - first))


def trained(p, m, g, V, rate, decay, seed):
    """The weights before every step of descent with weight decay, on sentences of one length, without end."""
    language = Grammar(nouns=V, longest=g, verbs=(("vowed", "nominative"),), inflected=False)
    generator = torch.Generator().manual_seed(seed)
    weights = first_weights(language, NEAR) | {"values": m * torch.eye(V)}
    own = {name: weights.pop(name) for name in ("role scores", "binding")}
    slopes = gradient(lambda own, text: surprise(weights | own, text))
    while True:
        yield own
        met = int((torch.rand(SENTENCES, generator=generator) < p).sum())  # sentences with the verb; of others, nothing
        shares = torch.full((met,), 1 / SENTENCES)
        text = language.said(torch.zeros(met, dtype=torch.long), torch.full((met,), g), generator, shares)
        step = slopes(own, text)
        own = {name: (1 - rate * decay) * weight - rate * step[name] for name, weight in own.items()}


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
