"""Engines: products of independent Wishart matrices are averaged one after the other, of any degree."""

from math import prod

import pytest

from workbench.calculus import expect
from workbench.calculus.rules import check_line, expectation
from workbench.exact.instances import draw, letters_of
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, size, spd, symmetric, tr

d, N, M = size("d"), count("N"), count("M")
Sigma, Lambda, A = spd("Sigma", d), spd("Lambda", d), symmetric("A", d)
Z, Y = gaussian("Z", d, N), gaussian("Y", d, M)
X, U, x = gaussian("X", d, N, cov=Sigma), gaussian("U", d, M, cov=Lambda), gaussian("x", d, cov=Sigma)


def test_sixteen_factors_of_two_wishart_matrices_of_one_number_each_are_moments_of_that_number():
    mean = expect(E(tr((Z * Z.T * Y * Y.T) ** 16)))
    assert mean.subs({d: 1, N: 1, M: 1}) == prod(range(1, 32, 2)) ** 2


@pytest.mark.parametrize("line", [
    tr((X * X.T * U * U.T) ** 2),
    tr(X * X.T * U * U.T) ** 2,
    tr(X * X.T * A * U * U.T * A * X * X.T),
    tr(X * X.T * U * U.T) * tr(A * U * U.T),
    dot(x, U * U.T * x) ** 2,
    tr(A * X * X.T * U * U.T * X * X.T),
])  # fmt: skip
def test_a_product_of_two_wishart_matrices_has_the_mean_that_brute_force_finds(line):
    found = expect(E(line))
    there = draw(letters_of(E(line), found), "engines", {"d": 2, "N": 2, "M": 3})
    assert check_line(expectation, E(line), found, there, {}) == "proved"
