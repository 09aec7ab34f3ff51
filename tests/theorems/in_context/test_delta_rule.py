"""Hand cases for in_context.delta_rule: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import delta_rule as theorem
from workbench.exact.values import as_point, evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_key_in_one_dimension_has_a_fourth_moment_of_three():
    # E(1 − x²/2)² = 1 − 1 + 3/4, and the noise adds (1/2)² E x²
    assert worth(theorem.one_example, d=1, v=[[0]], w=[[1]], eta=HALF, sigma=1) == Rational(3, 4) + Rational(1, 4)


def test_noise_comes_in_through_every_direction_of_the_key():
    # no error before: η² σ² E|x|² at d = 2, η = 1/3, σ = 3
    assert worth(theorem.one_example, d=2, v=[[1], [2]], w=[[1], [2]], eta=Rational(1, 3), sigma=3) == 2


def test_steps_beyond_half_diverge_in_two_dimensions_and_a_quarter_is_fastest():
    assert worth(theorem.critical_rate, d=2) == HALF
    assert worth(theorem.fastest_rate, d=2) == Rational(1, 4)
