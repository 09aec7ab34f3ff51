"""Hand cases for in_context.thresholds: what one can do on paper, compared exactly."""

from derivations.in_context import thresholds as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import identity
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_half_of_the_variance_is_explained_at_one_more_than_the_dimension():
    assert worth(theorem.half_explained, d=4, sigma=0) == 5


def test_on_white_inputs_the_first_mode_is_worth_its_stair_at_the_same_length():
    assert worth(theorem.worthwhile_length, d=2, Lambda=identity(2).tolist(), sigma=0, sigma_1=1) == 3
