"""Beyond the hypotheses of the theory: the same language learned by Adam, and by a standard transformer.

Their clocks count steps of Adam, so that the ratio of the last to the first time is compared.
"""

from collections.abc import Callable, Iterator
from math import sqrt

import torch
from torch import Tensor

from numerics.acquisition.grammar import Grammar
from numerics.acquisition.looks import Examiner
from numerics.acquisition.models import Weights, passing, surprise
from numerics.acquisition.predictions import first_weights, seed_of
from numerics.acquisition.scales import Prediction, Rung, Training
from numerics.acquisition.transformers import School, Study

ADAM = 0.02  # its rate

Teach = Callable[[Study], None]


def spread(grammar: Grammar) -> str:
    """What is measured where clocks cannot be compared."""
    return f"{grammar.verbs[-1][0]} / {grammar.verbs[0][0]}"


def predicted_spread(prediction: Prediction, grammar: Grammar) -> float:
    """How much later than the first verb the last one is known, as a ratio."""
    times = {scale.name: scale.predicted for scale in prediction.scales}
    return times[f"verb: {grammar.verbs[-1][0]}"] / times[f"verb: {grammar.verbs[0][0]}"]


def compared(
    model: str, grammar: Grammar, predicted: dict[str, float], found: Tensor, fails: tuple[str, str]
) -> Iterator[Rung]:
    """The ratio of the last to the first time (runs×verbs) beside predictions, and what fails first of each.

    The error is that of the mean of runs.
    """
    ratios = found[:, -1] / found[:, 0]
    error = float(ratios.std()) / sqrt(len(ratios)) if len(ratios) > 1 else torch.nan
    for (theory, ratio), why in zip(predicted.items(), fails):
        yield Rung(model, f"{spread(grammar)} {theory}", ratio, float(ratios.mean()), error, False, why)


def theories(prediction: Prediction, grammar: Grammar) -> dict[str, float]:
    """What the flow says of the ratio of times, and what descent along signs says: it knows no frequencies."""
    return {"by the flow": predicted_spread(prediction, grammar), "by signs": 1.0}


def adam_rungs(prediction: Prediction, grammar: Grammar, training: Training) -> Iterator[Rung]:
    """The one-hot model, trained by Adam."""
    found = torch.stack([adam_times(grammar, training, run) for run in range(training.runs)])
    fails = "slopes are followed as they are", "Adam follows signs alone"
    yield from compared("one-hot, Adam", grammar, theories(prediction, grammar), found, fails)


def adam_times(grammar: Grammar, training: Training, run: int) -> Tensor:
    """The steps after which Adam knows each verb."""
    generator = torch.Generator().manual_seed(seed_of(training, run))
    look = Examiner(grammar, training.level, seed_of(training, run) + 500)

    def course() -> Iterator[Weights]:
        weights = {name: weight.requires_grad_() for name, weight in first_weights(grammar, training).items()}
        optimiser = torch.optim.Adam(weights.values(), ADAM)
        while True:
            yield weights
            optimiser.zero_grad()
            surprise(weights, grammar.batch(training.size, generator)).backward()
            optimiser.step()

    return passing(course(), lambda weights: look(weights).right.detach(), training.level, training.most)


def taught(study: Study) -> None:
    """Train a transformer until it knows all verbs, or may not go on."""
    for _ in study.until_known():
        pass


def transformer_rungs(
    prediction: Prediction, grammar: Grammar, training: Training, teach: Teach = taught
) -> Iterator[Rung]:
    """A standard transformer, trained on text alone; nan for what it does not know in the end."""
    first = training.seed * 1_000
    studies = [Study(grammar, School(seed=first + run, level=training.level)) for run in range(training.runs)]
    for study in studies:
        teach(study)
    found = torch.stack([study.times() for study in studies])
    # by Adam the ratio of the flow is lost before verbs share any weights; that of signs supposes that they share none
    fails = "slopes are followed as they are", "verbs are orthogonal"
    yield from compared("standard transformer", grammar, theories(prediction, grammar), found, fails)
