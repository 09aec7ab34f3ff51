"""Hand cases for in_context.delta_rule: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import delta_rule as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

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


def test_two_examples_without_noise_shrink_the_error_twice():
    # E(1 − x²/4)² = 1 − 1/2 + 3/16 = 11/16
    found = worth(theorem.many_examples, d=1, T=2, v=[[0]], w=[[1]], eta=Rational(1, 4), sigma=0)
    assert found == Rational(11, 16) ** 2


def test_a_guess_that_is_right_is_spoiled_to_the_floor_step_by_step():
    # d = 1, η = 1/4, σ = 2: each example adds η²σ² = 1/4, and 11/16 of what was there is kept
    found = worth(theorem.many_examples, d=1, T=2, v=[[1]], w=[[1]], eta=Rational(1, 4), sigma=2)
    assert found == Rational(1, 4) * (1 + Rational(11, 16))


def test_in_one_dimension_the_spread_is_a_fourth_moment_of_the_key():
    # E(e − ηx(xe − σξ))² = S(1 − 2ηλ + 3η²λ²) + η²σ²λ at S = 2, λ = 1/2, η = 1, σ = 3
    found = worth(theorem.spread, d=1, S=[[2]], Lambda=[[HALF]], eta=1, sigma=3)
    assert found[0, 0] == 2 * (1 - 1 + Rational(3, 4)) + Rational(9, 2)
