"""Hand cases for imputation.masked_depth: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import masked_depth as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)
PAIR = {"m": 2, "Sigma": [[2, 1], [1, 3]], "p": HALF}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_pair_with_half_of_its_entries_seen():
    # variances are seen half the time, the covariance a quarter of it
    assert worth(theorem.context, **PAIR).tolist() == [[1, fmpq(1, 4)], [fmpq(1, 4), fmpq(3, 2)]]
    assert worth(theorem.mended, **PAIR).tolist() == [[2, 1], [1, 3]]


def test_one_entry_seen_is_weighed_half_as_much_as_it_should_be():
    # (1/4)/1 in place of 1/2, on an entry of variance 2
    assert worth(theorem.excess, d=1, F=[[1, 0]], **PAIR) == fmpq(1, 16) * 2


def test_two_of_three_alike_with_half_of_the_context_seen():
    # 1/5 each in place of 1/3, on a sum of variance 3; one trained layer says 2/5
    assert worth(theorem.excess_of_three, rho=HALF, p=HALF) == (fmpq(1, 3) - fmpq(1, 5)) ** 2 * 3
    one = (fmpq(2, 5) - fmpq(1, 3)) ** 2 * 3
    assert worth(theorem.against_one_layer, rho=HALF, p=HALF) == one / worth(theorem.excess_of_three, rho=HALF, p=HALF)


def test_complete_contexts_are_read_without_bias():
    assert worth(theorem.excess_of_three, rho=HALF, p=0) == 0
