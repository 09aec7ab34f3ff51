"""Statements as mathematicians, statisticians and people of machine learning write them, and what is read in them."""

import pytest

from workbench.errors import BadInput
from workbench.language.printing import text
from workbench.sessions.equations import read_statement

READ = {
    # norms, and covariances of one thing
    "E||x||_2^2 = tr(Sigma)": "E[x.T*x] == tr(Sigma)",
    r"\mathbb{E}\|X\|_F^2 = N\operatorname{tr}(\Sigma)": "E[tr(X.T*X)] == N*tr(Sigma)",
    r"\operatorname{Cov}(x) = \Sigma": "E[x*x.T] - E[x]*(E[x]).T == Sigma",
    "grad_W E[||W x||^2] = 2 W Sigma": "grad(E[x.T*W.T*W*x], W) == 2*W*Sigma",
    # a matrix below a mean
    r"\mathbb{E}_{(u,v) \sim N(0, \begin{pmatrix} 1 & \rho \\ \rho & 1 \end{pmatrix})}[u v] = \rho": "E[v*u] == rho",
    # laws by their other names
    "E[W] = nu V ;; W ~ Wishart(nu, V)": "E[W_half*W_half.T] == nu*V",
    "E[W] = n V ;; W ~ W_p(V, n)": "E[W_half*W_half.T] == n*V",
    "E[x x^T] = I_p ;; x ~ N_p(0, I)": "E[x*x.T] == I(p)",
    "E[m] = q ;; m ~ Ber(q)": "E[m] == q",
    "E[X^T X] = n Sigma ;; X: n×d ~ MN(0, I, Sigma)": "E[X.T*X] == n*Sigma",
    "E[u u^T] = I/d ;; u ~ Unif(S^(d-1))": "E[u*u.T] == 1/d*I(d)",
    "E[H A H^T] = tr(A)/d I_d ;; H ~ Unif(O(d))": "E[H*A*H.T] == (tr(A)/d)*I(d)",
}
REFUSED = {
    "E[x] = 0 ;; x: p ~ N_d(0, S)": "x has p rows, and the dimension below its law is d",
    "E[s] = 0 ;; s ~ Unif([0, 1])": "a uniform law is read on the sphere",
    "E‖X‖_2^2 = N tr(Σ)": "largest singular value",
    "‖w‖_Σ^2 = w'Σw": "a norm with the index Sigma is not read",
    r"\|w\|_1 = 0": "a norm with the index 1 is not read",
}


def read(typed):
    statement, *where = typed.split(" ;; ")
    (equation,) = read_statement(statement, where)
    return f"{text(equation.left)} {equation.sign} {text(equation.right)}"


@pytest.mark.parametrize("typed", READ)
def test_it_is_read_as_it_is_meant(typed):
    assert read(typed) == READ[typed]


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_not_read_is_said_with_what_to_write(typed):
    with pytest.raises(BadInput, match=REFUSED[typed]):
        read(typed)
