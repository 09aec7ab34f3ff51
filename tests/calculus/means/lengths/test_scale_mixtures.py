"""Student and elliptical letters of several columns: the rule against brute force, and what is not determined."""

import pytest
import sympy as sp

from workbench.calculus import expect
from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import UnknownLaw
from workbench.calculus.rules import check_line, expectation
from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, matrix, positive, size, spd, tr, vector
from workbench.language.students import elliptical, student
from workbench.sessions.answers import check

d, N, nu, more = size("d"), count("N"), count("nu"), positive("more")
S, A, B, M, ones = spd("S", d), matrix("A", d, d), matrix("B", N, N), matrix("M", d, N), sp.OneMatrix(N, 1)
LETTERS = {
    "Student": student("X", d, nu, columns=N, scale=S),
    "Student with a mean": student("X", d, nu, columns=N, mean=M, scale=S),
    "elliptical": elliptical("X", d, 1 + more, columns=N, scale=S),
}
WORDS = {
    "covariance": lambda X: X * B * X.T,
    "what one layer reads": lambda X: X * X.T * A * X * X.T,
    "tokens mixed": lambda X: tr(X * B * X.T * A) ** 2,
    "the mean token": lambda X: X * ones * ones.T * X.T * A * X * ones,
}


def graded(before, after, name):
    """What the re-check says at two columns of two rows."""
    return check_line(expectation, before, after, draw(letters_of(before, after), name, {"d": 2, "N": 2, "nu": 9}), {})


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("law", LETTERS)
def test_a_polynomial_has_the_mean_over_lengths_and_noise(law, word):
    inside = WORDS[word](LETTERS[law])
    assert graded(E(inside), expect(E(inside)), f"{law} {word}") == "proved"


@pytest.mark.parametrize("law", ["Student", "elliptical"])
def test_columns_are_no_gaussian_ones_of_the_same_covariance(law):
    X, Z = LETTERS[law], gaussian("X", d, N, cov=S)
    scale = nu / (nu - 2) if law == "Student" else 1
    fourth = WORDS["what one layer reads"]
    assert graded(E(X * X.T), expect(E(scale * Z * Z.T)), law) == "proved"
    with pytest.raises(Refuted):
        graded(E(fourth(X)), expect(E(scale**2 * fourth(Z))), law)


def test_a_kurtosis_of_one_gives_the_gaussian_moments():
    X, Z = elliptical("X", d, 1, columns=N, scale=S), gaussian("X", d, N, cov=S)
    fourth = WORDS["what one layer reads"]
    assert graded(E(fourth(X)), expect(E(fourth(Z))), "one") == "proved"


@pytest.mark.parametrize(
    "mean",
    ["(x.T*A*x)**3", "relu(w.T*x)", "exp(w.T*x)", "1/(x.T*x)", "abs(w.T*x)", "sqrt(x.T*x)", "had(x, x).T*x*x.T*x",
     "inv(I(d) + x*x.T)", "(w.T*x)**5"],
)  # fmt: skip
def test_what_a_kurtosis_does_not_determine_is_refused_in_a_sentence(mean):
    with pytest.raises(BadInput, match=r"not determined|does not exist"):
        check(f"E[{mean}] == 1", "x: d ~ Elliptical(kappa, Sigma); w: d")


def test_the_rule_refuses_a_sixth_moment_of_an_elliptical_column():
    x = elliptical("x", d, 2)
    with pytest.raises(UnknownLaw, match="not determined by its covariance and its kurtosis"):
        expect(E(tr(vector("w", d).T * x) ** 6))


def test_one_layer_that_reads_elliptical_tokens_is_judged_from_one_line():
    left, where = "E[X X' A X X']", "X: d×N ~ Elliptical(kappa, Sigma)"
    right = "N*kappa*(tr(A Sigma)*Sigma + Sigma*A'*Sigma) + N*(N - 1 + kappa)*Sigma*A*Sigma"
    answer = check(f"{left} = {right}", where)
    assert answer.status == "supported" and "kappa >= 1" in answer.where
    wrong = check(f"{left} = N*(tr(A Sigma)*Sigma + Sigma*A'*Sigma + N*Sigma*A*Sigma)", where)
    assert wrong.status == "refuted" and wrong.correction["found"] == "by the derivation"


def test_a_kurtosis_below_that_of_a_gaussian_is_refused():
    with pytest.raises(ValueError, match="below 1"):
        elliptical("x", d, sp.Rational(1, 2))
    with pytest.raises(BadInput, match=r"exists for|kappa >= 1"):
        check("E[(x.T*x)**2] == kappa*d*(d + 2)", "x: d ~ Elliptical(kappa, I); kappa < 1")
