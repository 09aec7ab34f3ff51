"""Hand cases for emergence.memories: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import memories as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_layer_that_copies_half_and_recalls_one_of_two_classes():
    # (1 − ½ − ½)² and (1 − ½)², on average
    layer = {"u": 1, "v": fmpq(1, 2), "m": [[1], [0]], "w": [[fmpq(1, 2)], [1]]}
    assert worth(theorem.loss, K=2, a=1, rho=1, **layer) == fmpq(1, 8)


def test_a_copy_that_says_all_leaves_nothing_to_learn():
    assert not worth(theorem.lessons, K=1, a=1, rho=1, u=1, v=1, m=[[0]], w=[[1]]).any()


def test_both_stop_where_all_is_said():
    half = fmpq(1, 2)
    assert worth(theorem.copying, K=3, a=1, rho=2, g=half, h=half) == 0
    assert worth(theorem.recalling, K=3, a=1, rho=2, g=half, h=half) == 0
