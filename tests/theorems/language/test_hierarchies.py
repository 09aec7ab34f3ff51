"""Hand cases for language.hierarchies: two branches, one or two levels, done on paper."""

import numpy as np
import torch
from flint import fmpq

from derivations.language import hierarchies as theorem
from numerics.language.trees import covariance, moods, responses
from workbench.evidence.randomness import Layout, recording
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_siblings_differ_with_strength_one_minus_their_correlation():
    # Words x, y with correlation q² = 1/4: the contrast (x − y)/√2 has variance 1 − q².
    assert worth(theorem.strength, s=2, q=HALF, ell=1) == fmpq(3, 4)


def test_cousins_under_two_levels():
    # ((x₁ + x₂) − (y₁ + y₂))/2 has variance 1 + q² − 2q⁴ = 1 + 1/4 − 2/16.
    assert worth(theorem.strength, s=2, q=HALF, ell=2) == fmpq(9, 8)


def test_a_single_branch_says_what_it_inherited():
    # Through one branch the squared correlation is multiplied by q².
    assert worth(theorem.memory, s=1, q=HALF, R=fmpq(1, 3)) == fmpq(1, 12)


def test_two_children_that_are_heard_exactly():
    # corr² of x and y₁ + y₂: (2q)²/(2 + 2q²) = 1/(5/2).
    assert worth(theorem.memory, s=2, q=HALF, R=1) == fmpq(2, 5)
    assert worth(theorem.legible, s=2, q=HALF, ell=1) == fmpq(2, 5)


def test_two_levels_by_hand():
    # 2/5 from one level; sq²R/(1 + q²R) = (1/2)(2/5)/(1 + 1/10) = 2/11.
    assert worth(theorem.legible, s=2, q=HALF, ell=2) == fmpq(2, 11)


def test_nine_branches_keep_the_topic_from_one_third_on():
    assert worth(theorem.kesten_stigum, s=9) == fmpq(1, 3)
    assert worth(theorem.hold, s=9, q=fmpq(1, 3)) == 1


def test_what_is_kept_is_unchanged_by_one_more_level():
    letters = {"s": 3, "q": fmpq(3, 4)}
    kept = worth(theorem.remembered, **letters)
    assert kept == fmpq(11, 18)  # (27/16 − 1)/(2·9/16)
    assert worth(theorem.memory, R=kept, **letters) == kept
    assert worth(theorem.settling, **letters) == fmpq(16, 27)


torch.set_default_dtype(torch.float64)


def test_the_covariance_of_the_words_is_ultrametric():
    found = torch.round(covariance(2, 2, 0.5) * 2**40)  # a product of roots, up to roundoff
    row = torch.tensor([1, 1 / 4, 1 / 16, 1 / 16]) * 2**40
    assert torch.equal(found[0], row) and torch.equal(found[3], row.flip(0))


def test_the_first_noise_is_the_topic():
    assert torch.equal(responses(3, 2, 0.5)[0], torch.full((9,), 0.25))


def test_features_of_one_sign_are_handed_down_whole_when_nothing_is_lost():
    draw = recording(Layout(), np.random.default_rng(0))
    words = moods(2, 3, 1.0, 5, draw)
    assert torch.equal(words, words[:, :1].expand(-1, 8))
