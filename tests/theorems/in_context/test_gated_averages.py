"""Hand cases for in_context.gated_averages: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import gated_averages as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_of_two_examples_one_weighs_a_quarter_and_one_an_eighth():
    # h = ½(½ y₁ + ½·½ … ): the last example is read with ½ and fades once, the first twice
    assert worth(theorem.gate_weight, a=HALF, N=2) == Rational(1, 4) + Rational(1, 8)
    assert worth(theorem.gate_squares, a=HALF, N=2) == Rational(1, 16) + Rational(1, 64)


def test_those_two_are_worth_nine_fifths_of_an_example():
    assert worth(theorem.gated_length, a=HALF, N=2) == Rational(9, 5)


def test_one_example_in_one_dimension_has_a_fourth_moment_of_three():
    # state z² w/4: E(w − β z² w/4)² = 1 − β/2 + 3β²/16 at β = 2, and the noise adds β²σ²/16
    letters = {"d": 1, "N": 1, "a": HALF}
    assert worth(theorem.gated_risk, **letters, beta=2, sigma=2) == 1 - 1 + Rational(3, 4) + 1


def test_after_one_example_the_rate_of_the_gate_makes_no_difference_at_the_best_gain():
    for rate in (HALF, Rational(1, 5)):
        assert worth(theorem.least_risk, d=1, N=1, a=rate, sigma=0) == Rational(2, 3)
    assert worth(theorem.best_gain, d=1, N=1, a=HALF, sigma=0) == Rational(4, 3)
