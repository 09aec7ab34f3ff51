"""Hand cases for clustering.alignment and clustering.centroids."""

from flint import fmpq

from derivations.clustering import alignment, centroids
from workbench.values import as_point, evaluate


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


def test_the_overlap_reaches_one_where_the_centroids_lose_their_stability():
    for L, d, sigma in ((2, 4, fmpq(1, 2)), (5, 7, 1), (9, 4, fmpq(1, 3))):
        critical = worth(centroids.critical_strength, L=L, d=d, sigma=sigma)
        assert worth(alignment.overlap, L=L, d=d, sigma=sigma, lamda=critical) == 1
        assert worth(centroids.escape, L=L, d=d, sigma=sigma, lamda=critical) == 0
        assert worth(centroids.escape, L=L, d=d, sigma=sigma, lamda=critical / 2) > 0
        assert worth(centroids.escape, L=L, d=d, sigma=sigma, lamda=critical * 2) < 0


def test_curvatures_among_noiseless_tokens_are_those_of_a_polynomial():
    # L = 6, λ = 1/2: off the plane (2λ/L)(L+1 − λ(L+3)) = 5/12, shear 4λ²(L−1)/L = 5/6
    assert worth(centroids.escape, L=6, lamda=fmpq(1, 2), sigma=0, d=4) == fmpq(5, 12)
    assert worth(centroids.shear, L=6, lamda=fmpq(1, 2), sigma=0, d=4) == fmpq(5, 6)


def test_a_single_token_is_not_sheared_without_noise():
    assert worth(centroids.shear, L=1, lamda=1, sigma=0, d=4) == 0  # no other token, no confusion


def test_long_prompts_approach_the_endless_threshold():
    gaps = []
    for L in (10**3, 10**4):
        finite = worth(centroids.critical_strength, L=L, d=4, sigma=fmpq(1, 2))
        gaps.append(abs(finite - worth(centroids.endless_critical_strength, sigma=fmpq(1, 2))))
    assert gaps[1] < gaps[0] / 9


def test_a_displaced_head_returns():
    assert worth(alignment.noiseless_return, L=3, lamda=1) == -fmpq(16, 9)  # −4·(4/3)·(1 − 2/3)
