"""Sums over an index: they are the products of matrices that they stand for, or are asked about."""

import numpy as np
import pytest
import sympy as sp

from workbench.errors import BadInput
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import value
from workbench.language import letters as L
from workbench.language.index_sums import contracted
from workbench.language.reading import read_formula
from workbench.sessions.answers import check

d, N = L.size("d"), L.count("N")
LETTERS = {"X": L.matrix("X", d, N), "a": L.vector("a", d), "b": L.vector("b", d), "A": L.matrix("A", d, d)}


@pytest.mark.parametrize(
    "term",
    ["x_k*x_k.T", "x_k.T*A*x_k", "(a.T*x_k)*(b.T*x_k)", "(a.T*x_k)**2", "(a.T*x_k)*x_k", "A*x_k*x_k.T*A - b*a.T",
     "2*norm(x_k)**2 + 3", "a*x_k.T"],
)  # fmt: skip
def test_a_sum_over_columns_is_the_sum_of_its_terms(term):
    formula = read_formula(f"sum({term}, k)", LETTERS)
    columns = [LETTERS["X"] * L.coordinate(k, N) for k in range(4)]
    terms = [read_formula(term, {**LETTERS, "x_k": column}) for column in columns]
    point = draw(letters_of(formula, *terms), "seed", {"d": 2, "N": 4})
    added = sum((value(each, point) for each in terms[1:]), value(terms[0], point))
    assert np.array_equal(np.ravel(value(formula, point)), np.ravel(added))  # a number may be 1×1


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("E[sum_k x_k x_k'] = N Sigma", "supported"),
        ("E[sum_k x_k x_k'] = Sigma", "refuted"),
        ("E[(1/N) ∑_k x_k x_kᵀ] = Σ", "supported"),
        (r"E[\sum_{k=1}^N x_k x_k^\top] = N \Sigma", "supported"),
        ("E[sum_{k=1}^N x_k x_k'] = N Sigma", "supported"),
        ("E[sum_i x_i^2] = tr Sigma", "supported"),
        ("E[(sum_k x_k x_k')^2] = N(N+1) Σ^2 + N tr(Σ) Σ", "supported"),
        ("sum_k E[x_k x_k'] = N Sigma", "supported"),
    ],
)
def test_statements_with_sums_are_judged(statement, status):
    assert check(statement).status == status


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("E[sum_k x_k] = 0", "a column of X, or an entry of x"),
        ("sum_k x_k x_k' A x_k = 0", "where its terms are"),
        ("E[sum_k y_k x_k'] = 0 where y: N ~ N(0, I)", "both letters are there"),
        ("E[sum_{k=1}^d x_k x_k'] = N Sigma", "other numbers of columns"),
    ],
)
def test_what_a_sum_could_mean_in_two_ways_is_asked_about(statement, sentence):
    with pytest.raises(BadInput, match=sentence):
        check(statement)


def test_a_term_without_the_index_is_counted():
    place = L.vector("place", N)
    assert contracted(sp.S(3), place) == 3 * N


def test_a_letter_that_is_called_so_is_no_column():
    letters = {"k": L.count("k"), "n": L.count("n"), "c_k": L.scalar("c_k")}
    assert read_formula("sum(c_k*k, k, 1, n)", letters) == sp.Sum(
        letters["c_k"] * letters["k"], (letters["k"], 1, letters["n"])
    )
