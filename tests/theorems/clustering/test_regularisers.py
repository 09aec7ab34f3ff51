"""Hand cases for clustering.regularisers: heads in a plane."""

from flint import arb, fmpq

from derivations.clustering import centroids
from derivations.clustering import regularisers as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value

PLANE = {"d": 2, "mu0": [[1], [0]], "mu1": [[0], [1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_centroids_are_excited_together_by_noise_alone():
    # E (1 + g)² h² = 2 for tokens of μ0, and of μ1, at σ = 1
    assert worth(theorem.penalty, u0=[[1], [0]], u1=[[0], [1]], sigma=1, **PLANE) == 2
    assert worth(theorem.penalty, u0=[[1], [0]], u1=[[0], [1]], sigma=0, **PLANE) == 0


def test_equal_heads_are_excited_by_a_fourth_moment():
    # (E (1 + g)⁴ + E g⁴)/2 = (1 + 6 + 3 + 3)/2
    assert worth(theorem.penalty, u0=[[1], [0]], u1=[[1], [0]], sigma=1, **PLANE) == fmpq(13, 2)


def test_halfway_between_the_centroids_noiseless_tokens_excite_both():
    turned = value(theorem.turned_penalty.formula, as_point(theorem.turned_penalty.formula, phi=1, sigma=0))
    assert turned.overlaps((arb(2).sin() / 2) ** 2)
    assert worth(theorem.rotation, rho=3) == 3


def test_the_penalty_may_be_as_strong_as_the_curvature_over_the_noise():
    letters = {"L": 2, "d": 4, "sigma": fmpq(1, 2), "lamda": fmpq(1, 4)}
    assert worth(theorem.critical_penalty, **letters) == 4 * worth(centroids.escape, **letters)
