"""Predict, train, confront: every scale at which a model acquires something, said beforehand and then measured.

Nothing is fitted: predictions come from grammar and training alone, through the reduced flow and its linear noise.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import islice
from math import ceil, isfinite, sqrt
from typing import Any

import torch
from torch import Tensor
from torch.func import jacrev

from numerics.acquisition.grammar import Grammar
from numerics.acquisition.looks import Examiner, by_length, falls
from numerics.acquisition.models import Seen, Weights, passing, sampled, start
from numerics.acquisition.reduced import Observable, Reduced, Separate
from numerics.acquisition.scales import Curves, Prediction, Scale, Training, Verdict, verdict
from numerics.acquisition.shortages import enough, right_after, trained_to_the_end
from numerics.acquisition.stability import Course, foreseen

SHARP, COLLECTIONS = 0.01, 4  # of an accuracy: the standard error asked for; collections of sentences at least
SMALL = 1e-6  # a change of a chance, to see what it moves
CLOSER = 10  # how much closer to its saddle the second training of two layers begins

Each = Callable[[Callable[[int], Any], Iterable[int]], Iterable[Any]]  # as `map`; that of an executor takes processes


def predict(grammar: Grammar, training: Training) -> Prediction:
    """Every critical scale of a language and a training, before anything is trained.

    What is known from the start (the nouns of a sentence, where they are half of the vocabulary) and a length at which
    nothing is lost are no scales.
    """
    reduced = reduced_model(grammar, training)
    course = foreseen(reduced, training)
    states, right = course.states, course.right()

    def time(name: str, height: Observable, added: Tensor) -> Scale:
        step, bar = reduced.crossing(height, states, course.covariances, training.level, training.rate, added)
        return Scale(name, "time", "level", training.rate * step, training.rate * bar)

    verbs = [time(f"verb: {word}", verb_of(reduced, k), right[:, k]) for k, (word, _) in enumerate(grammar.verbs)]
    lengths = [
        Scale(f"length: {word}", "context", "level", *critical_length(course, k))
        for k, (word, _) in enumerate(grammar.verbs)
    ]
    scales = [time("copying", reduced.inside, course.inside()), *verbs, *lengths]
    return Prediction([scale for scale in scales if isfinite(scale.predicted)], states, reduced)


def first_weights(grammar: Grammar, training: Training) -> Weights:
    """The weights with which every run of a training begins."""
    return start(grammar, training.binding, training.width, training.seed)


def course(grammar: Grammar, training: Training, run: int) -> Iterator[Weights]:
    """A run of a training on fresh sentences, without end."""
    mu, first = training.mu or float(grammar.nouns), first_weights(grammar, training)
    return sampled(grammar, first, training.rate, mu, training.size, seed_of(training, run))


def seed_of(training: Training, run: int) -> int:
    """The seed of one run."""
    return training.seed * 1_000 + run


def reduced_model(grammar: Grammar, training: Training) -> Reduced:
    """The model in the numbers that renaming the nouns leaves alone."""
    mu, first = training.mu or grammar.nouns, first_weights(grammar, training)
    if "queries" in first:
        return Separate(grammar, mu, first["queries"], first["keys"], training.binding)
    return Reduced(grammar, mu, training.binding)


def predict_data(grammar: Grammar, training: Training) -> Scale:
    """How often the answer is right after the least number of sentences that are enough."""
    D = enough(grammar, training.enough)
    return Scale(f"right: {D} sentences", "data", "level", *right_after(grammar, D))


def confront_data(grammar: Grammar, training: Training, each: Each = map) -> Verdict:
    """The same, measured by training to the end on as many collections of so many sentences as make it sharp."""
    scale, D = predict_data(grammar, training), enough(grammar, training.enough)
    many = max(COLLECTIONS, ceil((scale.bar / scale.predicted / SHARP) ** 2))
    return verdict(scale, trained_to_the_end(grammar, D, many, seed_of(training, 900), each))


def two_layers(grammar: Grammar, training: Training) -> list[tuple[Grammar, Training]]:
    """The same language with case as a word of its own, learned from near a saddle and from nearer to it."""
    analytic, near = replace(grammar, inflected=False), training.binding / CLOSER
    return [(analytic, training), (analytic, replace(training, binding=near, seed=training.seed + 1))]


def predict_delay(grammar: Grammar, training: Training) -> list[Scale]:
    """When two layers know the first verb, and how much later they do from nearer to the saddle."""
    word, found = grammar.verbs[0][0], []
    for language, how in two_layers(grammar, training):
        reduced = reduced_model(language, how)
        course = foreseen(reduced, how, slice(1))
        first = verb_of(reduced, 0), course.states, course.covariances
        step, bar = reduced.crossing(*first, how.level, how.rate, course.right()[:, 0])
        found.append((how.rate * step, how.rate * bar))
    (first, bar), (later, its_bar) = found
    delay = Scale("two layers: delay", "time", "divergence", later - first, sqrt(bar**2 + its_bar**2))
    return [Scale(f"two layers: {word}", "time", "level", first, bar), delay]


def confront_delay(grammar: Grammar, training: Training, each: Each = map) -> list[Verdict]:
    """The same, measured on sampled trainings of both layers."""
    once, delay = predict_delay(grammar, training)
    most = ceil((2 * once.predicted + 2 * delay.predicted) / training.rate) + 10
    first, later = (
        torch.tensor(list(each(partial(first_verb, language, how, most), range(how.runs))))
        for language, how in two_layers(grammar, training)
    )
    return [verdict(once, first), verdict(delay, later - first)]


def first_verb(grammar: Grammar, training: Training, most: int, run: int) -> float:
    """When a run knows the first verb; nan for not in so many steps."""
    look = Examiner(grammar, training.level, seed_of(training, 500)).of_verb(0)
    runs = course(grammar, training, run)
    return training.rate * float(passing(runs, lambda weights: look(weights).right[:1], training.level, most))


def verb_of(reduced: Reduced, verb: int) -> Observable:
    """The probability of the right answer of one verb."""
    return lambda state: reduced.right(state)[verb]


def critical_length(course: Course, verb: int) -> tuple[float, float]:
    """The number of genitives at which a verb's right answer falls below one half, and its error bar; inf for never."""
    reduced, state, covariance = course.fluctuations.reduced, course.states[-1], course.covariances[-1]
    g = torch.arange(reduced.V - 2, dtype=torch.float64)
    chances = reduced.answers(state, g)[verb] + course.at_the_end(g)[verb]
    where = falls(chances)
    if where == torch.inf:
        return where, where
    seen = min(int(where) + 4, len(g))  # what a smooth curve heeds around there
    nearby = SMALL * torch.eye(len(g), dtype=torch.float64)[:seen]
    moved = torch.tensor([falls(chances + one) - falls(chances - one) for one in nearby], dtype=torch.float64)
    slope = moved / (2 * SMALL) @ jacrev(lambda x: reduced.answers(x, g[:seen])[verb])(state)
    return where, float((slope @ covariance @ slope).sqrt())


def train(
    grammar: Grammar, training: Training, steps: int, longest: int | None = None, each: Each = map
) -> Iterator[Curves]:
    """Trainings of the real model on sampled text, one by one; asked for sentences of up to `longest` genitives.

    `each` is `map`, or that of an executor: the curves are the same.
    """
    yield from each(partial(trained, grammar, training, steps, longest), range(training.runs))


def trained(grammar: Grammar, training: Training, steps: int, longest: int | None, run: int) -> Curves:
    """One run of it."""
    seed, looks, weights = seed_of(training, run), [], {}
    look = Examiner(grammar, training.level, seed + 500)
    for weights in islice(course(grammar, training, run), steps):
        looks.append(look(weights))
    return Curves(Seen(*map(torch.stack, zip(*looks))), by_length(weights, grammar, seed, longest))


def longest_asked(prediction: Prediction) -> int:
    """Up to how many genitives sentences are asked for: beyond the longest predicted length."""
    lengths = [scale.predicted for scale in prediction.scales if scale.axis == "context"]
    return ceil(1.5 * max(lengths, default=0)) + 3


def measured(scale: Scale, curves: Curves, grammar: Grammar, training: Training) -> float:
    """Where one training has a scale."""
    what, _, word = scale.name.partition(": ")
    verb = [verb for verb, _ in grammar.verbs].index(word) if word else 0
    if what == "length":
        return falls(curves.by_length[verb])
    curve = curves.seen.inside if what == "copying" else curves.seen.right[:, verb]
    return training.rate * float(passing(iter(curve[:, None]), lambda here: here, training.level, len(curve) - 1))


def confront(prediction: Prediction, found: list[Curves], grammar: Grammar, training: Training) -> list[Verdict]:
    """Each scale of the training on fresh sentences beside its measurement."""
    return [
        verdict(scale, torch.tensor([measured(scale, curves, grammar, training) for curves in found]))
        for scale in prediction.scales
    ]
