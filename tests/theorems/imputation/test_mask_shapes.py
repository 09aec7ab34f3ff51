"""Hand cases for imputation.mask_shapes: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import mask_shapes as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF, THIRD = fmpq(1, 2), fmpq(1, 3)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_an_entry_that_is_always_seen_beside_one_that_never_is_is_regressed_on_alone():
    assert worth(theorem.own_rates, q=0, r=1, rho=HALF)[1, 0] == HALF
    assert worth(theorem.own_rates_risk, q=0, r=1, rho=HALF) == 1 - fmpq(1, 4)


def test_both_always_seen_are_regressed_on_together():
    assert worth(theorem.own_rates, q=1, r=1, rho=HALF).tolist() == [[THIRD], [THIRD]]
    assert worth(theorem.own_rates_risk, q=1, r=1, rho=HALF) == 1 - 2 * fmpq(1, 4) / fmpq(3, 2)


def test_one_entry_always_and_the_other_half_the_time():
    # where the first is seen, so is the second; where the second is seen, the first is half the time
    w = worth(theorem.own_rates, q=HALF, r=1, rho=HALF)
    assert w[0, 0] + HALF * w[1, 0] == HALF and w[0, 0] * HALF * HALF + w[1, 0] == HALF


def test_all_or_none_and_one_at_a_time_leave_no_gap():
    for s in (0, THIRD):
        assert worth(theorem.joint_gap, q=THIRD, s=s, rho=HALF) == 0


def test_the_gap_where_half_of_what_is_seen_is_seen_together():
    # q = 1/2, s = 1/4, ρ = 1/2: the layer leaves 1 − 2qρ²/(1 + ρ/2) = 4/5, Bayes 1 − 2·(1/4)·(1/4) − (1/4)·(1/3)
    assert worth(theorem.joint_gap, q=HALF, s=fmpq(1, 4), rho=HALF) == fmpq(4, 5) - (1 - fmpq(1, 8) - fmpq(1, 12))


def test_the_worst_overlap_where_its_root_is_rational():
    # ρ = 9/16 has √(1 + ρ) = 5/4, and 9/20 over 9/4 is 1/5
    rho, q = fmpq(9, 16), fmpq(9, 20)
    worst = worth(theorem.worst_overlap, q=q, rho=rho)
    assert worst == fmpq(1, 5)
    left, top, right = (
        worth(theorem.joint_gap, q=q, rho=rho, s=worst + step) for step in (-fmpq(1, 50), 0, fmpq(1, 50))
    )
    assert top > left and top > right
