"""Hand cases for in_context.scaled_inputs: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import scaled_inputs as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_example_in_one_dimension_at_twice_the_variance_is_no_better_than_zero():
    # u = 1/3: E(w x(1 − z²/3))² = 2(1 − 4/3 + 12/9) = 2 with z² and x² of mean 2
    assert worth(theorem.scaled_risk, d=1, N=1, sigma=0, c=2) == 2
    assert worth(theorem.critical_scale, d=1, N=1, sigma=0) == 2


def test_noise_makes_the_layer_cautious_and_the_scale_larger():
    # σ² = 4 adds 4/3: u = 1/7, and 2c²u = u²(3c³ + 4c²) at 3c = 10
    assert worth(theorem.critical_scale, d=1, N=1, sigma=2) == Rational(10, 3)
