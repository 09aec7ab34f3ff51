"""The ladder of realism: separate queries and keys are predicted, transformers are trained, interrupted and resumed."""

from dataclasses import replace
from itertools import islice

import pytest
import torch

from numerics.acquisition.beyond import taught
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.ladder import ladder
from numerics.acquisition.models import descended, everything, rest
from numerics.acquisition.predictions import Training, confront, first_weights, predict, reduced_model, train
from numerics.acquisition.transformers import School, Study, Transformer, batch, known, vocabulary, written

ROUNDOFF = 1e-10  # what a hundred steps in floats may add up to
SMALL = Grammar(nouns=6, longest=1, verbs=(("a", "nominative"), ("b", "accusative")), p=0.3)
SCHOOL = School(width=16, size=32, looks=2, level=0.9)


def test_with_queries_and_keys_all_weights_move_as_the_reduced_flow_of_the_drawn_start_says():
    training = Training(width=3, mu=5.0)
    sentences, weights, reduced = everything(SMALL), first_weights(SMALL, training), reduced_model(SMALL, training)
    for expected in reduced.course(training.rate, 100):
        found = torch.cat([weights["queries"].reshape(-1), weights["keys"].reshape(-1)])
        assert (found - expected[:-1]).abs().max() < ROUNDOFF and rest(weights) < ROUNDOFF
        weights = descended(weights, sentences, training.rate, 5.0)


def test_queries_and_keys_that_begin_at_random_are_predicted_from_where_they_begin():
    grammar, training = Grammar(nouns=12, longest=2, verbs=Grammar().verbs[:4]), Training(width=4)
    prediction, other = predict(grammar, training), predict(grammar, replace(training, seed=1))
    trained = list(train(grammar, training, len(prediction.states)))
    assert all(verdict.held for verdict in confront(prediction, trained, grammar, training))
    assert not all(verdict.held for verdict in confront(other, trained, grammar, training))


def test_a_transformer_sees_no_word_that_is_still_to_come():
    model = Transformer(9, 6, SCHOOL).float()
    text = torch.tensor([[1, 2, 3, 4, 5, 6], [1, 2, 3, 8, 7, 6]])
    first, second = model(text)
    assert (first[:3] == second[:3]).all() and (first[3] != second[3]).any()


@pytest.mark.parametrize("inflected", [True, False])
def test_the_answer_is_asked_after_all_that_stands_before_it(inflected):
    grammar = replace(SMALL, inflected=inflected)
    words, said = vocabulary(grammar), list(islice(grammar.sentences(), 4))
    text = written(said, words)
    answers = torch.tensor([words[one["answer"]] for one in said])

    def told(read):
        """Sure of the true answer after the colon, and of the empty word elsewhere."""
        logits = torch.zeros(*read.shape, len(words))
        logits[:, :, 0] = 50.0
        logits[torch.arange(4), (read == words[":"]).int().argmax(dim=1)] = 50.0 * torch.eye(len(words))[answers]
        return logits

    assert (known(told, text, 2) > 0.999).all()


def test_an_interrupted_training_goes_on_as_if_it_had_not_been():
    whole, half, again = (Study(SMALL, SCHOOL) for _ in range(3))
    for study, steps in ((whole, 8), (half, 5)):
        assert len(list(islice(study.until_known(), steps))) == steps
    again.go_on(half.state())
    assert len(list(islice(again.until_known(), 3))) == 3
    assert again.step == 8 and (torch.stack(again.seen) == torch.stack(whole.seen)).all()


def test_every_step_reads_fresh_sentences_and_says_again_what_they_were():
    assert batch(SMALL, SCHOOL, 0) == batch(SMALL, SCHOOL, 0) != batch(SMALL, SCHOOL, 1)


def test_a_transformer_learns_a_language_from_its_text():
    study = Study(Grammar(nouns=4, longest=0, verbs=SMALL.verbs), School(rate=0.01, size=64))
    taught(study)
    assert not study.times().isnan().any() and (study.seen[0] < 0.4).all()


def test_every_rung_within_the_hypotheses_holds_and_those_beyond_name_what_fails():
    rungs = list(ladder(SMALL, Training(runs=2, size=512)))
    assert [rung.what for rung in rungs if rung.within and not rung.held] == []
    assert {rung.model for rung in rungs if not rung.within} == {
        "reduced flow", "separate Q and K", "one-hot, Adam", "standard transformer",
    }  # fmt: skip
    assert all(rung.fails_first for rung in rungs)
