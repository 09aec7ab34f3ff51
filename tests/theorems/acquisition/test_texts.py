"""A text, counted beside the laws of its grammar; minimal pairs."""

from dataclasses import replace
from itertools import islice

import pytest

from numerics.acquisition.grammar import Grammar
from numerics.acquisition.texts import statistics

SPOKEN, COUNT = Grammar(p=0.4, longest=5, seed=2), 3_000
FAR = 4.5  # standard errors: by chance once in ten thousand texts


@pytest.mark.parametrize("inflected", [True, False])
def test_every_count_meets_the_law_of_its_grammar(inflected):
    grammar = replace(SPOKEN, inflected=inflected)
    counted = statistics(grammar, islice(grammar.sentences(), COUNT))
    assert len(counted) == 6 + 8 + 4
    assert [one for one in counted if abs(one.z) > FAR] == []


def test_the_laws_of_another_grammar_are_not_met():
    counted = statistics(replace(SPOKEN, p=0.3, alpha=0.7), islice(SPOKEN.sentences(), COUNT))
    off = {one.name for one in counted if abs(one.z) > FAR}
    assert {"genitives 0", "verb promised", "tokens of a sentence", "worth of a guess"} <= off


def test_in_few_sentences_not_all_names_are_met():
    nouns = statistics(Grammar(nouns=400), islice(Grammar(nouns=400).sentences(), 200))[-2]
    assert 150 < nouns.law < 170 and abs(nouns.z) < FAR


def test_a_minimal_pair_differs_in_verb_and_answer_alone():
    for first, second in islice(SPOKEN.pairs(), 50):
        assert first["nouns"] == second["nouns"] and first["roles"] == second["roles"]
        assert first["tokens"][:-3] == second["tokens"][:-3]
        assert (first["controller"], second["controller"]) == ("nominative", "accusative")
        assert first["answer"] != second["answer"]


def test_a_language_with_one_controller_has_no_minimal_pairs():
    with pytest.raises(ValueError, match="both controllers"):
        next(Grammar(verbs=(("a", "nominative"), ("b", "nominative"))).pairs())


def test_no_text_has_no_statistics():
    with pytest.raises(ValueError, match="at least one"):
        statistics(SPOKEN, [])
