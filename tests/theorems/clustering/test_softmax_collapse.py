"""Hand cases for clustering.softmax_collapse."""

from flint import arb, fmpq

from derivations.clustering import softmax_collapse as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value


def worth(claim, **letters):
    """The closed form of a claim at these letters, in the sharpest arithmetic that can express it."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_tight_clusters_vote_by_the_hyperbolic_tangent():
    (output,) = worth(theorem.output, d=1, m=[[2]], Sigma=[[0]], z=[[3]], tau=6).reshape(-1)
    assert output.overlaps(2 * arb(1).tanh())


def test_merged_clusters_are_one_gaussian():
    assert evaluate(theorem.stretch.formula, as_point(theorem.stretch.formula, s=0, gamma=3, tau=2)) == fmpq(9, 2)
    output = worth(theorem.output, d=2, m=[[0], [0]], Sigma=[[2, 1], [1, 3]], z=[[1], [1]], tau=1)
    assert [entry.overlaps(arb(exact)) for entry, exact in zip(output.reshape(-1), (3, 4))] == [True, True]


def test_tight_clusters_collapse_at_the_papers_threshold():
    # λ = |m|/√τ = 1, i.e. τ = s²
    assert worth(theorem.critical_temperature, s=3, gamma=0) == 9
    assert worth(theorem.critical_separation, tau=9, gamma=0) == 3


def test_agreement_does_not_change_at_the_middle():
    letters = {"d": 2, "m": [[1], [2]], "Sigma": [[2, 1], [1, 3]], "z": [[0], [0]], "tau": 1}
    assert all(
        entry.contains(0) if isinstance(entry, arb) else entry == 0
        for entry in worth(theorem.agreement_gradient, **letters).reshape(-1)
    )
