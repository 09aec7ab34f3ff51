"""Hand cases for imputation.gap_slopes: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import gap_slopes as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_entries_lose_what_the_other_explained():
    # regressions 1/3 and 1/2 on variances 3 and 2
    assert worth(theorem.layer_slope, d=2, Sigma=[[2, 1], [1, 3]]) == fmpq(1, 9) * 3 + fmpq(1, 4) * 2


def test_one_known_entry_is_worth_the_square_of_its_correlation():
    assert worth(theorem.bayes_slope, d=2, rho=HALF) == fmpq(1, 4)


def test_three_alike_lose_one_of_two_regressors():
    # two explain 2ρ²/(1 + ρ) = 1/3 and one explains 1/4; either may go
    assert worth(theorem.bayes_slope, d=3, rho=HALF) == 2 * (fmpq(1, 3) - fmpq(1, 4))


def test_the_gap_of_three_alike_is_the_slope_of_the_gap_in_closed_form():
    # 2q²pρ⁴/((1 + ρ)(1 + qρ)) has the slope 2ρ⁴/(1 + ρ)² at p = 0; for two entries one regression serves all masks
    assert worth(theorem.gap_slope, d=3, rho=HALF) == 2 * HALF**4 / fmpq(9, 4)
    assert worth(theorem.gap_slope, d=2, rho=HALF) == 0
