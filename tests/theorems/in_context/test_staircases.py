"""Hand cases for in_context.staircases: what one can do on paper, compared exactly."""

from derivations.in_context import staircases as theorem
from workbench.exact.rings import identity
from workbench.exact.values import as_point, evaluate

WHITE = {"d": 2, "N": 5, "Lambda": identity(2).tolist(), "sigma": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_on_white_inputs_a_stair_takes_one_over_one_plus_d_plus_one_over_n():
    assert worth(theorem.stair, **WHITE, alpha=1) * 8 == 5  # γ = 1 + 3/5
