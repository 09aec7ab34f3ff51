"""Hand cases for clustering.critical_points: six noiseless tokens, and one."""

from flint import fmpq

from derivations.clustering import alignment, centroids
from derivations.clustering import critical_points as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

SIX = {"L": 6, "lamda": fmpq(1, 2)}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_six_tokens_at_half_strength():
    # 1 − A·a + B·a² with A = 7/12 and B = 3/16 where one head (a = 1) or two (a = 2) lean on μ0
    assert worth(theorem.mixed_risk, **SIX) == 1 - fmpq(7, 12) + fmpq(3, 16)
    assert worth(theorem.collapsed_risk, **SIX) == 1 - fmpq(7, 6) + fmpq(3, 4)
    assert worth(theorem.collapse_drift, **SIX) == -fmpq(1, 3)
    assert worth(theorem.collapse_escape, **SIX) == -fmpq(13, 12)  # −8B + 2λ²(L − 1)/L


def test_a_single_token_collapsed_twice_is_returned_at_a_quarter():
    # T(x) = 2λ·2x for the token of μ0, nothing for that of μ1: 1/2 is left at λ = 1/4
    assert worth(theorem.collapsed_risk, L=1, lamda=fmpq(1, 4)) == fmpq(1, 2)
    assert worth(theorem.mixed_risk, L=1, lamda=fmpq(1, 2)) == fmpq(1, 2)
    assert worth(theorem.crowding_strength, L=1) == fmpq(1, 4)


def test_return_slows_down_to_zero():
    critical = worth(centroids.noiseless_critical_strength, L=6)
    assert worth(theorem.slowing_down, L=6, lamda=critical) == 0
    # just above, the point inside takes over with the opposite sign: at the critical strength both are zero
    assert worth(alignment.noiseless_return, L=6, lamda=critical) == 0
    assert worth(theorem.slowing_down, **SIX) == -fmpq(5, 6)  # −4·(1/2)(7 − 9/2)/6
    # α̇ = 4α(1 − α)²·4/4 for one token at λ = 1/2
    assert worth(theorem.critical_halving, L=1) == 4
