"""The ladder of realism: what was predicted, what each model does, and the hypothesis that fails first.

Predictions are those of the reduced flow. The lower rungs keep its hypotheses, and have to meet it; each higher one
gives up one of them, is measured all the same, and says which.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import torch
from torch.func import jacrev

from numerics.acquisition.beyond import Teach, adam_rungs, predicted_spread, spread, taught, transformer_rungs
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.models import passing
from numerics.acquisition.predictions import confront, confront_delay, predict, train
from numerics.acquisition.reduced import Reduced
from numerics.acquisition.scales import Prediction, Rung, Training, Verdict

WIDTH = 16  # of separate queries and keys


def ladder(grammar: Grammar, training: Training, teach: Teach = taught) -> Iterator[Rung]:
    """All rungs, from the reduced flow to a standard transformer, as they are climbed.

    Above two layers clocks count steps of Adam, so that ratios of times are compared, of two verbs at least; `teach`
    trains a transformer to the end.
    """
    prediction = predict(grammar, training)
    yield from flow_rungs(prediction.reduced, grammar, training)
    yield from one_hot_rungs(prediction, grammar, training)
    yield from separate_rungs(prediction, grammar, training)
    yield from two_layer_rungs(grammar, training)
    if len(grammar.verbs) > 1:
        yield from adam_rungs(prediction, grammar, training)
        yield from transformer_rungs(prediction, grammar, training, teach)


def last(grammar: Grammar) -> str:
    """What is measured of the rarest verb."""
    return f"time of {grammar.verbs[-1][0]}"


def descent_time(reduced: Reduced, training: Training, rate: float) -> float:
    """When descent at a rate knows the last verb."""
    states = reduced.until_known(rate, training.level, round(training.most * training.rate / rate))
    heights = torch.stack([reduced.right(state)[-1] for state in states])
    return rate * float(passing(iter(heights[:, None]), lambda here: here, training.level, len(heights) - 1))


def flow_rungs(reduced: Reduced, grammar: Grammar, training: Training) -> Iterator[Rung]:
    """Gradient flow beside descent in ever shorter steps, and in those of the training."""
    found = [descent_time(reduced, training, training.rate / n) for n in (1, 2, 4)]
    rough, fine = (2 * later - early for early, later in pairwise(found))
    predicted, error = flow_time(reduced, training, found[-1]), abs(fine - rough)
    model, why = "reduced flow", "steps are infinitely short"
    yield Rung(model, f"{last(grammar)}, rate → 0", predicted, fine, error, True, why)
    yield Rung(model, f"{last(grammar)}, rate {training.rate:g}", predicted, found[0], error, False, why)


def flow_time(reduced: Reduced, training: Training, about: float) -> float:
    """When gradient flow knows the last verb: by Newton from the time at which descent does."""
    time = about
    for _ in range(3):
        state = reduced.flow(time, 64)
        speed = jacrev(reduced.right)(state)[-1] @ reduced.velocity(state)
        time -= float((reduced.right(state)[-1] - training.level) / speed)
    return time


def rows(model: str, verdicts: list[Verdict], why: str) -> Iterator[Rung]:
    """Verdicts as rungs within the hypotheses."""
    for verdict in verdicts:
        name = verdict.scale.name
        what = "delay" if name.endswith(": delay") else f"time of {name.partition(': ')[2]}"
        yield Rung(model, what, verdict.scale.predicted, verdict.measured, verdict.error, True, why)


def verbs_at_the_ends(prediction: Prediction, grammar: Grammar, training: Training) -> list[Verdict]:
    """The first and the last verb of a training on fresh sentences."""
    ends = {f"verb: {word}" for word, _ in (grammar.verbs[0], grammar.verbs[-1])}
    asked = prediction._replace(scales=[scale for scale in prediction.scales if scale.name in ends])
    return confront(asked, list(train(grammar, training, len(prediction.states))), grammar, training)


def one_hot_rungs(prediction: Prediction, grammar: Grammar, training: Training) -> Iterator[Rung]:
    """The softmax model of `models`, a score for each verb and role."""
    yield from rows("one-hot softmax", verbs_at_the_ends(prediction, grammar, training), "noise of batches is small")


def separate_rungs(prediction: Prediction, grammar: Grammar, training: Training) -> Iterator[Rung]:
    """Queries and keys of their own: predicted from where they begin, and as if queries of verbs were orthogonal."""
    wide = replace(training, width=WIDTH)
    verdicts = verbs_at_the_ends(predict(grammar, wide), grammar, wide)
    model, why = "separate Q and K", "verbs are orthogonal"
    yield from rows(model, verdicts, why)
    if len(verdicts) < 2:
        return  # one verb is orthogonal to no other one
    times = torch.tensor([[verdict.measured] for verdict in (verdicts[0], verdicts[-1])])
    error = verdicts[-1].error / verdicts[0].measured
    what = f"{spread(grammar)} if orthogonal"
    yield Rung(model, what, predicted_spread(prediction, grammar), float(times[-1] / times[0]), error, False, why)


def two_layer_rungs(grammar: Grammar, training: Training) -> Iterator[Rung]:
    """Case in particles, two layers, and the wait at their saddle."""
    yield from rows("two layers, particles", confront_delay(grammar, training), "the start is known")
