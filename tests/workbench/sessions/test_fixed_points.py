"""Numbers that a typed line names by the equations they solve: t = f(t)."""

import pytest

from workbench.errors import BadInput
from workbench.sessions.answers import check
from workbench.sessions.declarations import declared

RIDGE = "lim[d/N → c](g*E[tr(Sigma*inv(X*X.T/N + g*I(d)))]/d)"
FELT = "X ~ N(0, Sigma); k = g + k*tr(Sigma*inv(Sigma + k*I(d)))/N"  # the ridge that is felt


def test_ridge_regression_with_any_covariance_is_stated_by_its_fixed_point():
    answer = check(f"{RIDGE} == k*tr(Sigma*inv(Sigma + k*I(d)))/d", FELT)
    assert answer.status == "supported"
    assert "the iteration from 0 comes to rest" in answer.where


def test_the_ridge_that_was_typed_for_the_one_that_is_felt_is_refuted():
    answer = check(f"{RIDGE} == g*tr(Sigma*inv(Sigma + g*I(d)))/d", "X ~ N(0, Sigma)")
    assert answer.status == "refuted" and answer.correction["found"] == "by the derivation"


def test_the_limit_that_is_printed_is_read_back():
    """Examples that are correlated along the prompt, X of columns with covariance R between them."""
    left = "lim[d/N → c](E[tr(inv(X*X.T/N + g*I(d)))]/d)"
    right = "N/(t + N*g), where t = (t + N*g)*tr(R*inv(((t + N*g)/d)*I(N) + R))/d"
    assert check(f"{left} == {right}", "X: d×N ~ N(0, I, R); R: spd N").status == "supported"


def test_equations_that_speak_of_each_other_name_numbers_together():
    assert check("E[z**2] == s + t", "s = 1/4 + t/2; t = 1/4 + s/2").status == "supported"
    assert check("E[z**2] == s + t", "s = 1/4 + t/2; t = 1/4 + s/3").status == "refuted"


def test_the_smaller_of_two_fixed_points_is_meant():
    assert check("E[z**2] == k", "k = 1/8 + k**2").status == "refuted"
    assert check("E[z**2]*(1/2 - sqrt(1/8)) == k", "k = 1/8 + k**2").status == "supported"
    assert check("E[z**2]*(1/2 + sqrt(1/8)) == k", "k = 1/8 + k**2").status == "refuted"


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("k = k", "comes to rest nowhere"),
        ("k = -k", "comes to rest nowhere"),
        ("k = 1 + 2*k", "comes to rest nowhere"),
        ("k = 1 + k*z; z ~ N(0, 1)", "is random"),
        ("K = K*A; A: d×d", "a number is needed"),
    ],
    ids=str,
)
def test_equations_that_name_no_number_are_refused_in_one_sentence(where, said):
    with pytest.raises(BadInput, match=said):
        declared([where])


def test_the_letters_of_a_definition_are_told_as_well():
    """The risk at a query of another law than the prompt's, once inside the other: M, k and f are defined."""
    where = "M = g*inv(X*X.T/N + g*I(d)); k = g + k*tr(Sigma*inv(Sigma + k*I(d)))/N; X ~ N(0, Sigma)"
    share = "f = tr(Sigma**2*inv((Sigma + k*I(d))**2))/N"
    risk = "k**2*tr(Sigma*inv((Sigma + k*I(d))**2))/d/(1 - f)"
    answer = check(f"lim[d/N → c](E[tr(Sigma*M*M)]/d) == {risk}", f"{where}; {share}")
    assert answer.status == "supported"
    assert all(each in answer.where for each in ("X ~ N(0, Sigma)", "N: count", "g: positive", "f = tr("))
