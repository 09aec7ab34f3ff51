"""Hand cases for measures.bare_layers: clouds on a line, and in the plane by hand."""

from flint import fmpq

from derivations.measures import bare_layers as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_on_a_line_a_layer_cubes_the_variance():
    # x ← v σ a x: v²a²σ³ = 25·4·27
    assert worth(theorem.covariance, d=1, Sigma=[[3]], A=[[2]], V=[[5]]) == [[2700]]


def test_scores_that_swap_the_axes_swap_the_variances_they_read():
    # ΣA = [[0, 2], [3, 0]]: the token (x, y) becomes (2y, 3x), whose variances are 4·3 and 9·2
    swap, white = [[0, 1], [1, 0]], [[1, 0], [0, 1]]
    assert worth(theorem.covariance, d=2, Sigma=[[2, 0], [0, 3]], A=swap, V=white) == [[12, 0], [0, 18]]


def test_a_cloud_of_critical_variance_stays():
    assert worth(theorem.critical_variance, v=4, a=fmpq(1, 2)) == fmpq(1, 2)
    assert worth(theorem.covariance, d=1, Sigma=[[fmpq(1, 2)]], A=[[fmpq(1, 2)]], V=[[4]]) == [[fmpq(1, 2)]]


def test_two_layers_make_a_ninth_power():
    assert worth(theorem.collapse, T=2, start=fmpq(1, 5)) == fmpq(9, 5)


def test_on_a_line_the_logarithm_of_the_variance_grows_by_twice_the_variance():
    assert worth(theorem.rank_conservation, d=1, Sigma=[[3]], A=[[2]], V=[[5]]) == 60
