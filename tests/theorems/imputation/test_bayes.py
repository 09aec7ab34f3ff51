"""Hand cases for imputation.bayes: what one can do on paper, compared exactly."""

import pytest
from flint import fmpq

from derivations.imputation import bayes as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_what_is_seen_whole_is_returned():
    letters = {"d": 2, "m": 2, "Sigma": [[2, 1], [1, 3]], "F": [[1, 0], [0, 1]]}
    assert worth(theorem.imputer, **letters).tolist() == [[1, 0], [0, 1]]
    assert worth(theorem.least_risk, **letters) == 0


def test_one_entry_of_two_predicts_the_other_by_regression():
    letters = {"d": 1, "m": 2, "Sigma": [[2, 1], [1, 3]], "F": [[1, 0]]}
    assert worth(theorem.imputer, **letters).tolist() == [[1], [HALF]]
    assert worth(theorem.least_risk, **letters) == 3 - HALF


@pytest.mark.parametrize("rho", [fmpq(1, 4), fmpq(2, 3)])
def test_the_ends_of_the_missing_rate_are_easy(rho):
    for p in (0, 1):
        assert worth(theorem.gap, rho=rho, p=p) == 0
    assert worth(theorem.bayes_of_three, rho=rho, p=0) == 1 - 2 * rho**2 / (1 + rho)
    assert worth(theorem.layer_of_three, rho=rho, p=1) == 1


def test_the_gap_at_one_third_and_one_half():
    assert worth(theorem.gap, rho=HALF, p=fmpq(1, 3)) == fmpq(1, 108)


def test_the_worst_rate_where_its_root_is_rational():
    # (ρ + 1)(ρ + 9) = (65/18)² at ρ = 7/18: q = (7/18 − 3 + 65/18)/(14/9) = 9/14
    assert worth(theorem.worst_rate, rho=fmpq(7, 18)) == fmpq(5, 14)


def test_the_gap_is_lower_beside_the_worst_rate():
    rho = fmpq(7, 18)
    left, top, right = (worth(theorem.gap, rho=rho, p=fmpq(5, 14) + step) for step in (-fmpq(1, 50), 0, fmpq(1, 50)))
    assert top > left and top > right
