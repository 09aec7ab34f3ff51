"""Formulas in one symmetric matrix are compared as functions of a number."""

import pytest
import sympy as sp

from workbench.calculus.algebra.one_matrix import equal_as_functions
from workbench.calculus.errors import NotPolynomial
from workbench.language.letters import matrix, positive, size, spd, tr, vector

d, v, w = size("d"), positive("v"), positive("w")
S, A, u, k = spd("S", d), matrix("A", d, d), vector("u", d), vector("k", d)
eye = sp.Identity(d)
moved = (S + v * eye).inv()

EQUAL = [
    (S * moved, moved * S),
    (S * moved, eye - v * moved),
    (tr(S * moved), d - v * tr(moved)),
    (tr(S**2 * moved), tr(S) - v * d + v**2 * tr(moved)),
    ((w - v) * tr(moved * (S + w * eye).inv()), tr(moved) - tr((S + w * eye).inv())),
    ((tr(S) * S + S**2).inv() * S, (tr(S) * eye + S).inv()),
    (tr(u.T * S * moved * k), tr(k.T * u) - v * tr(k.T * moved * u)),
    (tr(S * moved) / (1 + tr(moved)), (d - v * tr(moved)) / (1 + tr(moved))),
]


@pytest.mark.parametrize("pair", EQUAL, ids=str)
def test_equal_functions_are_equal_for_every_size(pair):
    assert equal_as_functions(*pair)


@pytest.mark.parametrize("pair", EQUAL, ids=str)
def test_others_are_not(pair):
    left, right = pair
    assert not equal_as_functions(left, 2 * right)
    assert not equal_as_functions(left, right + (S * S if right.is_Matrix else tr(S) * (d - 2) * (d - 3)))
    assert not equal_as_functions(tr(S) ** 2, tr(S**2)) and not equal_as_functions(tr(u.T * S * k), tr(u.T * S * u))


@pytest.mark.parametrize("other", [A * S, tr(A), S * A.T, sp.HadamardProduct(S, S), S**d, tr(S * u * k.T)], ids=str)
def test_other_matrices_and_operations_are_refused(other):
    with pytest.raises(NotPolynomial):
        equal_as_functions(other, other)
