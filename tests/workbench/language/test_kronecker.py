"""Kronecker products and stacked columns: read, printed, evaluated and measured alike; events behind a bar."""

import numpy as np
import pytest
import sympy as sp

from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate, floats
from workbench.language.conditions import conditioned
from workbench.language.kronecker import Vec
from workbench.language.letters import matrix, size, vector
from workbench.language.operators import called
from workbench.language.printing import latex, text
from workbench.language.reading import read_formula

d = size("d")
A, B, a = matrix("A", d, d), matrix("B", d, d), vector("a", d)
LETTERS = {"A": A, "B": B, "a": a, "d": d}
FORMULAS = ["kron(A, B)", "A ⊗ B", "kron(A, B.T)*vec(A)", "vec(A*B)", "2*kron(a, a)", "tr(A ⊗ B)", "(A + B) ⊗ A.T"]


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_is_printed_reads_back(typed):
    read = read_formula(typed, LETTERS)
    assert read_formula(text(read), LETTERS) == read == read_formula(latex(read), LETTERS)


def test_columns_are_stacked_one_below_the_other():
    point = draw(letters_of(A), sizes={"d": 2})
    stacked, values = (floats(evaluate(each, point)) for each in (Vec(A), A))
    assert stacked.shape == (4, 1) and np.array_equal(stacked[:, 0], values.T.reshape(-1))
    assert read_formula("vec(a)", LETTERS) == a and Vec(A).shape == (d**2, 1)


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("A ∘ B", "had(A, B)"), ("A B ⊙ A C", "A had(B, A) C"), ("A' ⊗ B^-1", "kron(A', B^-1)"),
        ("diag(a) ∘ (A + B)", "had(diag(a), (A + B))"), ("A∘B∘C", "had(had(A, B), C)"), ("⊗ A", "⊗ A"),
        ("(a + z)_+ b", "relu((a + z)) b"),
    ],
)  # fmt: skip
def test_an_operator_takes_one_factor_on_either_side(typed, means):
    assert "".join(called(typed).split()) == "".join(means.split())


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("E[z|z>0]", "E[z, given(z>0)]"), ("E[|z| | |z| < 1]", "E[|z|, given(|z| < 1)]"), ("E|z|", "E|z|"),
        ("E[|z|] + P(u > 0 | v > 0)", "E[|z|] + P(u > 0, given(v > 0))"), ("E[||x|| y]", "E[||x|| y]"),
    ],
)  # fmt: skip
def test_a_condition_stands_behind_the_bar_that_closes_nothing(typed, means):
    assert conditioned(typed) == means


def test_the_trace_of_a_kronecker_product_is_a_product_of_traces():
    assert read_formula("tr(A ⊗ B)", LETTERS) == sp.Trace(A) * sp.Trace(B)
