"""Hand cases for clustering.centroids: when heads stay on them."""

from flint import fmpq

from derivations.clustering import alignment, centroids
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


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
