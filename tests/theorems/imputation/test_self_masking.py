"""Hand cases for imputation.self_masking: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import self_masking as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_sum_of_two_standard_numbers_seen_through_a_standard_window():
    # the tilted precision of (g, e) is [[2, 1], [1, 2]], its inverse [[2, −1], [−1, 2]]/3
    letters = {"u": 1, "v": 1, "s": 1}
    assert worth(theorem.risk, kappa=0, **letters) == fmpq(2 - 1 - 1 + 2, 3)
    assert worth(theorem.risk, kappa=1, **letters) == fmpq(2, 3) == worth(theorem.risk_at_random, **letters)
    assert worth(theorem.risk, kappa=HALF, **letters) == HALF


def test_the_best_answer_to_equal_precisions_is_half_and_leaves_half():
    assert worth(theorem.best_shrinkage, v=1, s=1) == HALF
    assert worth(theorem.least_risk, v=1, s=1) == HALF


def test_the_layer_and_the_mean_are_as_good_where_the_window_is_as_wide_as_the_rest():
    assert worth(theorem.critical_window, v=4) == 2
    for s, sign in ((1, 1), (2, 0), (3, -1)):
        letters = {"u": 1, "v": 4, "s": s}
        excess = worth(theorem.risk_at_random, **letters) - worth(theorem.risk, kappa=0, **letters)
        assert (excess > 0) - (excess < 0) == sign
