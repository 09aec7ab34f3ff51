"""Hand cases for in_context.staircases: what one can do on paper, compared exactly."""

from derivations.in_context import staircases as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import identity
from workbench.exact.values import evaluate

WHITE = {"d": 2, "N": 5, "Lambda": identity(2).tolist(), "sigma": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_on_white_inputs_a_stair_takes_one_over_one_plus_d_plus_one_over_n():
    assert worth(theorem.stair, **WHITE, alpha=1) * 8 == 5  # γ = 1 + 3/5


def test_the_first_plateau_on_white_inputs_lies_one_stair_below_the_variance():
    assert worth(theorem.first_plateau, **WHITE, lambda_1=1) * 8 == 11  # 2 − 1/γ


def test_with_one_mode_learned_of_two_alike_the_plateau_is_the_first():
    assert worth(theorem.plateau, m=1, n=1, N=5, A=[[1]], B=[[1]], sigma=0) * 8 == 11


def test_the_weights_on_one_learned_mode_of_two_are_one_over_gamma():
    assert worth(theorem.trained_weights, m=1, n=1, N=5, A=[[1]], B=[[1]], sigma=0)[0, 0] * 8 == 5
