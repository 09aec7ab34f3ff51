"""Hand cases for emergence.races: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import races as theorem
from workbench.exact.values import as_point, evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_class_as_loud_as_the_context_is_pulled_back_at_the_rate_two():
    assert list(worth(theorem.stability, K=1, a=1, rho=1, g=fmpq(1, 3)).reshape(-1)) == [0, -2]


def test_a_copy_at_the_speed_of_the_memory_must_start_as_high():
    # aK = ρ: both gains keep their ratio
    assert worth(theorem.critical_start, K=2, a=1, rho=2, h0=fmpq(1, 8)) == fmpq(1, 8)


def test_a_copy_twice_as_fast_may_start_from_the_square():
    # 2g = (2h)²
    assert worth(theorem.critical_start, K=4, a=1, rho=2, h0=fmpq(1, 8)) == fmpq(1, 32)
