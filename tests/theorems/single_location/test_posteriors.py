"""Hand cases for single_location.posteriors: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.single_location import posteriors as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

EVEN, SURE = [[1], [1]], [[1], [0]]  # square roots of odds


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_in_one_dimension_the_odds_compare_distances_from_the_spike():
    # at γ² = 1/4 and s = 1, x²/2 − 2(x − 1)² is 2 − 2 at x = 2 and 0 − 2 at x = 0
    letters = {"d": 1, "kstar": [[1]], "s": 1, "gamma": Rational(1, 2)}
    assert worth(theorem.posterior, **letters, first=[[2]], second=[[0]]) == (2 - 2) - (0 - 2)


def test_a_reader_who_knows_nothing_of_two_places_finds_half():
    half = Rational(1, 2)
    assert worth(theorem.bayes_risk, L=2, r=EVEN, epsilon=0) == half
    # (z₁ − (z₁ + z₂)/2)² on average
    assert worth(theorem.risk, L=2, r=EVEN, omega=[[half], [half]], epsilon=0) == half


def test_who_is_sure_leaves_the_noise_of_the_label():
    assert worth(theorem.bayes_risk, L=2, r=SURE, epsilon=3) == 9


def test_reading_the_wrong_token_costs_both():
    assert worth(theorem.excess, L=2, r=SURE, omega=[[0], [1]]) == 2


def test_equal_weights_do_best_at_a_half_and_lose_a_half_against_who_is_sure():
    assert worth(theorem.best_scale, L=2, r=SURE, sigma=EVEN) == Rational(1, 2)
    assert worth(theorem.activation_gap, L=2, r=SURE, sigma=EVEN) == Rational(1, 2)
    assert worth(theorem.activation_gap, L=2, r=EVEN, sigma=EVEN) == 0
