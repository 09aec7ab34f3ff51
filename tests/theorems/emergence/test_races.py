"""Hand cases for emergence.races: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import races as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_class_as_loud_as_the_context_is_pulled_back_at_the_rate_two():
    assert list(worth(theorem.stability, K=1, a=1, rho=1, g=fmpq(1, 3)).reshape(-1)) == [0, -2]


def test_a_memory_as_fast_as_the_copy_needs_as_good_a_start():
    # K = ρ/a: both grow alike
    assert worth(theorem.critical_start, h0=fmpq(1, 8), a=1, rho=3, K=3) == fmpq(1, 8)


def test_twice_as_many_classes_square_the_share_of_the_end_that_a_copy_must_have_at_first():
    # ½(2/8)²
    assert worth(theorem.critical_start, h0=fmpq(1, 8), a=1, rho=3, K=6) == fmpq(1, 32)
