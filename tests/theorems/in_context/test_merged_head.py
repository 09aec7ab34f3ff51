"""Hand cases for in_context.merged_head: what one can do on paper, compared exactly."""

from derivations.in_context import merged_head as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_merged_head_stops_growing_where_it_has_learned_everything():
    assert worth(theorem.growth, d=1, N=2, sigma=0, g=1) != 0
    assert worth(theorem.resting_points, d=1, N=2, sigma=0)[0, 0] * 2 == 1  # c = 1 + 2/2
