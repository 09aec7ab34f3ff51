"""Hand cases for clustering.many_clusters: K clusters."""

from itertools import product

from flint import fmpq

from derivations.clustering import centroids
from derivations.clustering import many_clusters as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_cluster_is_met_by_every_token():
    # T(x) = λ (c m c) c = 2·12 at c = 2, m = 3, λ = 1
    assert worth(theorem.risk, d=1, K=1, L=4, lamda=1, C=[[2]], M=[[3]]) == (2 - 24) ** 2


def test_two_centroids_on_a_line_are_summed_by_hand():
    # K = L = 2, centroids 1 and 2, m = 1, λ = 1: T(x_1) = x_1 (x_1² + x_2²)
    errors = [(x - x * (x**2 + y**2)) ** 2 for x, y in product((1, 2), repeat=2)]
    assert worth(theorem.risk, d=1, K=2, L=2, lamda=1, C=[[1, 2]], M=[[1]]) == fmpq(sum(errors), 4)


def test_three_clusters_and_two_tokens():
    # the cluster of the first token is met once with chance 2/3 and twice with chance 1/3; Kλ/L = 3/2 at λ = 1
    once, twice = (1 - fmpq(3, 2)) ** 2, (1 - 3) ** 2
    assert worth(theorem.aligned_risk, K=3, L=2, lamda=1, alpha=1) == (2 * once + twice) / 3
    assert worth(theorem.critical_strength, K=3, L=2) == fmpq(8, 18)
    assert worth(theorem.overlap, K=3, L=2, lamda=1) == fmpq(8, 18)
    assert worth(theorem.escape, K=3, L=2, lamda=fmpq(8, 18)) == 0


def test_two_clusters_are_those_of_the_paper():
    for L in (1, 2, 6):
        both = worth(theorem.critical_strength, K=2, L=L), worth(centroids.noiseless_critical_strength, L=L)
        assert both[0] == both[1]
    letters = {"L": 6, "lamda": fmpq(1, 2)}
    assert worth(theorem.escape, K=2, **letters) == worth(centroids.escape, sigma=0, d=4, **letters)
