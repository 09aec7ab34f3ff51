"""Hand cases for in_context.escapes: what one can do on paper."""

from flint import fmpq

from derivations.in_context import escapes as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import identity
from workbench.exact.values import value

WHITE = {"d": 2, "N": 1, "Lambda": identity(2).tolist(), "sigma": 2, "alpha": 1}  # γ = 8


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed where it is no fraction."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_half_an_eigenvalue_waits_four_times_as_long():
    assert worth(theorem.escape_time, d=1, Lambda=[[1]], alpha=1) == 1
    assert worth(theorem.escape_time, d=1, Lambda=[[fmpq(1, 2)]], alpha=fmpq(1, 2)) == 4


def test_from_a_small_start_to_a_slightly_larger_one_the_ceiling_is_not_felt():
    # 1/v − 1/v' with v = 1/1000, v' = 1/500, in units of the final strength 1/2; the fifth power adds (x'² − x²)/2.
    time = worth(theorem.learning_time, **WHITE, start=fmpq(1, 1000), end=fmpq(1, 500))
    assert 0 < float(time) - 2 * 500 < 1e-5
