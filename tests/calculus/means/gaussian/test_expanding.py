"""Sums of products of numbers, as flint polynomials and term by term."""

import pytest
from sympy import sqrt

from workbench.calculus.algebra.polynomials import summed
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.means.gaussian import expanding
from workbench.calculus.means.gaussian.expanding import sum_of_products
from workbench.language.letters import count, matrix, positive, size, tr

d, N, s = size("d"), count("N"), positive("s")
A, B = matrix("A", d, d), matrix("B", d, d)
PAIRS = [(N * tr(A) + d / 3, tr(A * B) ** 2 - N), (s * tr(B) + 1, tr(A) * d * N / 7), (tr(A * B), N**3 - 2)]


@pytest.mark.parametrize("few", [0, 120])
@pytest.mark.parametrize("pairs", [PAIRS, [*PAIRS, (sqrt(s), tr(A) / s)], []], ids=["whole powers", "others", "none"])
def test_a_sum_of_products_has_the_terms_of_the_products(monkeypatch, pairs, few):
    monkeypatch.setattr(expanding, "FEW", few)
    read = [(polynomial(left), polynomial(right)) for left, right in pairs]
    assert sum_of_products(read).terms == summed([left * right for left, right in read], None).terms
