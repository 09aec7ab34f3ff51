"""Hand cases for imputation.descents: two other entries, by hand."""

import torch
from flint import fmpq

from derivations.imputation import descents as theorem
from numerics.imputation.descents import doubled_rate
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_two_others_that_are_half_known_to_each_other_bend_the_risk_least_along_their_difference():
    # half hidden, ρ = 1/2: a row bends like 2p [[q, q²ρ], [q²ρ, q]] = [[1/2, 1/8], [1/8, 1/2]]
    assert worth(theorem.steepness, p=fmpq(1, 2), rho=fmpq(1, 2)) == fmpq(3, 8)


def test_where_the_root_is_rational_the_speed_is_stationary():
    # √(1 − 3/8 + 9/64) = 7/8, so q = (11/8 − 7/8)/(9/8) = 4/9; there 1 − 2q(1 + ρ) + 3ρq² = 1 − 11/9 + 2/9
    assert worth(theorem.fastest_rate, rho=fmpq(3, 8)) == fmpq(5, 9)


def test_off_by_both_axes_of_a_bowl_the_squared_gradient_is_compared_with_the_excess():
    # bends 2 and 6, weights (1, 1) off the minimum: (4 + 36)/(2·(1 + 3)) = 5
    bowl = torch.diag(torch.tensor([1.0, 3.0]))
    assert float(doubled_rate(torch.ones(2), torch.zeros(2), bowl)) == 5
