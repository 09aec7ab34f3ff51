"""Hand cases for imputation.rank_one: what one can do on paper, compared exactly."""

import pytest
from flint import fmpq

from derivations.imputation import rank_one as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def lone_and_pair(tau, rho):
    """The covariance of a lone entry beside a correlated pair."""
    return [[tau, 0, 0], [0, 1, rho], [0, rho, 1]]


def test_one_entry_is_copied_when_it_is_seen():
    assert worth(theorem.best_scale, d=1, Sigma=[[3]], u=[[1]], p=HALF) == 1
    assert worth(theorem.least_risk, d=1, Sigma=[[3]], u=[[2]], p=fmpq(1, 3)) == 3 * fmpq(1, 3)


def test_a_layer_without_scale_leaves_all_variance():
    assert worth(theorem.risk, d=2, Sigma=[[1, HALF], [HALF, 4]], u=[[1], [2]], lamda=0, p=HALF) == 5


@pytest.mark.parametrize("length", [1, 3])
def test_the_pair_explains_its_square_over_what_is_seen_of_it(length):
    # s = 2(1 + ρ), m = 2((1 − p)(1 + ρ) + p), |u|² = 2: the gain is (1 − p)(1 + ρ)²/((1 − p)(1 + ρ) + p)
    rho, p, tau = HALF, fmpq(1, 4), 3
    left = worth(theorem.least_risk, d=3, Sigma=lone_and_pair(tau, rho), u=[[0], [length], [length]], p=p)
    seen = (1 - p) * (1 + rho) + p
    assert left == tau + 2 - (1 - p) * (1 + rho) ** 2 / seen


@pytest.mark.parametrize("p", [fmpq(1, 5), fmpq(4, 5)])
@pytest.mark.parametrize("u", [[[1], [0], [0]], [[0], [1], [1]], [[0], [1], [-1]]])
def test_the_lone_entry_and_both_combinations_of_the_pair_are_stationary(u, p):
    slope = worth(theorem.direction_gradient, d=3, Sigma=lone_and_pair(2, HALF), u=u, p=p)
    assert (slope == 0).all()
