"""Hand cases for clustering.noisy_clusters: one cluster, two, and tokens without noise."""

from flint import arb, fmpq

from derivations.clustering import centroids
from derivations.clustering import noisy_clusters as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_clusters_are_those_of_the_other_theorem():
    noise = fmpq(1, 3)
    endless = worth(centroids.endless_critical_strength, sigma=noise)
    assert worth(theorem.critical_strength, K=2, sigma=noise) == endless == fmpq(13 * 9, 11 * 12)


def test_without_noise_heads_leave_at_strength_one():
    assert worth(theorem.escape, K=5, sigma=0, lamda=1) == 0
    assert worth(theorem.critical_strength, K=5, sigma=0) == 1


def test_one_cluster_on_a_line_of_noise():
    # a = 1 + σ² = 2 along, 1 across: 2(a + 1)/(a(2a + 1)) = 6/10
    assert worth(theorem.critical_strength, K=1, sigma=1) == fmpq(3, 5)
    assert worth(theorem.margin, K=1, sigma=1) == fmpq(6, 5)


def test_strength_and_noise_undo_each_other():
    back = evaluate(
        theorem.critical_noise.formula, as_point(theorem.critical_noise.formula, K=1, lamda=fmpq(3, 5)), Balls()
    )
    assert arb(back).overlaps(arb(1))


def test_the_second_moment_of_two_axes():
    moment = worth(theorem.second_moment, d=2, K=2, sigma=1, C=[[1, 0], [0, 1]])
    assert moment.tolist() == [[fmpq(3, 2), 0], [0, fmpq(3, 2)]]
