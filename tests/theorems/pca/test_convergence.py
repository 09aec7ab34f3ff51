"""Hand cases for pca.convergence: one and two axes, by hand."""

from flint import fmpq

from derivations.pca import convergence as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_on_two_axes_the_logarithms_part_by_the_difference_of_the_slopes():
    # λ = 1, σ = (2, 1), μ = (1, 1): a = 3, b = 5, so −∇R = 4(4, 1) − 2(3·4 + 5·2, 3·1 + 5·1) = (−28, −12);
    # the logarithms move by −28 and −12, and −28/4 + 12 = 5, which is 2·5·(1 − 1/2); the third axis is empty
    assert worth(theorem.parting, lamda=1, first=2, second=1, third=1, r=1, s=1, t=0) == 5


def test_axes_of_one_variance_do_not_part():
    assert worth(theorem.parting, lamda=1, first=3, second=3, third=1, r=2, s=1, t=5) == 0


def test_of_two_axes_the_smaller_variance_is_lost():
    Sigma = [[3, 0], [0, fmpq(1, 2)]]
    assert worth(theorem.almost_every_start, d=2, Sigma=Sigma, sigma_1=3) == fmpq(1, 2)
