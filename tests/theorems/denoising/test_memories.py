"""Hand cases for denoising.memories: energies on a line."""

from flint import arb, fmpq

from derivations.denoising import memories as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_points_pull_by_the_hyperbolic_tangent():
    letters = {"d": 1, "m": [[2]], "Gamma": [[0]], "z": [[1]], "alpha": 4, "beta": 3}
    (slope,) = value(theorem.energy_slope.formula, as_point(theorem.energy_slope.formula, **letters)).reshape(-1)
    assert slope.overlaps(arb(1) / 4 - 2 * arb(6).tanh())


def test_one_gaussian_is_a_parabola():
    letters = {"d": 1, "m": [[0]], "Gamma": [[2]], "z": [[3]], "alpha": 1, "beta": fmpq(1, 4)}
    (slope,) = value(theorem.energy_slope.formula, as_point(theorem.energy_slope.formula, **letters)).reshape(-1)
    assert slope.overlaps(arb(3) / 2)  # (1 − 2/4)·3


def test_clusters_are_stored_in_a_window():
    assert worth(theorem.middle_curvature, alpha=1, beta=1, gamma=1, s=2) == -4
    assert worth(theorem.storing, alpha=2, gamma=1, s=2) == fmpq(1, 10)
    assert worth(theorem.runaway, alpha=2, gamma=1) == fmpq(1, 2)
    assert worth(theorem.storing, alpha=2, gamma=1, s=0) == worth(theorem.runaway, alpha=2, gamma=1)
