"""Hand cases for clustering.alignment: heads that lean on one centroid each."""

from flint import fmpq

from derivations.clustering import alignment, centroids
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_six_noiseless_tokens_at_half_strength_cost_what_three_positions_cost():
    # from 1 − λ(L+1)/L (α0+α1) + λ²(L+3)/(2L) (α0²+α1²): both heads on, one on, none on
    six = {"L": 6, "lamda": fmpq(1, 2), "sigma": 0, "d": 4}
    on, one, none = ({"alpha0": a, "alpha1": b} for a, b in ((1, 1), (1, 0), (0, 0)))
    assert worth(alignment.aligned_risk, **six, **on) == fmpq(5, 24)
    assert worth(alignment.aligned_risk, **six, **one) == fmpq(29, 48)
    assert worth(alignment.aligned_risk, **six, **none) == 1


def test_heads_do_not_turn_at_the_ends():
    letters = {"L": 3, "lamda": 1, "sigma": 1, "d": 5, "alpha1": fmpq(1, 3)}
    assert worth(alignment.alignment_speed, alpha0=0, **letters) == 0
    assert worth(alignment.alignment_speed, alpha0=1, **letters) == 0


def test_a_single_token_is_aligned_best_at_half_strength():
    # L = 1, σ = 0: T(x) = 2λα x, so α* = 1/(2λ), and it is 1 at λ_c = 1/2
    assert worth(alignment.trained_overlap, L=1, lamda=2) == fmpq(1, 4)
    assert worth(alignment.overlap, L=1, lamda=2, sigma=0, d=4) == fmpq(1, 4)
    assert worth(centroids.noiseless_critical_strength, L=1) == fmpq(1, 2)


def test_a_displaced_head_returns():
    assert worth(alignment.noiseless_return, L=3, lamda=1) == -fmpq(16, 9)  # −4·(4/3)·(1 − 2/3)
