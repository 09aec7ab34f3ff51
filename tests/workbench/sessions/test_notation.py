"""Notation of papers: each way to write something is read, judged right, and its wrong neighbour is corrected."""

import pytest
import sympy as sp

from workbench.errors import BadInput
from workbench.language.printing import text
from workbench.language.reading import read_formula
from workbench.sessions.answers import check
from workbench.sessions.equations import read_equation

NUMBERS = "a: real; b: real"
PAIRS = {  # right, wrong
    "Phi": ("E[Φ(a*z + b)] = Φ(b/sqrt(1 + a²))", "E[Φ(a*z + b)] = Φ(b/(1 + a²))"),
    "sigmoid": ("E[sigmoid(a*z)] == 1/2", "E[sigmoid(a*z)] == sigmoid(a)"),
    "gelu": ("E[gelu(g*z)] == g**2/sqrt(2*pi*(1 + g**2))", "E[gelu(g*z)] == g**2/sqrt(2*pi)"),
    "chance": ("P(u > 0, v > 0) = 1/4 + asin(rho)/(2π)", "P(u > 0, v > 0) = 1/4"),
    "brackets": ("E‖X‖² = N tr Σ", "E‖X‖² = tr Σ"),
    "inner": ("E⟨w, x⟩² = w'Σ w", "E⟨w, x⟩² = w'w"),
    "gradient": ("∇_W ½ E‖W x‖² = W Σ", "∇_W ½ E‖W x‖² = 2W Σ"),
    "sum": ("Var[sum(x)] = sum(Σ)", "Var[sum(x)] = tr Σ"),
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


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("P[relu(u) > 0] = 1/2", "supported"),
        ("P[relu(u) >= 0] = 1", "supported"),
        ("P[a'x - x'a > 0] = 1/2", "refuted"),
        ("P[b > 0] = q where b ~ Bernoulli(q)", "supported"),
        ("P[b > 0] = (1 + q)/2 where b ~ Bernoulli(q)", "refuted"),
        ("P[b = 0] = 1 - q where b ~ Bernoulli(q)", "supported"),
    ],
)
def test_a_chance_counts_ties_as_they_are_written(statement, status):
    answer = check(statement)
    assert answer.status == status, answer.reason


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("E[cross(x, x)] = 0", "'cross' is no function here"),
        ("E[u|v] = rho v", "after the bar of a conditional mean stand events"),
        ("E[u | v = 1] = rho", "has the chance zero"),
        ("Cov[u, v | v > 0] = 0", "may have a condition"),
        ("vec(2) = 1", "taken of a matrix"),
        ("E_x[x'y] = 0 where x, y ~ N(0, Sigma)", "x alone is random"),
        ("E[⟨x, A⟩] = 0", "of one shape"),
    ],
)
def test_what_is_not_read_is_refused_in_one_sentence(statement, sentence):
    with pytest.raises(BadInput, match=sentence):
        check(statement)


@pytest.mark.parametrize("typed", ["P(a'x >= b'x)", "P(a'x > 0, b'x > 0)"])
def test_an_event_is_printed_as_it_is_read(typed):
    left = read_equation(f"{typed} = 0").left
    letters = {letter.name: letter for letter in left.atoms(sp.MatrixSymbol)}
    assert "1{" in text(left) and read_formula(text(left), letters) == left


def test_phi_is_a_letter_where_it_is_not_called():
    assert check("E[Phi*X*X.T*Phi.T] == N*Phi*Sigma*Phi.T").status == "supported"


def test_an_exponential_without_a_mean_is_refused_in_a_true_sentence():
    with pytest.raises(BadInput, match="grows as fast as a Gaussian density falls, or faster"):
        check("E[exp(a*b)] = 1", "a, b ~ N(0, 1)")


def test_a_zero_that_is_derived_is_supported_though_its_samples_are_wide():
    assert check("E[Q] = 0", "Q ~ Haar(d)").status == "supported"


def test_numbers_declared_together_are_printed_by_their_names():
    answer = check("P(u > t) == 1 - Phi(t)")
    assert answer.symbol == "E[1{u - t > 0}]" and answer.status == "supported"
    assert r"\mathbf{1}\left\{u - t > 0\right\}" in answer.proof[0]["latex"]
    assert check("E[(u - v)**2*u**2] == 0").symbol in ("E[(u - v)**2*u**2]", "E[u**2*(u - v)**2]")
    indexed = check("E[x_1**2*x_2**2] == 1", "(x_1, x_2) ~ N(0, [[1, 0], [0, 1]])")
    assert indexed.symbol in ("E[x_1**2*x_2**2]", "E[x_2**2*x_1**2]")
