"""Hand cases for imputation.depth: what one can do on paper, compared exactly."""

import pytest
import torch
from flint import fmpq

from derivations.imputation import depth as theorem
from numerics.imputation.depth import answer
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

QUARTER = fmpq(1, 4)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def alike(d, rho):
    """Unit variances and equal correlations."""
    return [[1 if i == j else rho for j in range(d)] for i in range(d)]


def test_two_layers_by_hand():
    # a = 0 → ηy = 1 → 1 + η(y − 2·1) = 3/2
    found = worth(theorem.state, d=1, m=1, F=[[1]], Sigma=[[2]], eta=QUARTER, y=[[4]], L=2)
    assert found == [[fmpq(3, 2)]]


def test_the_fixed_point_is_not_moved():
    assert worth(theorem.fixed_point, d=1, m=1, F=[[1]], Sigma=[[2]], y=[[4]]) == [[2]]


@pytest.mark.parametrize("L", [1, 2, 5])
def test_one_observed_entry_is_done_in_one_layer_of_the_right_step(L):
    letters = {"d": 1, "m": 2, "F": [[1, 0]], "Sigma": [[2, 1], [1, 3]], "L": L}
    assert worth(theorem.excess, eta=fmpq(1, 2), **letters) == 0
    # (1 − 2η)^{2L} times what Bayes explains, (2² + 1²)/2
    assert worth(theorem.excess, eta=QUARTER, **letters) == fmpq(1, 2) ** (2 * L) * fmpq(5, 2)


def test_two_layers_of_the_network_by_hand():
    y, F, Sigma = torch.tensor([4.0]), torch.tensor([[1.0, 0.0]]), torch.tensor([[2.0, 1.0], [1.0, 3.0]])
    assert answer(y, F, Sigma, 0.25, 2).tolist() == [3.0, 1.5]


def test_at_the_critical_step_the_steepest_error_is_flipped():
    C = [[2, 0], [0, QUARTER]]
    step = worth(theorem.critical_step, C=C, d=2, top=2)
    assert worth(theorem.contraction, C=C, d=2, eta=step, lamda=2) == -1


def test_two_entries_converge_with_every_step_that_one_entry_alone_bears():
    # with a hole in it a pair is one entry of unit variance: 1 − η > −1
    assert worth(theorem.critical_step_alike, d=2, rho=fmpq(9, 10)) == 2
    assert worth(theorem.critical_step_alike, d=3, rho=fmpq(3, 5)) == 2 / fmpq(8, 5)


@pytest.mark.parametrize("p", [fmpq(1, 5), fmpq(4, 5)])
def test_the_best_step_of_a_pair_is_regression_and_of_three_alike_shrinks(p):
    rho = fmpq(1, 3)
    assert worth(theorem.best_step, d=2, C=alike(2, rho), p=p) == 1
    assert worth(theorem.best_step, d=3, C=alike(3, rho), p=p) == 1 / (1 + (1 - p) * rho)
