"""Hand cases for acquisition.trees: at a third, what one can do on paper."""

from flint import fmpq

from derivations.acquisition import trees as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_at_a_third_six_rules_write_a_sentence():
    # four nouns and two embeddings
    assert worth(theorem.rules_used, p=fmpq(1, 3)) == 6


def test_a_topic_that_every_phrase_hands_on_entirely_is_told_by_every_noun():
    # c → 1: as many as there are nouns, (1 − p)/(1 − 2p) = 2 at a third
    assert worth(theorem.topic, p=fmpq(1, 3), c=fmpq(1, 2)) == fmpq(4, 5)
