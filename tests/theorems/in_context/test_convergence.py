"""Hand cases for in_context.convergence: one direction, by hand."""

import torch
from flint import fmpq

from derivations.in_context import convergence as theorem
from numerics.in_context.convergence import slopes
from numerics.in_context.descents import Loss
from workbench.exact.instances import as_point
from workbench.exact.values import value

ONE = torch.eye(1, dtype=torch.float64)
BOWL = (-2 * ONE, 2 * ONE[None, None], ONE)  # the loss (A − 1)² − 1


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_one_example_in_one_direction_bends_the_risk_by_six_cubes():
    # E(wx − u wx₁²x)² = λ − 2uλ² + 3u²λ³, whose bend is 6λ³ = 48 at λ = 2
    assert worth(theorem.speed, d=1, N=1, sigma=0, P=[[fmpq(1, 2)]], kappa=fmpq(1, 2)) == 48


def test_the_smaller_variance_decides():
    # λ = 1 beside 3, N = 4, σ² = 1: (2/4)(5 + 4 + 1)
    assert worth(theorem.speed, d=2, N=4, sigma=1, P=[[1, 0], [0, fmpq(1, 3)]], kappa=1) == 5


def test_value_and_weights_move_by_each_other():
    # A = 6 is 5 too much: its slope is 10, that of v is 10 · 3 and that of U is 10 · 2; v ∂v and U ∂U are both 60
    of_value, of_weights = slopes(2 * ONE[0, 0], 3 * ONE, Loss(*BOWL))
    assert (float(of_value), float(of_weights)) == (30, 20)
