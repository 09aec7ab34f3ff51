"""Hand cases for imputation.context_shifts: what one can do on paper, compared exactly."""

from flint import arb, fmpq

from derivations.imputation import context_shifts as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_example_of_a_pair_does_what_isserlis_says_at_every_rate():
    # θ² s² (1 + 2ρ²) − 2θ s² ρ², where one is missing and the other seen, at θ = ρ²/(1 + 2ρ²) = 1/6
    letters = {"d": 2, "n": 1, "rho": HALF, "p": fmpq(1, 3), "q": fmpq(1, 5)}
    change = 2 * fmpq(2, 9) * HALF**2 * (fmpq(1, 36) * fmpq(3, 2) - fmpq(2, 6) * fmpq(1, 4))
    assert worth(theorem.shifted_gain, s=HALF, **letters) == change


def test_a_pair_over_thirteen_examples():
    # 2/16 + (2 + 4)/12
    found = evaluate(
        theorem.harmful_rate.formula**2,
        as_point(theorem.harmful_rate.formula, n=13, rho=HALF, q=fmpq(1, 4)),
        Balls(),
    )
    assert found.overlaps(arb(fmpq(5, 8)))


def test_the_layer_helps_below_the_critical_rate_and_harms_above():
    letters = {"d": 2, "n": 13, "rho": HALF, "p": HALF, "q": fmpq(1, 4)}
    # √(5/8) lies between 3/4 and 4/5
    assert (
        worth(theorem.shifted_gain, s=fmpq(3, 4), **letters) < 0 < worth(theorem.shifted_gain, s=fmpq(4, 5), **letters)
    )
