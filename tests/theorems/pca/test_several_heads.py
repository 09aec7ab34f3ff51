"""Hand cases for pca.several_heads: diagonal covariances, heads on axes."""

import torch
from flint import fmpq

from derivations.pca import several_heads as theorem
from numerics.pca.several_heads import at_rest
from workbench.exact.instances import as_point
from workbench.exact.values import value

SIGMA = [[4, 0], [0, 1]]
ONE, QUARTER_TURN = [[1, 0], [0, 1]], [[0, -1], [1, 0]]


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_two_heads_at_rest_return_the_plane_as_it_is():
    # lengths 1/√(λα): 1/2 on the variance 4, 1 on the variance 1
    heads = [[fmpq(1, 2), 0], [0, 1]]
    assert worth(theorem.risk, d=2, r=2, lamda=1, Sigma=SIGMA, U=heads) == 0
    assert worth(theorem.risk_gradient, d=2, r=2, lamda=1, Sigma=SIGMA, U=heads) == [[0, 0], [0, 0]]


def test_on_a_line_two_heads_of_one_act_as_a_head_of_root_two():
    # T = 2x: R = σ(1 − 2)² with σ = 1, and ∂R/∂u = −4·1 + 2·(2 + 2)
    assert worth(theorem.risk, d=1, r=2, lamda=1, Sigma=[[1]], U=[[1, 1]]) == 1
    assert worth(theorem.risk_gradient, d=1, r=2, lamda=1, Sigma=[[1]], U=[[1, 1]]) == [[4, 4]]


def test_a_quarter_turn_of_the_heads_changes_nothing():
    letters = {"d": 2, "r": 2, "lamda": 3, "Sigma": [[2, 1], [1, 3]], "U": [[1, 2], [0, 1]]}
    assert worth(theorem.rotation, Q=QUARTER_TURN, **letters) == worth(theorem.rotation, Q=ONE, **letters)


def test_two_heads_explain_both_variances():
    assert worth(theorem.explained, first=4, second=1) == 5


def test_equal_variances_are_curved_by_eight_as_one_head_is_along_its_axis():
    assert worth(theorem.shear, lamda=1, first=1, second=1) == [[0], [8]]


def test_a_pair_without_the_largest_variance_has_one_way_down_for_each_of_its_heads():
    # towards the variance 4: 2·4·(1 − 4) and 2·4·(2 − 4)
    assert worth(theorem.outward, lamda=1, first=2, second=1, third=4) == [[-24], [-16]]


def test_heads_on_the_first_axis_part_towards_the_second():
    # apart −4·1, together 2·1·(4 − 1)
    assert worth(theorem.parting, lamda=1, first=4, second=1) == [[-4], [6]]


def test_the_second_head_does_not_change_the_critical_step():
    # on a line R = 1 − 2r² + r⁴ has R'' = 8 at r = 1
    assert worth(theorem.critical_step, lamda=1, first=1, second=fmpq(1, 2)) == fmpq(1, 4)


def test_the_searched_heads_rest_at_a_half_and_at_one():
    torch.set_default_dtype(torch.float64)
    found = at_rest([0, 1], 1.0, torch.tensor(SIGMA, dtype=torch.float64))
    assert (found - torch.tensor([[0.5, 0], [0, 1]])).abs().max() < 1e-12
    assert abs(float(at_rest([0, 0], 1.0, torch.eye(2))[0].square().sum()) - 1) < 1e-12  # two heads share one length
