"""Hand cases for acquisition.sentences: what one can do on paper, compared exactly; and the text, against its law."""

import re
from itertools import islice

import numpy as np
import pytest
from flint import arb, fmpq

from derivations.acquisition import sentences as theorem
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.words import noun
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


@pytest.mark.parametrize(("g", "trees"), [(0, 1), (1, 2), (2, 5), (3, 14), (4, 42)])
def test_the_trees_of_a_sentence_are_counted_by_catalan(g, trees):
    p = fmpq(1, 4)
    found = evaluate(theorem.genitives.formula, as_point(theorem.genitives.formula, p=p, g=g), Balls())
    assert found.contains(arb(trees * p**g * (1 - p) ** (g + 2)))


def test_at_a_third_a_sentence_has_two_genitives_on_average():
    # a phrase: x = (1 + 2x)/3, so x = 1
    assert worth(theorem.mean_genitives, p=fmpq(1, 3)) == 2


def test_guessing_among_the_nouns_is_right_half_of_the_time_when_nothing_is_embedded():
    # (p + p² + ln(1 − p))/p² = 1/2 − p/3 − p²/4 − …, the smaller the p the closer
    p = fmpq(1, 64)
    found = evaluate(theorem.ceiling.formula, as_point(theorem.ceiling.formula, p=p), Balls())
    assert abs(found - fmpq(1, 2) + p / 3 + p**2 / 4) < p**3


def test_text_has_as_many_genitives_as_its_law_says():
    grammar, count = Grammar(p=0.4, longest=5), 4_000
    found = np.bincount([said["roles"].count("genitive") for said in islice(grammar.sentences(), count)], minlength=6)
    expected = grammar.genitives().numpy() * count
    # chi² of five degrees of freedom exceeds 20.5 once in a thousand texts
    assert ((found - expected) ** 2 / expected).sum() < 20.5


def test_the_answer_is_the_head_that_the_verb_picks():
    for said in islice(Grammar(inflected=False).sentences(), 200):
        place = said["roles"].index(said["controller"])
        assert said["answer"] == said["nouns"][place] == said["tokens"][-1]
        assert said["controller"] == dict(Grammar().verbs)[said["verb"]]


def test_no_noun_is_said_twice_and_no_two_nouns_have_one_name():
    assert all(len(set(said["nouns"])) == len(said["nouns"]) for said in islice(Grammar().sentences(), 200))
    assert len({noun(place) for place in range(4_900)}) == 4_900


def test_a_seed_writes_the_same_text_again_and_another_seed_another_one():
    def text(seed):
        return [said["text"] for said in islice(Grammar(seed=seed).sentences(), 20)]

    assert text(1) == text(1) != text(2)


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"p": 0.6}, "p = 0.6"),
        ({"nouns": 5}, "5 nouns"),
        ({"verbs": (("sang", "genitive"),)}, "genitive"),
        ({"verbs": ()}, "one verb"),
    ],
)
def test_a_language_that_cannot_be_spoken_is_refused_in_one_sentence(wrong, names):
    with pytest.raises(ValueError, match=names):
        Grammar(**wrong)


@pytest.mark.parametrize(
    ("wrong", "names"),
    [
        ({"verbs": ("swore", "nominative")}, "give pairs of word and controller"),
        ({"verbs": 3}, "verbs = 3"),
        ({"verbs": {"swore": "nominative"}}, "give pairs"),
        ({"nouns": "30"}, "nouns = '30': give a whole number"),
        ({"longest": 2.5}, "longest = 2.5"),
        ({"p": "0.2"}, "p = '0.2': give a number"),
        ({"seed": None}, "seed = None"),
        ({"names": "anna"}, "give words"),
        ({"names": ("promised",)}, "'promised'"),
        ({"nouns": 9, "names": ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j")}, "10 names for 9 nouns"),
    ],
)
def test_what_is_no_language_is_refused_in_one_sentence_that_says_what_to_give(wrong, names):
    with pytest.raises(ValueError, match=re.escape(names)):
        Grammar(**wrong)


def test_a_language_of_ones_own_words_is_read_at_once():
    grammar = Grammar(nouns=7, verbs=[["swore", "nominative"]], longest=1, names=("anna", "bela"), seed=1)
    assert grammar.sample(3).count("\n") == 2 and grammar.lexicon[:2] == ["anna", "bela"]
    assert {"anna", "bela"} < {said["answer"] for said in islice(grammar.sentences(), 60)}
    assert grammar.sample(60).split("\n") == [said["text"] for said in islice(grammar.sentences(), 60)]
