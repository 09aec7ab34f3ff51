"""Hand cases for in_context.normalised_keys: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import normalised_keys as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_in_one_dimension_a_full_step_stores_the_answer_at_once():
    # keys are ±1: what is left of the error is the noise of the last answer
    assert worth(theorem.many_examples, d=1, T=3, v=[[5]], w=[[1]], eta=1, sigma=2) == 4


def test_two_full_steps_without_noise_leave_a_quarter_in_two_dimensions():
    assert worth(theorem.many_examples, d=2, T=2, v=[[2], [0]], w=[[0], [0]], eta=1, sigma=0) == 1


def test_steps_up_to_two_repair_in_any_dimension():
    assert theorem.largest_rate.formula == 2 and theorem.fastest_rate.formula == 1


def test_at_the_largest_step_errors_keep_their_length():
    found = worth(theorem.many_examples, d=3, T=2, v=[[1], [2], [2]], w=[[0], [0], [0]], eta=Rational(3, 2), sigma=0)
    assert found == 9 * Rational(3, 4) ** 2
