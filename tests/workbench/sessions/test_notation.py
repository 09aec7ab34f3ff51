"""Notation of papers: each way to write something is read, judged right, and its wrong neighbour is corrected."""

import pytest

from workbench.sessions.answers import check

NUMBERS = "a: real; b: real"
PAIRS = {  # right, wrong
    "Phi": ("E[Φ(a*z + b)] = Φ(b/sqrt(1 + a²))", "E[Φ(a*z + b)] = Φ(b/(1 + a²))"),
    "sigmoid": ("E[sigmoid(a*z)] == 1/2", "E[sigmoid(a*z)] == sigmoid(a)"),
    "gelu": ("E[gelu(g*z)] == g**2/sqrt(2*pi*(1 + g**2))", "E[gelu(g*z)] == g**2/sqrt(2*pi)"),
}


@pytest.mark.parametrize("name", PAIRS)
def test_what_papers_write_is_supported_and_its_wrong_neighbour_corrected(name):
    right, wrong = (check(statement, NUMBERS) for statement in PAIRS[name])
    assert right.status == "supported", right.reason
    assert wrong.status == "refuted" and wrong.witness and wrong.correction


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("E[softplus(z) - softplus(-z)] == 0", "supported"),
        ("E[softplus(z)] == 4/5", "refuted"),
        ("E[sigmoid(z + 1)] == sigmoid(1)", "refuted"),
    ],
)
def test_what_no_rule_averages_is_enclosed_by_quadrature(statement, status):
    answer = check(statement)
    assert answer.status == status and "brute force" in answer.compared


def test_phi_is_a_letter_where_it_is_not_called():
    assert check("E[Phi*X*X.T*Phi.T] == N*Phi*Sigma*Phi.T").status == "supported"
