"""Hand cases for imputation.rate_shifts: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import rate_shifts as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_weight_that_is_off_by_one_costs_the_variance_it_reads_where_one_is_missing_and_the_other_seen():
    # regression weights 1/3 and 1/2; the second row is right, and the diagonal is idle
    letters = {"d": 2, "Sigma": [[2, 1], [1, 3]], "p": fmpq(1, 4)}
    assert worth(theorem.regret, W=[[7, fmpq(4, 3)], [HALF, 9]], **letters) == fmpq(3, 16) * 3
    assert worth(theorem.regret, W=[[7, fmpq(1, 3)], [HALF, 9]], **letters) == 0


def test_three_alike_share_one_weight():
    # minimise 1 − 2(1 − p)·2wρ + (1 − p) w² (2 + 2(1 − p)ρ)
    W = worth(theorem.trained_alike, d=3, rho=HALF, p=HALF)
    assert W.tolist() == [[0 if i == j else fmpq(2, 5) for j in range(3)] for i in range(3)]


def test_two_entries_are_regressed_on_each_other_at_every_rate():
    assert worth(theorem.shifted_gain, d=2, rho=HALF, p=fmpq(1, 5), r=fmpq(2, 3)) == -fmpq(1, 3) * HALF**2


def test_three_alike_trained_at_one_half_and_used_where_the_others_are_seen():
    # w = 2/5 at ρ = 1/2: w² (2 + 2ρ) − 4wρ = 12/25 − 20/25 where both others are seen
    assert worth(theorem.shifted_gain, d=3, rho=HALF, p=HALF, r=0) == -fmpq(8, 25)


def test_six_alike_trained_with_many_holes_do_harm_where_there_are_few():
    letters = {"d": 6, "rho": HALF, "p": fmpq(9, 10)}
    # 2·(9/10) − 1 − 1/(4·1/2) = 3/10, and w = (1/2)/(1 + 4·(1/10)·(1/2)) = 5/12
    assert worth(theorem.harmful_rate, **letters) == fmpq(3, 10)
    gains = [worth(theorem.shifted_gain, r=r, **letters) for r in (fmpq(1, 5), fmpq(3, 10), fmpq(2, 5))]
    assert gains[0] > 0 and gains[1] == 0 and gains[2] < 0
