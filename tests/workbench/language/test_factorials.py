"""Factorials, numbers of choices and correlations, as they are typed."""

import pytest

from workbench.errors import BadInput
from workbench.sessions.answers import check


@pytest.mark.parametrize(
    "statement, status",
    [
        (r"\mathbb{E}[z^{6}] = \frac{6!}{2^3 3!}", "supported"),
        ("E[z**4] = 4!/(2**2*2!)", "supported"),
        ("E[z**4] = 4!/2!", "refuted"),
        (r"\binom{N}{2} = \frac{N(N-1)}{2}", "supported"),
        (r"{N \choose 2} = \frac{N(N+1)}{2}", "refuted"),
        ("(N + 1)! = (N + 1)*N!", "supported"),
        ("Corr(u**2, v**2) = rho**2", "supported"),
        (r"\operatorname{Corr}(u, v) = \rho^2", "refuted"),
        ("Var z = 1", "supported"),
        (r"\mathrm{Var}\, z = 2", "refuted"),
    ],
)
def test_what_papers_count_with_is_read(statement, status):
    assert check(statement).status == status


@pytest.mark.parametrize("statement", ["n!! == 1", r"\frac{n!!}{2} = 1"])
def test_a_double_factorial_is_not_taken_for_a_factorial_of_a_factorial(statement):
    with pytest.raises(BadInput, match="double factorial"):
        check(statement, "n: count")
