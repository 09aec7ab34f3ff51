"""Hand cases for in_context.rank_one_heads: what one can do on paper, compared exactly."""

from derivations.in_context import rank_one_heads as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import identity
from workbench.exact.values import evaluate, value

WHITE = {"d": 2, "N": 5, "Lambda": identity(2).tolist(), "sigma": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_head_without_strength_does_not_grow():
    assert worth(theorem.growth, **WHITE, alpha=1, v=0) == 0


def test_a_head_on_one_of_two_modes_alike_is_free_to_turn_to_the_other():
    letters = {"d": 2, "N": 1, "Lambda": identity(2).tolist(), "sigma": 2, "alpha": 1, "beta": 1}  # γ = 8, v = 1/2
    flat, bent = value(theorem.curvature.formula, as_point(theorem.curvature.formula, **letters)).reshape(-1)
    assert flat.contains(0) and bent.contains(1)
