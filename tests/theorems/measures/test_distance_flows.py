"""Hand cases for measures.distance_flows: unit weights, and clouds that are narrow or wide."""

from flint import arb, fmpq

from derivations.measures import distance_flows as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

UNIT = {"v": 1, "k": 1, "q": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_a_cloud_of_half_a_unit_grows_by_one_half():
    # the posterior of X given a query x with noise 1/2 is x/2: 2·(1/2)·(1/2)
    assert worth(theorem.velocity, variance=fmpq(1, 2), **UNIT).overlaps(arb(1) / 2)


def test_a_wide_cloud_grows_at_twice_the_pull_of_its_nearest_keys():
    # far out the nearest key to qx is X = qx/k
    assert worth(theorem.late_growth, v=3, k=2, q=5).overlaps(arb(15))


def test_doubling_takes_a_logarithm_and_a_difference_of_precisions():
    found = worth(theorem.depth, start=1, variance=2, **UNIT)
    assert found.overlaps(arb(2).log() / 2 + arb(1) / 8)
    assert worth(theorem.depth, start=1, variance=1, **UNIT).contains(0)
