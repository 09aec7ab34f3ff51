"""Hand cases for imputation.small_tables: one other entry, and eight rows."""

from flint import arb, fmpq

from derivations.imputation import small_tables as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, ring=None, **letters):
    """The closed form of a claim at these letters."""
    point = as_point(claim.formula, **letters)
    return evaluate(claim.formula, point, ring) if ring else evaluate(claim.formula, point)


def test_with_as_many_others_as_rows_nothing_is_missed():
    assert worth(theorem.trained_loss, P=2, p=2, sigma=3) == 0


def test_eight_rows_and_two_others():
    # loss σ²·6/8 on the rows, σ²·7/5 on new ones
    assert worth(theorem.trained_loss, P=8, p=2, sigma=1) == fmpq(3, 4)
    assert worth(theorem.optimism, P=8, p=2) == fmpq(7, 5) / fmpq(3, 4)


def test_at_half_of_the_variance_explained_three_rows_are_needed():
    # bᵀΣb = σ² = 1, R² = 1/2: 1 + p/R² = 3 rows for one other entry
    assert arb(worth(theorem.critical_noise, Balls(), p=1, P=3, Sigma=[[1]], b=[[1]])).overlaps(arb(1))
