"""Few sentences: the two collectors, counted by hand and by dice, and met by training to the end."""

from itertools import product

import torch
from flint import fmpq

from derivations.acquisition import shortages as theorem
from numerics.acquisition.grammar import Grammar
from numerics.acquisition.shortages import accuracies, enough, met_law, right_after, trained_to_the_end
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

SMALL = Grammar(nouns=6, longest=1, verbs=(("a", "nominative"), ("b", "accusative")), p=0.3)


def test_two_draws_among_three_meet_one_in_a_third_of_all_cases():
    assert (met_law(3, 2) - torch.tensor([0, 1 / 3, 2 / 3, 0], dtype=torch.float64)).abs().max() < 1e-15


def test_the_law_is_the_mean_over_all_collections():
    D, often = 3, SMALL.frequencies()
    known, lost = accuracies(SMALL)
    worth, chance = [], []
    for nouns, verbs in product(product(range(6), repeat=D), product(range(2), repeat=D)):
        met = len(set(nouns))
        worth.append(sum(often[k] * (known if k in verbs else lost)[met] for k in range(2)))
        chance.append(torch.stack([often[k] for k in verbs]).prod() / 6**D)
    worth, chance = torch.stack(worth), torch.stack(chance)
    mean = float(chance @ worth)
    scatter = float((chance @ (worth - mean) ** 2).sqrt())
    found = right_after(SMALL, D)
    assert abs(found[0] - mean) < 1e-12 and abs(found[1] - scatter) < 1e-12


def test_enough_is_the_least_number():
    D = enough(SMALL, 0.8)
    assert right_after(SMALL, D - 1)[0] < 0.8 <= right_after(SMALL, D)[0]


def test_models_that_are_trained_to_the_end_are_right_as_often_as_the_collectors_say():
    D, runs = enough(SMALL, 0.9), 16
    mean, scatter = right_after(SMALL, D)
    found = trained_to_the_end(SMALL, D, runs, seed=3).mean()
    assert abs(float(found) - mean) < 3 * scatter / runs**0.5


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_sentences_meet_five_in_nine_of_three_nouns():
    assert worth(theorem.words_met, V=3, D=2) == fmpq(5, 9)


def test_after_one_sentence_a_reader_of_two_nouns_is_right_by_hand():
    # V = 4, p = 1/2: the verb was met and the noun (1/2 · 1/4), or a noun is guessed (1/2 · 1/2 · 1/2)
    assert worth(theorem.right_answers, V=4, D=1, N=2, p=fmpq(1, 2)) == fmpq(1, 4)
