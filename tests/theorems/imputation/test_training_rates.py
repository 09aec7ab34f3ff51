"""Hand cases for imputation.training_rates: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import training_rates as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF, THIRD = fmpq(1, 2), fmpq(1, 3)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_training_starts_from_zero():
    assert worth(theorem.weight, d=5, p=THIRD, rho=HALF, t=0) == 0


def test_three_alike_bend_by_what_the_normal_equations_say():
    # the Hessian of p[1 − 2q·2wρ + q(w₁² + w₂² + 2qρ w₁w₂)] has eigenvalues 2pq(1 ± qρ)
    p, rho, q = THIRD, HALF, fmpq(2, 3)
    assert worth(theorem.slowest, p=p, rho=rho) == 2 * p * q * fmpq(2, 3)
    assert worth(theorem.condition, p=p, rho=rho) == 2


def test_with_all_others_missing_nothing_is_worse_conditioned():
    assert worth(theorem.condition, p=1, rho=HALF) == 1
    assert worth(theorem.slowest, p=1, rho=HALF) == 0


def test_the_fastest_rate_where_its_root_is_rational():
    # √(1 − ρ + ρ²) = 7/8 at ρ = 3/8: q = (1 + 3/8 − 7/8)/(9/8) = 4/9
    rho, p = fmpq(3, 8), fmpq(5, 9)
    assert worth(theorem.fastest_rate, rho=rho) == p
    left, top, right = (worth(theorem.slowest, rho=rho, p=p + step) for step in (-fmpq(1, 50), 0, fmpq(1, 50)))
    assert top > left and top > right
