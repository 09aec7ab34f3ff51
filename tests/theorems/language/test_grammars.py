"""Hand cases for language.grammars: the one-kind grammar of every textbook, and small sentences counted by hand."""

from itertools import islice

import numpy as np
from flint import fmpq

from derivations.language import grammars as theorem
from numerics.language.sentences import BRIGHT, DARK, Language, words_below
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = evaluate(claim.formula, as_point(claim.formula, **letters))
    return found.reshape(-1).tolist() if hasattr(found, "reshape") else found


def test_with_one_kind_of_phrase_it_ends_with_probability_one_minus_p_over_p():
    assert worth(theorem.termination, p=fmpq(3, 5), g=0, u=0) == fmpq(2, 3)
    assert worth(theorem.critical_rate, g=0, u=0) == fmpq(1, 2)


def test_with_one_kind_of_phrase_lengths_are_those_of_a_binary_tree():
    # n leaves of two words and n − 1 times "of": n = (1 − p)/(1 − 2p) = 3/2 leaves at p = 1/4, so 7/2 words.
    assert worth(theorem.length, p=fmpq(1, 4), g=0, u=0) == [fmpq(7, 2), 1]


def test_a_relative_clause_by_hand():
    # p = 0, u = 0: a noun phrase is 2 words, plus "that V" each time: geometric with g = 1/3, so 2 + 2·(1/2) = 3.
    assert worth(theorem.length, p=0, g=fmpq(1, 3), u=0) == [3, 1]
    # and with objects, u = 1, g = 1/3: N = 2 + (2 + N)·g/(1 − g) gives N = 6; a verb phrase has one word more.
    assert worth(theorem.length, p=0, g=fmpq(1, 3), u=1) == [6, 7]


def test_at_the_critical_rate_the_second_solution_meets_the_first():
    p = worth(theorem.critical_rate, g=fmpq(1, 4), u=fmpq(1, 2))
    assert p == fmpq(5, 16)
    assert worth(theorem.termination, p=p, g=fmpq(1, 4), u=fmpq(1, 2)) == 1
    assert worth(theorem.settling, p=p, g=fmpq(1, 4), u=fmpq(1, 2)) == 1


def test_the_mean_matrix_with_rational_eigenvalues():
    # M = ((3/4, 1/4), (1, 0)) has eigenvalues −1/4 and 1.
    assert worth(theorem.growth, p=fmpq(1, 4), g=fmpq(1, 4), u=1) == [fmpq(-1, 4), 1]


def test_words_are_counted_as_they_are_written():
    p, g, u = 0.25, 0.25, 0.5
    assert words_below(np.array([0.9]), p, g, u) == 2  # the N
    assert words_below(np.array([0.1, 0.9, 0.9]), p, g, u) == 5  # the N of the N
    assert words_below(np.array([0.3, 0.9, 0.9]), p, g, u) == 4  # that V, and the N
    assert words_below(np.array([0.1, 0.1]), p, g, u) is None


def test_the_same_seed_writes_the_same_sentences():
    first, second = Language().sentences(7), Language().sentences(7)
    written = [next(first) for _ in range(20)]
    assert written == [next(second) for _ in range(20)]
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in written)
    assert len(set(written)) > 15


def test_where_moods_are_handed_down_entirely_subject_and_object_have_the_same():
    moods = set()
    for sentence in islice(Language(p=0, g=0, u=1, sigma=4, q=1).sentences(1), 200):
        first, last = (word.lower().rstrip(".") for word in sentence.split()[1::3])
        if {first, last} <= {*BRIGHT, *DARK}:
            moods.add((first in BRIGHT, last in BRIGHT))
    assert moods == {(True, True), (False, False)}
