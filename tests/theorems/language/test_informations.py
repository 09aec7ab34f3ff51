"""Hand cases for language.informations: binary trees, coins, and chains that forget at once."""

import torch
from flint import arb, fmpq

from derivations.language import informations as theorem
from numerics.language.informations import chain, pair, stream, told_by_all_others
from numerics.language.trees import covariance
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_siblings_that_inherit_half():
    # Correlation 1/4: I = −½ ln(15/16).
    assert worth(theorem.mutual_information, q=HALF, ell=1).overlaps(-(arb(15) / 16).log() / 2)


def test_in_a_binary_tree_half_the_inheritance_is_the_fourth_power_of_the_distance():
    assert worth(theorem.information_exponent, s=2, q=HALF).overlaps(arb(4))
    assert worth(theorem.information_exponent, s=4, q=HALF).overlaps(arb(2))


def test_with_sixteen_branches_half_the_inheritance_is_critical():
    assert worth(theorem.endless_context, s=16).overlaps(arb(1) / 2)
    assert worth(theorem.information_exponent, s=16, q=HALF).overlaps(arb(1))


def test_all_other_words_tell_less_than_the_parent_while_squared_correlations_add_up_without_bound():
    # s = 2 at sq⁴ = 1: every level adds one half to the sum of squares
    q = 0.5**0.25
    bound = float(worth(theorem.parent_tells, kappa=fmpq(8409, 10_000)))
    told = [float(told_by_all_others(2, levels, q)) for levels in (1, 2, 4, 6, 8)]
    assert told == sorted(told) and told[-1] < bound and told[-1] - told[-2] < (told[1] - told[0]) / 100
    sums = [float((covariance(2, levels, q)[0, 1:] ** 2).sum()) for levels in (2, 4, 6, 8)]
    assert [round(total) for total in sums] == [1, 2, 3, 4]


def test_a_parent_with_whom_half_is_shared_tells_what_three_quarters_leave():
    assert worth(theorem.parent_tells, kappa=HALF).overlaps(-(arb(3) / 4).log() / 2)


def test_fair_coins_forget_at_once_and_cost_a_bit():
    assert worth(theorem.forgetting, a=HALF, b=HALF) == 0
    assert worth(theorem.stationary_law, a=HALF, b=HALF) == HALF
    assert worth(theorem.entropy_rate, a=HALF, b=HALF).overlaps(arb(2).log())


def test_a_chain_that_leaves_the_first_kind_twice_as_often():
    assert worth(theorem.stationary_law, a=HALF, b=fmpq(1, 4)).overlaps(arb(1) / 3)
    assert worth(theorem.forgetting, a=HALF, b=fmpq(1, 4)) == fmpq(1, 4)


def test_rows_of_a_chain_are_chances():
    assert torch.equal(chain(0.25, 0.5).double(), torch.tensor([[0.75, 0.25], [0.5, 0.5]]).double())


def test_words_of_one_parent_have_the_square_of_the_inheritance_in_common():
    assert pair(0.5, 1)[0, 1] == 0.25
    assert pair(0.5, 3)[0, 1] == 0.5**6


def test_a_chain_that_always_leaves_alternates():
    words = stream(1.0, 1.0, torch.full((70, 1), 0.5))[:, 0]
    assert torch.equal(words[1:], 1 - words[:-1])
