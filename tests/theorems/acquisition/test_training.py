"""The model in training: the reduction to 1 + 3K numbers is exact, and its predictions are met by sampled training."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import torch

from numerics.acquisition import models
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.looks import ASKED, NEAR, Examiner, by_length, falls
from numerics.acquisition.models import (
    asked,
    descended,
    everything,
    examination,
    read,
    read_all,
    rest,
    seen,
    start,
    surprise,
    symmetric_part,
    turned,
)
from numerics.acquisition.predictions import Training, confront, confront_delay, predict, predict_delay, train
from numerics.acquisition.reduced import Reduced

ROUNDOFF = 1e-10  # what two hundred steps in floats may add up to
SMALL = Grammar(nouns=5, longest=2, verbs=(("a", "nominative"), ("b", "accusative"), ("c", "nominative")))
RATE, MU, STEPS = 0.25, 5.0, 200


ANALYTIC = replace(SMALL, inflected=False)  # read by two layers


def state(weights):
    """The symmetric part of the weights as the reduced model writes it."""
    part = symmetric_part(weights)
    bound = [weights["binding"][None]] if "binding" in weights else []
    return torch.cat([part.A.reshape(-1), part.m[None], *bound])


@pytest.mark.parametrize("grammar", [SMALL, ANALYTIC])
def test_training_on_all_sentences_moves_all_weights_as_the_reduced_flow_says(grammar):
    sentences, weights = everything(grammar), start(grammar)
    reduced = Reduced(grammar, MU)
    for expected in reduced.course(RATE, STEPS):
        assert (state(weights) - expected).abs().max() < ROUNDOFF
        assert rest(weights) < ROUNDOFF
        assert (surprise(weights, sentences) - reduced.loss(expected)).abs() < ROUNDOFF
        weights = descended(weights, sentences, RATE, MU)


def test_one_layer_cannot_tell_cases_apart_where_they_are_words_of_their_own():
    sentences, weights = everything(ANALYTIC), start(ANALYTIC, binding=0.0)
    for _ in range(STEPS):
        weights = descended(weights, sentences, RATE, MU)
    known = seen(weights, sentences)
    assert (weights["role scores"].abs().max() < ROUNDOFF) and (weights["binding"].abs() < ROUNDOFF)
    assert float(known.right @ ANALYTIC.frequencies()) < ANALYTIC.ceiling()


def test_a_language_that_prefers_a_noun_is_seen_not_to_be_reduced():
    sentences, weights = everything(SMALL), start(SMALL)
    favoured = sentences.weights * (1 + (sentences.answers == 0))
    for _ in range(10):
        weights = descended(weights, sentences._replace(weights=favoured / favoured.sum()), RATE, MU)
    assert rest(weights) > 1_000 * ROUNDOFF


def test_small_steps_tend_to_the_flow():
    reduced, time = Reduced(SMALL, MU), 8.0
    flow = reduced.flow(time, 64)
    coarse, fine = (reduced.course(time / steps, steps)[-1] - flow for steps in (64, 128))
    assert fine.abs().max() < 0.6 * coarse.abs().max()


LANGUAGES = [
    {"p": 0.2, "alpha": 0.8, "nouns": 18, "longest": 3, "verbs": Grammar().verbs[:4]},
    {"p": 0.45, "alpha": 0.0, "nouns": 12, "longest": 4, "verbs": Grammar().verbs[:3]},
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sampled_training_meets_every_predicted_scale_within_three_predicted_standard_errors(language):
    grammar, training = Grammar(**language), Training()
    prediction = predict(grammar, training)
    verdicts = confront(prediction, list(train(grammar, training, len(prediction.states))), grammar, training)
    assert [verdict.scale.name for verdict in verdicts if not verdict.held] == []
    times = [verdict for verdict in verdicts if verdict.scale.axis == "time"]
    assert len(times) == len(grammar.verbs) + 1
    assert all(abs(verdict.measured / verdict.scale.predicted - 1) < 0.05 for verdict in times)


def test_two_layers_leave_their_saddle_when_they_are_predicted_to():
    training = Training(runs=2, size=512)
    verdicts = confront_delay(SMALL, training)
    assert [verdict.scale for verdict in verdicts] == predict_delay(SMALL, training)
    assert all(verdict.held and abs(verdict.measured / verdict.scale.predicted - 1) < 0.05 for verdict in verdicts)


SMALLEST = Grammar(nouns=3, longest=0, p=0.0, verbs=Grammar().verbs[:2])


def test_in_the_smallest_language_every_scale_is_met_and_none_is_named_that_is_passed_at_the_start():
    # two of three nouns are in the sentence: more than half of the belief from the beginning
    training = Training(size=512)
    prediction = predict(SMALLEST, training)
    assert [scale.name for scale in prediction.scales] == ["verb: promised", "verb: persuaded"]
    trained = list(train(SMALLEST, training, len(prediction.states)))
    verdicts = [*confront(prediction, trained, SMALLEST, training), *confront_delay(SMALLEST, training)]
    assert [verdict.scale.name for verdict in verdicts if not verdict.held] == []


def test_an_examination_asks_each_noun_equally_often_in_each_place():
    exam = examination(SMALL, 1, torch.Generator().manual_seed(0))
    assert len(exam.verbs) == 3 * 3 * SMALL.nouns
    assert all(len(set(torch.bincount(place).tolist())) == 1 for place in exam.nouns.T)
    assert (exam.answers == exam.nouns.gather(1, SMALL.controllers()[exam.verbs][:, None])[:, 0]).all()


def test_many_sentences_are_read_in_parts_as_they_are_at_once(monkeypatch):
    exam, weights = examination(SMALL, 1, torch.Generator().manual_seed(0)), start(SMALL)
    weights = descended(weights, exam, RATE, MU)
    whole = read(weights, exam)
    monkeypatch.setattr(models, "ROOM", 7 * SMALL.nouns)
    assert all((one == other).all() for one, other in zip(read_all(weights, exam), whole))


LARGE = Grammar(nouns=240, longest=1, verbs=Grammar().verbs[:2])


def test_in_a_large_vocabulary_whatever_is_near_its_level_is_read_in_all_sentences_of_an_examination():
    look, weights = Examiner(LARGE, 0.5, seed=0), start(LARGE)
    batch = LARGE.batch(4_096, torch.Generator().manual_seed(0))
    for _ in range(200):
        weights = descended(weights, batch, 0.5, 240.0)
        quick, full = look(weights), seen(weights, look.all)
        near = (quick.right - 0.5).abs() < NEAR
        if bool(near.any()) or abs(float(quick.inside) - 0.5) < NEAR:
            assert (quick.right == full.right)[near].all()
    assert len(look.some.verbs) == len(look.all.verbs) / 5 and bool((full.right > 0.5).all())
    assert (quick.right - full.right).abs().max() < 0.02


def test_critical_lengths_are_read_in_all_sentences_around_them():
    weights = start(LARGE) | {"values": 15.0 * torch.eye(240, dtype=torch.float64)}
    weights["role scores"][[0, 1], LARGE.controllers()] = 2.0
    weights["values"] += torch.rand(240, 240, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    quick = by_length(weights, LARGE, 0, 40)
    said = asked(replace(LARGE, longest=40), 2 * ASKED, torch.Generator().manual_seed(700))
    full = read_all(weights, turned(said, 240))[0].reshape(2, 41, -1).mean(dim=2)
    where = [falls(curve) for curve in quick]
    assert where == [falls(curve) for curve in full] and max(where) < 40
    assert not (quick == full).all()


def test_runs_in_other_processes_are_the_same_runs():
    training = Training(runs=2, size=64)
    steps = len(predict(SMALL, training).states)
    with ThreadPoolExecutor(2) as pool:
        pairs = zip(train(SMALL, training, steps), train(SMALL, training, steps, each=pool.map))
        assert all((one.seen.right == other.seen.right).all() for one, other in pairs)
        assert confront_delay(SMALL, training) == confront_delay(SMALL, training, pool.map)


def test_a_prediction_for_another_language_is_refuted():
    grammar, other, training = (
        Grammar(**LANGUAGES[0]),
        Grammar(**LANGUAGES[0] | {"p": 0.35}),
        Training(runs=2),
    )
    prediction = predict(other, training)
    verdicts = confront(prediction, list(train(grammar, training, len(prediction.states))), grammar, training)
    assert not all(verdict.held for verdict in verdicts)


def test_the_largest_stable_rate_is_named_and_keeps_its_promise():
    for rate in (8.0, 80.0):
        with pytest.raises(ValueError, match="unstable above the rate") as refused:
            predict(SMALL, Training(rate=rate))
        named = float(str(refused.value).split("above the rate ")[1].split(";")[0])
        predict(SMALL, Training(rate=0.98 * named))
        with pytest.raises(ValueError, match="unstable"):
            predict(SMALL, Training(rate=1.03 * named))


def test_long_steps_are_met_as_well_since_error_bars_know_the_line_between_them():
    grammar, training = Grammar(**LANGUAGES[0]), Training(rate=3.0, size=1_024)
    prediction = predict(grammar, training)
    verdicts = confront(prediction, list(train(grammar, training, len(prediction.states))), grammar, training)
    assert [verdict.scale.name for verdict in verdicts if not verdict.held] == []


def test_the_error_bars_of_batches_shrink_with_the_root_of_their_size_but_for_what_they_do_to_the_mean():
    sizes = [predict(SMALL, Training(size=size, mu=5.0)).scales for size in (64, 256, 1024)]
    for small, middle, large in zip(*sizes):
        assert abs(small.predicted - middle.predicted) < small.bar
        # what is left of the ratio falls with the size itself: it is a quarter as large for batches four times as large
        assert abs(middle.bar / large.bar - 2) < abs(small.bar / middle.bar - 2) / 2


@pytest.mark.parametrize(
    ("wrong", "names"), [({"rate": 0}, "positive"), ({"level": 1.5}, "between 0 and 1"), ({"runs": -1}, "positive")]
)
def test_a_training_that_cannot_be_run_is_refused_in_one_sentence(wrong, names):
    with pytest.raises(ValueError, match=names):
        Training(**wrong)


def test_a_verb_that_is_not_known_in_time_is_named():
    with pytest.raises(ValueError, match="not known after 20 steps"):
        predict(SMALL, Training(most=20))
