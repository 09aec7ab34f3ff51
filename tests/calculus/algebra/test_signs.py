"""Signs: a trace is taken for positive only where its product mirrors itself."""

import pytest
import sympy as sp

from workbench.calculus.algebra.signs import is_nonnegative_definite, never_negative_trace
from workbench.language import letters as L

d = L.size("d")
A, B, S, T, u = L.matrix("A", d, d), L.symmetric("B", d), L.spd("S", d), L.spd("T", d), L.vector("u", d)
t, g, one = L.scalar("t"), L.positive("g"), sp.Identity(d)


@pytest.mark.parametrize(
    "product",
    [S, A * A.T, A * S * A.T, S * T, A.T * S * A * T, B**2, S**3, u.T * S * u, A * (S + g * one).inverse() * A.T,
     sp.HadamardProduct(one, S).inverse(), T * (S + u * u.T).inverse()],
)  # fmt: skip
def test_a_product_that_mirrors_itself_has_a_trace_that_is_never_negative(product):
    assert never_negative_trace(sp.Trace(product))


@pytest.mark.parametrize(
    "product", [A, B, A * S, A * A, -A * A.T, -S, B**3, S * A * T * A, A * (S + t * one).inverse() * A.T]
)
def test_another_product_may_have_a_trace_of_either_sign(product):
    assert not never_negative_trace(sp.Trace(product))


def test_a_product_of_definite_matrices_need_not_be_definite():
    assert is_nonnegative_definite(S * T * S) and not is_nonnegative_definite(S * T)
