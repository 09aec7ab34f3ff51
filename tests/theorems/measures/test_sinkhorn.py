"""Hand cases for measures.sinkhorn: βσ = 2/3, where the gain is one half."""

from flint import arb, fmpq

from derivations.measures import sinkhorn as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def ball(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_a_cloud_of_two_thirds_is_returned_by_half():
    # 1 + 4·4/9 = 25/9; p = 2 solves (2/3)(p² − 1) = p
    assert ball(theorem.gain, beta=1, variance=fmpq(2, 3)).overlaps(arb(1) / 2)
    assert ball(theorem.velocity, beta=1, v=3, variance=fmpq(2, 3)).overlaps(arb(2))


def test_a_narrow_cloud_is_read_as_by_softmax():
    assert ball(theorem.gain, beta=2, variance=fmpq(1, 10**6)).overlaps(arb("2e-6 +/- 1e-16"))


def test_no_depth_where_nothing_grows_and_a_logarithm_where_it_does():
    assert ball(theorem.depth, v=1, g=fmpq(1, 2), start=fmpq(1, 2)).overlaps(arb(0))
    # (3 − 2)/2 + ½ ln 3 − ½ ln 2 from one third to one half
    assert ball(theorem.depth, v=1, g=fmpq(1, 2), start=fmpq(1, 3)).overlaps((1 + arb(3).log() - arb(2).log()) / 2)


def test_the_last_bit_of_gain_takes_for_ever():
    nearly = ball(theorem.depth, v=1, g=1 - fmpq(1, 10**12), start=fmpq(1, 2))
    assert nearly > 14 and ball(theorem.late_growth, v=1) == 2
