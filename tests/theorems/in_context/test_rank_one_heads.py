"""Hand cases for in_context.rank_one_heads: what one can do on paper, compared exactly."""

from derivations.in_context import rank_one_heads as theorem
from workbench.exact.rings import identity
from workbench.exact.values import as_point, evaluate

WHITE = {"d": 2, "N": 5, "Lambda": identity(2).tolist(), "sigma": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_head_without_strength_does_not_grow():
    assert worth(theorem.growth, **WHITE, alpha=1, v=0) == 0
