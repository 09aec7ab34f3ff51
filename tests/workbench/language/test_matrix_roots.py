"""Roots of positive definite letters, as they are typed."""

import pytest

from workbench.errors import BadInput
from workbench.sessions.answers import check

WHITENED = r"\mathbb{E}[\Sigma^{-1/2} x x^\top \Sigma^{-1/2}]"


@pytest.mark.parametrize(
    "statement, where, status",
    [
        (f"{WHITENED} = I", r"x \sim N(0, \Sigma)", "supported"),
        (rf"{WHITENED} = \Sigma", r"x \sim N(0, \Sigma)", "refuted"),
        ("E[C**(1/2)*z*z.T*C**(1/2)] == C", "C: spd d; z: d ~ N(0, I)", "supported"),
        ("E[x*x.T] == Sigma**3", "x = Sigma^(3/2) z; z: d ~ N(0, I)", "supported"),
        ("E[x*x.T] == Sigma", "x = Sigma^(3/2) z; z: d ~ N(0, I)", "refuted"),
    ],
)
def test_the_root_of_a_covariance_is_read(statement, where, status):
    assert check(statement, where).status == status


def test_a_statement_says_of_which_letter_the_covariance_is_the_square():
    assert "Sigma = Sigma_root**2" in check(f"{WHITENED} = I", r"x \sim N(0, \Sigma)").where.replace("  ", " ")


def test_the_root_of_a_matrix_that_need_not_have_one_is_refused():
    with pytest.raises(BadInput, match="declare A: spd d"):
        check("A**(1/2)*A**(1/2) == A", "A: d×d")
