"""Insertions: one Wishart matrix between any fixed matrices, against pairings, another engine, and determinants."""

from fractions import Fraction
from functools import reduce
from math import prod

import numpy as np
import pytest

from workbench.calculus import moment
from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import letter
from workbench.calculus.algebra.substitution import substituted
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.gaussian import insertions
from workbench.calculus.means.gaussian.wick import wick_mean
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, dot, matrix, size, spd, symmetric, tr, vector

d, N = size("d"), count("N")
A, B, C, Sigma, Omega = symmetric("A", d), matrix("B", d, d), matrix("C", d, d), spd("Sigma", d), spd("Omega", N)
Z, X, a, b = gaussian("Z", d, N), gaussian("X", d, N, cov=Sigma), vector("a", d), vector("b", d)
Y, x = gaussian("Y", N, d, cov=Omega), gaussian("x", d, cov=Sigma)


def at(polynomial, letters, sizes):
    """The value of a moment at integer matrices, exactly."""
    total = Fraction(0)
    for (scalars, traces, _), number in polynomial.terms.items():
        part = Fraction(int(number.p), int(number.q))
        part *= prod(sizes[ALPHABET.atoms[atom]] ** int(power) for atom, power in scalars)
        total += part * prod(int(np.trace(reduce(np.matmul, [turned(t, letters) for t in word]))) for word in traces)
    return total


def turned(token, letters):
    entries = letters[ALPHABET.symbols[token // 2]]
    return entries.T if token % 2 else entries


@pytest.mark.parametrize("line", [
    tr((Z * Z.T * C) ** 4),
    tr(X * X.T * C * X * X.T * B.T * X * X.T * C),
    tr(Z * Z.T * B) ** 2 * tr(Z * Z.T * C * Z * Z.T * A),
    X * X.T * B * X * X.T * C * X * X.T,
    tr(Y * C * Y.T * Omega * Y * B * Y.T),
    dot(x, B * x) ** 2 * dot(x, C * x),
    dot(x, a) ** 3 * dot(x, b) ** 3,
])  # fmt: skip
def test_a_moment_is_the_sum_over_all_pairings(line):
    found, expected = moment(E(line)), wick_mean(E(line))
    assert found.terms == expected.terms


def test_eleven_factors_between_a_symmetric_matrix_are_those_that_partitions_give():
    found = moment(E(tr((X * X.T * C) ** 11)))
    merged = substituted(found, {ALPHABET.token(C) // 2: letter(ALPHABET.token(A))})
    assert merged.terms == moment(E(tr((X * X.T * A) ** 11))).terms


def test_ten_factors_between_quarter_turns_are_a_power_of_the_determinant():
    quarter, n = np.array([[0, -1], [1, 0]], dtype=object), 5
    found = at(moment(E(tr((Z * Z.T * C) ** 10))), {C: quarter}, {d: 2, N: n})
    assert found == -2 * prod((n + 2 * j) * (n - 1 + 2 * j) for j in range(5))


def test_stein_s_identity_finds_the_same(monkeypatch):
    line = E(tr((X * X.T * C) ** 5) * tr(X * X.T * B))
    seen = []

    def noted(*args):
        seen.append(insertions.insertions(*args))
        return seen[-1]

    monkeypatch.setattr("workbench.calculus.means.gaussian.engines.insertions", noted)
    found = moment(line)
    monkeypatch.setattr("workbench.calculus.means.gaussian.engines._one_wishart_between", lambda *_: None)
    assert seen and moment(line).terms == found.terms


def test_too_many_products_are_refused_in_a_sentence(monkeypatch):
    monkeypatch.setattr(insertions, "MOST", 100)
    with pytest.raises(DegreeTooHigh, match="more than 100 different products of words; lower the degree"):
        moment(E(tr((Z * Z.T * C) ** 9)))
