"""Hand cases for emergence.courses: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import courses as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_token_in_one_dimension_is_let_through_by_a_third():
    # c = 1 + 2/1, and g* = 1/c
    assert worth(theorem.knowledge, d=1, N=1, lamda=1) == fmpq(1, 3)


def test_a_head_that_knows_its_skill_no_longer_learns():
    # 3uv = 1 at u = 1, v = 1/3
    assert not worth(theorem.training, d=1, N=1, lamda=1, p=1, u=1, v=fmpq(1, 3)).any()


def test_with_one_token_in_one_dimension_answers_correlate_by_a_third():
    # y = wx and ŷ = g w x₁² x: E x₁² = 1 and E x₁⁴ = 3
    assert worth(theorem.correlation, d=1, N=1) == fmpq(1, 3)
