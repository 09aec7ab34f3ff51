"""Letters as indices: statements about every i and j, and sums over pairs of columns."""

import pytest

from workbench.errors import BadInput
from workbench.sessions.answers import check

WICK = "Sigma_ij Sigma_kl + Sigma_ik Sigma_jl"
KEY = r"\mathbb{E}[\sum_{i=1}^N e^{q^\top x_i} x_i]"


@pytest.mark.parametrize(
    "statement, where, status",
    [
        (r"\mathbb{E}[x_i x_j] = \Sigma_{ij}", "", "supported"),
        (r"\mathbb{E}[x_i^2 x_j^2] = \Sigma_{ii}\Sigma_{jj} + 2\Sigma_{ij}^2", "", "supported"),
        (r"\mathbb{E}[x_i^2 x_j^2] = \Sigma_{ii}\Sigma_{jj} + \Sigma_{ij}^2", "", "refuted"),
        (f"E[x_i x_j x_k x_l] = {WICK} + Sigma_il Sigma_jk", "", "supported"),
        (f"E[x_i x_j x_k x_l] = {WICK}", "", "refuted"),
        (r"\mathbb{E}[(XX^\top)_{ij}] = N \Sigma_{ij}", "", "supported"),
        ("E[z_i z_j] = 0", "z: d ~ N(0, I)", "refuted"),
        ("E[z_i z_j] = 0", "z: d ~ N(0, I); i ≠ j", "supported"),
        (r"\mathbb{E}[\|x_i - x_j\|^2] = 2\operatorname{tr}\Sigma \text{ for } i \neq j", "", "supported"),
        (r"\mathbb{E}[\|x_i - x_j\|^2] = \operatorname{tr}\Sigma \text{ for } i \neq j", "", "refuted"),
    ],
)
def test_a_statement_with_letters_for_indices_is_about_every_place(statement, where, status):
    assert check(statement, where).status == status


def test_the_link_that_fails_is_the_one_where_indices_coincide():
    assert "z_1 * z_1" in check("E[z_i z_j] = 0", "z: d ~ N(0, I)").reason


@pytest.mark.parametrize(
    "statement",
    ["E[x_i x_1] = Sigma_i1", "E[u_i] = 0 where u ~ N(0, [[1, 0], [0, 2]])", "E[x_i x_j] = A_ij where A = kron(B, C)"],
)
def test_where_places_differ_numbers_are_asked_for(statement):
    with pytest.raises(BadInput, match="write numbers"):
        check(statement)


@pytest.mark.parametrize(
    "statement, status",
    [
        (r"\mathbb{E}[\sum_{i\neq j} (x_i^\top x_j)^2] = N(N-1)\operatorname{tr}(\Sigma^2)", "supported"),
        (r"\mathbb{E}[\sum_{i\neq j} (x_i^\top x_j)^2] = N^2\operatorname{tr}(\Sigma^2)", "refuted"),
        (r"\mathbb{E}[\sum_{i<j} (x_i^\top x_j)^2] = \binom{N}{2}\operatorname{tr}(\Sigma^2)", "supported"),
        (r"\mathbb{E}[\sum_{i,j} x_i^\top x_j] = N \operatorname{tr}\Sigma", "supported"),
        (rf"{KEY} = N e^{{q^\top \Sigma q/2}} \Sigma q", "supported"),
        (rf"{KEY} = N e^{{q^\top \Sigma q/2}} q", "refuted"),
    ],
)
def test_a_mean_of_a_sum_over_independent_columns_is_read(statement, status):
    assert check(statement, "q: d").status == status


@pytest.mark.parametrize(
    "statement",
    [
        "E[(sum_i exp(q.T*x_i))**2] = N",
        "E[norm(X)**2*sum_i exp(q.T*x_i)] = N",
        "E[sum_i exp(q.T*x_i) * sum_j exp(q.T*x_j)] = N",
        r"\sum_{i \neq j} a_i^\top a_j = N",
    ],
)
def test_a_sum_in_which_the_mean_is_not_linear_is_refused(statement):
    with pytest.raises(BadInput, match="a sum over"):
        check(statement, "q: d; A: d×N")


def test_columns_that_depend_on_each_other_are_no_copies_of_one():
    with pytest.raises(BadInput, match="independent columns"):
        check("E[sum_i exp(q.T*x_i)] = N", "q: d; X: d×N ~ N(0, Sigma, K)")
