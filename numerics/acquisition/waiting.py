"""Words in sampled training: the measurements behind `derivations/acquisition/waiting.py`."""

import numpy as np
import torch
from scipy.optimize import brentq
from torch.func import grad

from numerics.acquisition.bigrams import loss, rise
from workbench.evidence import experiment, limit, witness

RUNS = 1_000  # trainings in one experiment
COUNTS = (8, 16, 32, 64)  # meetings until a word is known


def waiting_law(p, n):
    """The chances that the n-th meeting comes after 1, 2, … sentences: a chain of counts, sentence by sentence."""
    met, law, sentences = np.eye(1, n)[0], [], int((n + 40 * (1 + n**0.5)) / p)
    for _ in range(sentences):
        law.append(p * met[-1])
        met = (1 - p) * met + p * np.concatenate([[0.0], met[:-1]])
    return torch.tensor(law), torch.arange(1, sentences + 1, dtype=torch.float64)


def moments(p, n):
    """Mean and variance of the number of sentences until the n-th meeting."""
    law, times = waiting_law(float(p), n)
    mean = law @ times
    return mean, law @ (times - mean) ** 2


def waiting_mean(p, n, *, draw):
    """The mean number of sentences until the n-th meeting."""
    return moments(p, n)[0]


def waiting_variance(p, n, *, draw):
    """Its variance."""
    return moments(p, n)[1]


def relative_error(p, n, *, draw):
    """Its standard deviation, over its mean."""
    mean, variance = moments(p, n)
    return variance.sqrt() / mean


def met(logits, rate):
    """The logits after one step of descent on a sentence with the word."""
    return logits - rate * torch.vmap(grad(loss))(logits)


@witness(waiting_variance)
@experiment(runs=8)
def trained_on_samples(p, n, *, draw):
    """The variance, over trainings on sampled sentences, of when the logits are what n meetings make of them."""
    V, rate = 4, 0.5
    logits, target, rng = torch.zeros(1, V), torch.zeros(1, V), np.random.default_rng(int(draw.uniform("seed") * 2**52))
    for _ in range(n):
        before, target = target, met(target, rate)
    level = (rise(before[0]) + rise(target[0])) / 2
    logits, times, sentence = logits.repeat(RUNS, 1), torch.zeros(RUNS), 0
    while bool((times == 0).any()):
        sentence += 1
        said = torch.from_numpy(rng.random(RUNS) < float(p))[:, None]
        logits = torch.where(said, met(logits, rate), logits)
        known = logits[:, 0] - logits[:, 1:].mean(dim=1) > level
        times[known & (times == 0)] = sentence
    return times.var()


def rate_of(n, y, V):
    """The rate at which a word is y times as likely as another one after exactly n meetings."""

    def late(rate):
        logits = torch.zeros(V)
        for _ in range(n):
            logits = logits - rate * grad(loss)(logits)
        return float(rise(logits)) - np.log(y)

    return brentq(late, 0, 4 * y / n, xtol=1e-14)


@limit(order=1)
def linear_noise(p, V, y, *, draw):
    """The variance of the time, per rate: that of one meeting, times ever more meetings at ever smaller rates."""
    _, variance = moments(p, 1)
    return torch.stack([n * rate_of(n, float(y), V) * variance for n in COUNTS])


@limit(order=1)
def meetings(V, *, draw):
    """Meetings until half of the belief is right, times the rate, at ever smaller rates."""
    return torch.tensor([n * rate_of(n, float(V - 1), V) for n in COUNTS])
