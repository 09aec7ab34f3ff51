"""Hand cases for emergence.shared_heads: what one can do on paper, compared exactly."""

from derivations.emergence import shared_heads as theorem
from workbench.exact.values import as_point, evaluate

ONE = {"K": 1, "N": 2, "lamda": 1, "p": [[1]], "rules": [[1]]}  # c = 1 + 2/2


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_head_that_says_nothing_loses_the_variance_of_the_answer():
    assert worth(theorem.shared_loss, **ONE, v=0, u=[[1]]) == 1


def test_one_skill_is_a_parabola_in_the_gain():
    # 1 − 2vu + 2(vu)² at vu = 1
    assert worth(theorem.shared_loss, **ONE, v=1, u=[[1]]) == 1


def test_a_blind_head_learns_nothing_through_its_keys():
    assert not worth(theorem.key_gradient, **ONE, v=0, u=[[1]]).any()
