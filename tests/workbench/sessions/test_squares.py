"""Inequalities of Cauchy and Schwarz: proved where a product of matrices is cut in two, and nowhere else."""

import pytest
import sympy as sp

from workbench.exact.instances import draw, letters_of
from workbench.exact.values import real_value
from workbench.language import letters as L
from workbench.language.letters import tr
from workbench.sessions.answers import check
from workbench.sessions.inequalities import is_nonnegative, never_negative
from workbench.sessions.squares import bounds, left_by_squares

d = L.size("d")
A, C, B = L.matrix("A", d, d), L.matrix("C", d, d), L.symmetric("B", d)
S, T, u, v = L.spd("S", d), L.spd("T", d), L.vector("u", d), L.vector("v", d)
t, g = L.scalar("t"), L.positive("g")

TRUE = [
    tr(A * A.T) * tr(C * C.T) - tr(A * C) ** 2,
    tr(u.T * u) * tr(v.T * v) - tr(u.T * v) ** 2,
    tr(u.T * S * u) * tr(v.T * S * v) - tr(u.T * S * v) ** 2,
    tr(A * S * A.T) * tr(C * S * C.T) - tr(A * S * C.T) ** 2,
    d * tr(A * A.T) - tr(A) ** 2,
    tr(S) * tr(S**3) - tr(S**2) ** 2,
    tr(A * A.T) - tr(A * A),
    tr(A * A.T) + tr(C * C.T) - 2 * tr(A * C),
    tr(S) * tr(T) - tr(S * T),
    tr(u.T * u) * tr(S) - tr(u.T * S * u),
    g * (tr(A * A.T) * tr(C * C.T) - tr(A * C) ** 2) + t**2,
]
FALSE = [
    tr(A * A) * tr(C * C) - tr(A * C) ** 2,
    tr(A * A.T) * tr(C * C.T) / 2 - tr(A * C) ** 2,
    (d - 1) * tr(A * A.T) - tr(A) ** 2,
    tr(A * A) - tr(A * A.T),
    tr(A * A.T) + tr(C * C.T) - 3 * tr(A * C),
    tr(S) * tr(T) - 2 * tr(S * T),
    tr(S) * tr(A) - tr(S * A),
    tr(B) ** 2 - tr(B * B),
    tr(B) * tr(B**3) - tr(B * B) ** 2,
    tr(S * S) - tr(S) ** 2,
    t * (tr(A * A.T) * tr(C * C.T) - tr(A * C) ** 2),
    tr(A * A.T) * tr(C * C.T) - tr(A * C) ** 3,
]


@pytest.mark.parametrize("gap", TRUE)
def test_a_gap_is_proved_where_a_product_cut_in_two_leaves_nothing_negative(gap):
    assert never_negative(gap, (), False)
    assert not never_negative(gap, (), True) or gap.has(g)


@pytest.mark.parametrize("gap", FALSE)
def test_a_gap_that_is_negative_somewhere_is_not_proved(gap):
    assert not never_negative(gap, (), False)


@pytest.mark.parametrize("product", [[A, C], [A, S, C], [u.T, S, v], [S, T, S], [S, A, T], [A]])
def test_the_square_of_a_trace_exceeds_no_product_of_its_bounds(product):
    trace = tr(sp.MatMul(*product))
    found = list(bounds(product))
    assert found
    for place, (one, other) in enumerate(found):
        point = draw(letters_of(trace, one, other), str(place))
        first, second, cut = (real_value(each, point) for each in (one, other, trace))  # fractions: nothing is rounded
        assert first >= 0 and second >= 0 and first * second >= cut**2


def test_what_is_no_sum_of_traces_is_left_alone():
    assert left_by_squares(tr(A) - g, is_nonnegative) is None


def test_cauchy_and_schwarz_are_believed_and_what_looks_like_them_is_refuted():
    assert check("tr(A*B)**2 <= tr(A*A.T)*tr(B*B.T)").status == "supported"
    assert check("(u.T*v)**2 <= (u.T*u)*(v.T*v)", "u: d; v: d").status == "supported"
    assert check("tr(A*B)**2 <= tr(A*A)*tr(B*B)", "A: d×d; B: d×d").status == "refuted"
