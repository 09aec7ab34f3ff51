"""Hand cases for in_context.plateaus: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import delta_rule, plateaus
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_in_one_dimension_the_plateau_is_that_of_one_number():
    # s = s(1 − 2ηλ + 3η²λ²) + η²σ²λ at η = 1/2, λ = 1, σ = 1: s(1 − 3/4) = 1/4
    assert worth(plateaus.plateau, d=1, Lambda=[[1]], eta=HALF, sigma=1)[0, 0] == 1


def test_equal_variances_have_the_floor_of_white_keys():
    # dησ²/(2 − (d + 2)η) at d = 2, η = 1/4, σ = 2 is 2, the same in every direction
    found = worth(plateaus.excess, d=2, Lambda=[[1, 0], [0, 1]], eta=Rational(1, 4), sigma=2)
    assert found == 2


def test_a_plateau_stays_where_it_is_after_one_more_example():
    letters = {"d": 2, "Lambda": [[1, 0], [0, HALF]], "eta": Rational(1, 4), "sigma": 1}
    settled = worth(plateaus.plateau, **letters)
    after = worth(delta_rule.spread, S=settled.tolist(), **letters)
    assert (after == settled).all() and settled[0, 1] == 0


def test_two_equal_variances_are_one():
    assert worth(plateaus.two_variances, m=2, n=3, alpha=2, beta=2) == Rational(2, (2 + 3 + 2) * 2)
