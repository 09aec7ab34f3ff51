"""Hand cases for imputation.switches: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import switches as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_the_three_rates_at_variance_five_halves_beside_a_pair_of_variance_two():
    letters = {"tau": fmpq(5, 2), "rho": 1}
    assert worth(theorem.pair_spinodal, **letters) == fmpq(1, 3)
    assert worth(theorem.switch, **letters) == fmpq(2, 5)
    assert worth(theorem.lone_spinodal, **letters) == fmpq(1, 2)


def test_the_three_rates_meet_where_the_variances_are_equal():
    for scale in (theorem.pair_spinodal, theorem.switch, theorem.lone_spinodal):
        assert worth(scale, tau=fmpq(3, 2), rho=HALF) == 0


def test_curvatures_change_sign_at_their_spinodals():
    for curvature, spinodal, y, z in (
        (theorem.lone_curvature, theorem.lone_spinodal, 1, 1),
        (theorem.pair_curvature, theorem.pair_spinodal, 0, 1),
    ):
        letters = {"tau": fmpq(9, 5), "rho": HALF}
        p = worth(spinodal, **letters)
        signs = [worth(curvature, p=p + step, y=y, z=z, **letters) for step in (-fmpq(1, 20), 0, fmpq(1, 20))]
        assert signs[1] == 0 and signs[0] * signs[2] < 0


def test_on_complete_data_the_hessian_is_that_of_the_largest_variance():
    # −uᵀΣu/|u|² at e₁ bends along e₂ by 2(τ − 1), and the pair's correlation adds −4ρyz.
    bend = worth(theorem.lone_curvature, tau=2, rho=HALF, p=0, y=1, z=0)
    assert bend == 2 * (2 - 1)
