"""Brackets: what is printed is what it means, as text and as LaTeX."""

import pytest
import sympy as sp

from workbench.language import letters as L
from workbench.language.laws import gaussian
from workbench.language.printing import latex, text
from workbench.language.slopes import grad
from workbench.sessions.exports import python
from workbench.showing.mathematics import mathematics

d, N = L.size("d"), L.count("N")
A, B, Sigma = L.matrix("A", d, d), L.matrix("B", d, d), L.spd("Sigma", d)
u, v, s, z = L.vector("u", d), L.vector("v", d), L.scalar("s"), gaussian("z", 1)
FORM = L.form(u, Sigma, u)

PRINTED = {
    FORM: ("u.T*Sigma*u", r"u^{\top} \Sigma u"),
    FORM**2: ("(u.T*Sigma*u)**2", r"\left(u^{\top} \Sigma u\right)^{2}"),
    1 / FORM**2: ("(u.T*Sigma*u)**(-2)", r"\frac{1}{\left(u^{\top} \Sigma u\right)^{2}}"),
    s / FORM: ("s/(u.T*Sigma*u)", r"\frac{s}{u^{\top} \Sigma u}"),
    s * FORM: ("s*(u.T*Sigma*u)", r"s u^{\top} \Sigma u"),
    FORM * L.dot(u, v): ("(u.T*v)*(u.T*Sigma*u)", r"\left(u^{\top} v\right) \left(u^{\top} \Sigma u\right)"),
    FORM * A: ("(u.T*Sigma*u)*A", r"\left(u^{\top} \Sigma u\right) A"),
    2 * s * FORM * A: ("(2*s*(u.T*Sigma*u))*A", r"2 s \left(u^{\top} \Sigma u\right) A"),
    s * L.tr(u.T * u + v.T * v): ("s*(u.T*u + v.T*v)", r"s \left(u^{\top} u + v^{\top} v\right)"),
    s * L.tr(-u.T * v): ("s*(-u.T*v)", r"s \left(- u^{\top} v\right)"),
    L.tr(z) ** 2: ("z**2", "z^{2}"),
    L.tr(A) ** 2: ("tr(A)**2", r"\operatorname{tr}\left(A\right)^{2}"),
    (L.tr(A) + s) * A: ("(s + tr(A))*A", r"\left(s + \operatorname{tr}\left(A\right)\right) A"),
    grad(FORM + s, u): ("grad(s + u.T*Sigma*u, u)", r"\nabla_{u} \left(s + u^{\top} \Sigma u\right)"),
    N * grad(s**2 + N, s) ** 2: ("grad(s**2 + N, s)**2*N", r"N \left(\nabla_{s} \left(N + s^{2}\right)\right)^{2}"),
    grad(FORM, A) * B: ("grad(u.T*Sigma*u, A)*B", r"\left(\nabla_{A} \left(u^{\top} \Sigma u\right)\right) B"),
    sp.HadamardProduct(A, B) * A: ("had(A, B)*A", r"\left(A \circ B\right) A"),
    sp.OneMatrix(1, d) * A: ("ones(1, d)*A", r"\mathbf{1}_{1 \times d} A"),
    sp.Determinant(A) * sp.Abs(s): ("abs(s)*det(A)", r"\left|{s}\right| \det\left(A\right)"),
    s * sp.Identity(d) + A: ("s*I(d) + A", r"s I_{d} + A"),
}  # fmt: skip


@pytest.mark.parametrize("expression", PRINTED, ids=lambda expression: PRINTED[expression][0])
def test_a_number_that_is_a_product_stands_in_brackets_where_it_is_raised_or_beside_matrices(expression):
    assert (text(expression), latex(expression)) == PRINTED[expression]


def test_a_page_sets_the_same_brackets():
    assert mathematics(latex(FORM**2)).count("<mo") >= 2 and "(" in mathematics(latex(FORM**2))


def test_a_theorem_file_keeps_the_trace_without_which_a_product_is_a_matrix():
    assert python(FORM**2) == "tr(u.T*Sigma*u)**2"
