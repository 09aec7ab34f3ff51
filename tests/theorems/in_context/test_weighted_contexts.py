"""Hand cases for in_context.weighted_contexts: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import weighted_contexts as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_example_of_weight_c_in_one_dimension_meets_a_fourth_moment_twice():
    # E(w x − c(w z² + 3ξz)x)² = 1 − 2c + c²(3 + 9) at c = 1/2
    letters = {"d": 1, "N": 1, "Lambda": [[1]], "C": [[1]], "U": [[1]], "c": [[Rational(1, 2)]]}
    assert worth(theorem.risk, **letters, sigma=3) == 3


def test_opposite_weights_hear_no_task_and_only_disturb():
    # d = 1: Σ c = 0, so E β² = Var(z₁² − z₂²) = 4
    letters = {"d": 1, "N": 2, "Lambda": [[1]], "C": [[1]], "U": [[1]], "c": [[1], [-1]]}
    assert worth(theorem.risk, **letters, sigma=0) == 1 + 4


def test_equal_weights_count_and_silent_examples_do_not():
    letters = {"N": 3, "c": [[5], [5], [0]]}
    assert worth(theorem.equivalent_length, **letters) == 2


def test_weights_one_and_a_half_are_worth_nine_fifths_of_an_example():
    assert worth(theorem.equivalent_length, N=2, c=[[1], [Rational(1, 2)]]) == Rational(9, 5)
