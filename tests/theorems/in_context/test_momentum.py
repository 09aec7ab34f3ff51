"""Hand cases for in_context.momentum: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import delta_rule, momentum
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_without_momentum_the_rate_is_that_of_the_delta_rule():
    assert worth(momentum.largest_rate, d=3, m=0) == worth(delta_rule.critical_rate, d=3) == Rational(2, 5)


def test_half_of_the_step_remembered_in_one_dimension():
    # 2(1 − 1/4)/(3 + 1/2)
    assert worth(momentum.largest_rate, d=1, m=HALF) == Rational(3, 7)


def test_the_mean_bears_more_and_the_mean_square_less():
    assert worth(momentum.largest_rate_of_the_mean, m=HALF) == 3
    assert worth(momentum.largest_rate, d=2, m=HALF) < worth(delta_rule.critical_rate, d=2)
