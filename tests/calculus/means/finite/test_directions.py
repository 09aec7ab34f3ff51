"""Independent directions: sums over points of a sphere, for every number of points and every dimension."""

import pytest
from sympy import OneMatrix

from workbench.calculus import expect
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian, sphere
from workbench.language.letters import count, dot, matrix, size, tr, vector

d, N = size("d"), count("N")
A, w = matrix("A", d, d), vector("w", d)
X, one = sphere("X", d, N), OneMatrix(N, 1)
z = gaussian("z", d)


@pytest.mark.parametrize("line", [
    X * X.T * A * X * X.T,
    tr(X * X.T * A) ** 2,
    dot(w, X * one) ** 2,
    X * one * one.T * X.T,
    dot(z, X * X.T * w) ** 2,
    tr((X * X.T) ** 3),
])  # fmt: skip
def test_a_mean_over_points_of_a_sphere_agrees_with_brute_force(line):
    found = expect(E(line))
    for sizes in ({"d": 2, "N": 3}, {"d": 3, "N": 2}):
        there = draw(letters_of(E(line), found), "directions", sizes)
        assert check_line(expectation, E(line), found, there, {}) == "proved"


def test_one_column_more_or_less_is_a_direction():
    assert type(sphere("u", d)).__name__ == "Haar" and X.shape == (d, N)


@pytest.mark.parametrize(("line", "problem"), [
    (tr((X * X.T) ** 5), DegreeTooHigh), (tr(X.T * A * X * matrix("C", N, N)), NotPolynomial),
])  # fmt: skip
def test_what_meets_single_columns_or_too_many_of_them_is_refused(line, problem):
    with pytest.raises(problem):
        expect(E(line))
