"""What the noise of batches does to the mean: forms are those of autograd on all weights, and trainings show it."""

from dataclasses import replace

import pytest
import torch
from torch.func import hessian, jacrev

from numerics.acquisition import models
from numerics.acquisition.fluctuations import Fluctuations
from numerics.acquisition.forms import curvature, slopes
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.models import answer, everything, start
from numerics.acquisition.predictions import Training, confront, predict, train
from numerics.acquisition.reduced import Reduced

ROUNDOFF = 1e-13
V, K = 5, 2
SMALL = Grammar(nouns=V, longest=2, verbs=(("a", "nominative"), ("b", "accusative")))


def somewhere(grammar):
    """A state off every symmetry but that of nouns, and the weights of the whole model there."""
    reduced, weights = Reduced(grammar, 5.0, 0.7), start(grammar, 0.7)
    moved = torch.randn(len(reduced.start), generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    state = reduced.start + moved
    weights["role scores"], m, bound = reduced.parts(state)
    weights["values"] = m * torch.eye(V, dtype=torch.float64)
    return reduced, state, weights | ({"binding": bound[0]} if len(bound) else {})


def flat(weights):
    """All weights in a row."""
    return torch.cat([part.reshape(-1) for part in weights.values()])


def surprises(weights, sentences):
    """The surprise of each sentence, as a function of all weights in a row."""
    sizes = [part.numel() for part in weights.values()]

    def found(row):
        parts = {name: part.reshape(weights[name].shape) for name, part in zip(weights, row.split(sizes))}
        return -answer(parts, sentences).log_softmax(dim=1).gather(1, sentences.answers[:, None])[:, 0]

    return found


def moved(weights, **parts):
    """A direction of all weights in which only these parts move."""
    return flat({name: torch.zeros_like(part) + parts.get(name.replace(" ", "_"), 0) for name, part in weights.items()})


def patterned(weights, x):
    """The directions in which a pattern of nouns moves the weights, one in a row."""
    rows = [moved(weights, values=torch.diag(x)), moved(weights, values=x.expand(V, V))]
    for name, many in (("role_values", 3), ("memory", K), ("noun_scores", K)):
        rows += [moved(weights, **{name: torch.outer(one, x)}) for one in torch.eye(many, dtype=torch.float64)]
    return torch.stack(rows)


@pytest.mark.parametrize("inflected", [True, False])
def test_slopes_and_curvature_are_those_of_all_weights(inflected, monkeypatch):
    def bag(rows, table, per_sample_weights, mode):  # the bag of torch has no second derivative
        return (table[rows] * per_sample_weights[..., None]).sum(1)

    monkeypatch.setattr(models, "embedding_bag", bag)
    reduced, state, weights = somewhere(replace(SMALL, inflected=inflected))
    sentences, row = everything(SMALL), flat(weights)
    each = surprises(weights, sentences)
    J = jacrev(each)(row)
    forms = {slopes: (J.T * sentences.weights) @ J, curvature: hessian(lambda row: sentences.weights @ each(row))(row)}
    fluctuations, x = Fluctuations(reduced, 0.25, 64), torch.tensor([3.0, -1, -1, 0, -1], dtype=torch.float64)
    one, two, three, four, _ = torch.eye(V, dtype=torch.float64)
    pair, dimensions = torch.outer(one - two, three - four), (V * (V - 3) / 2, (V - 1) * (V - 2) / 2)
    for form, whole in forms.items():
        found, directions = fluctuations.mean(form(*fluctuations.read(state))), patterned(weights, x)
        expected = (V - 1) / (x @ x) * directions @ whole @ directions.T
        assert (found.patterns - expected).abs().max() < ROUNDOFF
        for sign, many, trace in zip((1, -1), dimensions, found.others):
            direction = moved(weights, values=pair + sign * pair.T)
            assert abs(many * direction @ whole @ direction / (direction @ direction) - trace) < ROUNDOFF


def test_fluctuations_fall_with_the_size_of_batches():
    reduced = Reduced(SMALL, 5.0)
    pulls = []
    for size in (100, 200):
        fluctuations = Fluctuations(reduced, 0.25, size)
        fluctuations.pull(reduced.start)
        pulls.append(fluctuations.pull(reduced.start))
    assert pulls[0].abs().max() > 0
    assert (pulls[0] - 2 * pulls[1]).abs().max() < ROUNDOFF


MANY = Grammar(nouns=200, longest=2, verbs=SMALL.verbs)


def test_a_large_vocabulary_in_small_batches_is_learned_later_and_as_much_later_as_predicted(monkeypatch):
    training = Training(size=256)
    prediction = predict(MANY, training)
    monkeypatch.setattr(Fluctuations, "pull", lambda self, state: torch.zeros_like(state))
    monkeypatch.setattr(
        Fluctuations, "along", lambda self, states, g, *_, **__: torch.zeros(len(states), K, len(g)).double()
    )
    without = predict(MANY, training)
    curves = list(train(MANY, training, len(prediction.states)))
    held = [verdict.held for verdict in confront(prediction, curves, MANY, training)]
    assert all(held) and not all(verdict.held for verdict in confront(without, curves, MANY, training))
