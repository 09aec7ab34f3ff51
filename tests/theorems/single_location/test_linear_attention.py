"""Hand cases for single_location.linear_attention: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.single_location import linear_attention as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

PLAIN = {"kappa": 1, "gamma": 1, "epsilon": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_tokens_weighed_by_their_score_alone():
    # E(z₁(1 − (s + G₁)))² = (1 − s)² + 1 and E(G₂z₂)² = 1, at s = 3
    assert worth(theorem.risk, **PLAIN, L=2, s=3, alpha=0, beta=1) == 4 + 1 + 1


def test_equal_weights_leave_what_a_linear_readout_leaves():
    # α = 1/L: (1 − 1/3)² + 2/9
    assert worth(theorem.risk, **PLAIN, L=3, s=3, alpha=Rational(1, 3), beta=0) == Rational(2, 3)


def test_of_two_tokens_with_a_spike_of_variance_four_a_quarter_is_left():
    # L(L − 1)/(L² + ν(L − 1)), and L/(L + ν) without the constant
    assert worth(theorem.least_risk, **PLAIN, L=2, s=2) == Rational(1, 4)
    assert worth(theorem.without_constant, **PLAIN, L=2, s=2) == Rational(1, 3)


def test_that_quarter_is_left_by_two_equal_weights():
    # the slopes of (1 − α − 2β)² + 2β² + α² vanish where 2α + 2β = 1 and α + 3β = 1
    found = worth(theorem.trained_weights, **PLAIN, L=2, s=2)
    assert (found[0, 0], found[1, 0]) == (Rational(1, 4), Rational(1, 4))
    assert worth(theorem.risk, **PLAIN, L=2, s=2, alpha=found[0, 0], beta=found[1, 0]) == Rational(1, 4)


def test_far_away_as_much_is_left_as_there_are_tokens():
    assert worth(theorem.far_spikes, L=3, gamma=1, kappa=1) == 3


def test_three_tokens_need_a_spike_of_variance_three_halves():
    # 6/(9 + 2ν) = 1/2
    formula = theorem.half_found.formula**2
    assert evaluate(formula, as_point(formula, L=3, gamma=1, kappa=1)) == Rational(3, 2)
