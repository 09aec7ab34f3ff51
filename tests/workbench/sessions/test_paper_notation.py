"""Statements as mathematicians, statisticians and people of machine learning write them, and what is read in them."""

import pytest

from workbench.errors import BadInput
from workbench.language.printing import text
from workbench.sessions.declarations import declared
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
    # what is said of letters
    "E[A x] = 0 ;; x ~ N(0, S), A ∈ R^{k×d}": "E[A*x] == 0",
    "E[x^T y] = 0 ;; x, y i.i.d. N(0, I_d)": "E[x.T*y] == 0",
    "E[x y] = rho ;; (x, y) ~ N((0, 0), [[1, rho], [rho, 1]])": "E[y*x] == rho",
    "E[y] = 0 ;; y = <w, x> + eps; x ~ N(0, S); eps ~ N(0, s^2)": "E[eps + w.T*x] == 0",
    "E[X^T X] = n Sigma ;; X: n×d with i.i.d. rows N(0, Sigma)": "E[X.T*X] == n*Sigma",
    "Let x ~ N(0, S). Then E[x x^T] = S": "E[x*x.T] == S",
    "for all N > d + 1: E[inv(X X^T)] = inv(Sigma)/(N-d-1)": "E[inv(X*X.T)] == 1/(N - 1 - d)*inv(Sigma)",
    "E[A x] = 0 for any matrix A, x ~ N(0, S)": "E[A*x] == 0",
    "∀ a ∈ R^d: E[(a^T x)^2] = a^T Sigma a": "E[(a.T*x)**2] == a.T*Sigma*a",
    r"\text{For all } a \in \mathbb{R}^d,\; \mathbb{E}[a^\top x] = 0": "E[a.T*x] == 0",
    r"\mathbb{E}[x x^\top] = S \text{ where } x \sim \mathcal{N}(0, S) \text{ and } S \succ 0": "E[x*x.T] == S",
    r"\mathbb{E}[a^\top s] = 0, s \sim \mathrm{Unif}(\{\pm 1\}^d)": "E[a.T*(2*s_half - ones(d))] == 0",
    r"\mathbb{E}[x y^\top] = 0, \quad x, y \overset{\text{i.i.d.}}{\sim} \mathcal{N}(0, \Sigma)": "E[x*y.T] == 0",
    r"\mathbb{E}[k] = \lambda, k \sim \mathrm{Poisson}(\lambda)": "E[k] == lamda",
    # functions by their other names
    r"\mathbb{E}[\operatorname{SiLU}(z)] = 0": "E[(1 + tanh(z/2))*z/2] == 0",
    # columns of ones, indicators, accents, functions without brackets
    r"\mathbb{E}[\mathbf{1}^\top X^\top X \mathbf{1}] = 0": "E[ones(1, N)*X.T*X*ones(N)] == 0",
    "E[m m^T] = q 1_d 1_d^T ;; m: d ~ Bernoulli(q)": "E[m*m.T] == q*ones(d, d)",
    "E[1_{a^T x > 0}] = 1/2": "E[1{a.T*x > 0}] == 1/2",
    "E[1[z > 0] + I(z < 0)] = 1": "E[1{-z > 0} + 1{z > 0}] == 1",
    "E[(y - ŷ)^2] = s^2 ;; y = w^T x + e; e ~ N(0, s^2); w: d; ŷ = w^T x": "E[e**2] == s**2",
    "E[Σ̂] = Σ where Σ̂ = X Xᵀ/N": "E[1/N*X*X.T] == Sigma",
    "log det(2Σ) = d log 2 + log det Σ": "log(det(2*Sigma)) == d*log(2) + log(det(Sigma))",
    # conditions, limits, sums and identities
    r"\mathbb{E}[z \,|\, z > 0] = 0": "E[1{z > 0}*z]/E[1{z > 0}] == 0",
    "lim[d/N -> c] E[tr(X X^T)]/(d N) = 1 ;; X ~ N(0, I)": "lim(E[tr(X*X.T)/(N*d)]) == 1",
    r"\lim_{d, N \to \infty, d/N \to c} \mathbb{E}[\|Z\|_F^2]/N^2 = c": "lim(E[tr(Z.T*Z)/N**2]) == d/N",
    "E[1/n sum_{i=1}^n x_i x_i^T] = Sigma": "E[1/n*X*X.T] == Sigma",
    "E[S] = Sigma where S = 1/n sum_{i=1}^n x_i x_i^T": "E[1/n*X*X.T] == Sigma",
    "u^T S u = 1 + t ;; S = I + t u u^T; u: unit d": "u.T*(t*u*u.T + I(d))*u == 1 + t",
    "E[q^T k] = 0 ;; k: d_k ~ N(0, I)": "E[q.T*k] == 0",
    # columns, and what stands after a dot or a semicolon
    "E[(a·x)(b·x)] = a·Σb": "E[(a.T*x)*(b.T*x)] == a.T*Sigma*b",
    "E[q^T X X^T k] = N q^T Sigma k": "E[q.T*X*X.T*k] == N*q.T*Sigma*k",
    "E[X X'] = N S; X ~ N(0, S)": "E[X*X.T] == N*S",
    "Let X be d×N ~ N(0, S). Then E[X X'] = N S": "E[X*X.T] == N*S",
}
KINDS = {  # what is said of A or u, and the letter that it is
    "A = A^T": "symmetric d", "A symmetric": "symmetric d", "A: d×d symmetric": "symmetric d×d", "A ≻ 0": "spd d",
    "A: positive definite N": "spd N", "A ∈ O(d)": "orthogonal d", "A: orthogonal": "orthogonal d",
    "A: d×d; A = A'": "symmetric d×d", "A, B: symmetric d": "symmetric d", "u ∈ S^{d-1}": "unit d", "‖u‖ = 1": "unit d",
    "u ∈ R^d with ‖u‖₂ = 1": "unit d", "u: unit vector": "unit d",
}  # fmt: skip
REFUSED = {
    "E[x x^T] = S ;; x ~ N(0, S); S psd": "positive semidefinite letter is not read",
    "E[x x^T] = S ;; x ~ N(0, S); S > 0": "an order between matrices",
    "E[x x^T] = Sigma ;; x_i ~ N(0, 2 Sigma)": "what is x",
    "E[X X^T] = n I ;; X: n×d ~ N(0, Sigma)": "say X: n×d ~ N",
    "A = A ;; A: symmetric d×N": "as many rows as columns",
    "E[x] = 0 ;; x: foo ~ N(0, I)": "'foo' is no size",
    "if E[x] = 0": "is not a formula",
    "E[X X'] ≈ N Sigma": "is no equality",
    "E[x^T x] = sum_i Sigma_ii": "a sum over an index is read of columns",
    "E[m m^T] = 1 1^T ;; m: d ~ Bernoulli(q)": "1 is a number here; a column of ones is",
    "lim_{N → ∞} E[tr(X X^T)]/N = 0": "all sizes grow in fixed proportions",
    "E[x ∘ x] = diag(Σ)": "the diagonal of a matrix as a column",
    "|Σ| = det(Σ)": "has several readings",
    "log A B = 0": "log of several factors",
    "E[tanh'(z)] = 0": r"a derivative as grad\(tanh\(t\), t\)",
    r"\mathbb{E}[\sigma(u)\sigma(v)] = \rho": r"is sigma\(u\) a function, or a product",
    r"\mathbb{E}[\sigma(u)] = 0 ;; sigma: positive": r"is sigma\(u\) a function, or a product",
    r"\mathbb{E}[\mathrm{LN}(x)] = 0": "'LN' is no function here; write what it does to a column",
    "E[log_sigmoid(z)] = e^{-1}": "'log_sigmoid' is no function here",
    r"\mathbb{E}[\log_2(z^2)] = 0": "an index of log is not understood",
    "E[softmax(x)] = 0": "write its entry out",
    "E[phi(z)] = 0": "the normal density is",
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


@pytest.mark.parametrize("said", KINDS)
def test_what_is_said_of_a_letter_is_its_kind(said):
    name = "u" if "u" in said else "A"
    assert declared([said]).said[name] == KINDS[said]


def test_a_value_that_a_shape_speaks_of_is_said():
    (equation,) = read_statement("E[X X'] = 5 M", ("N = 5; X ~ N(0, M); M = 2*Sigma",))
    assert {"N = 5", "M = 2*Sigma"} <= set(equation.where.split("; "))


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_not_read_is_said_with_what_to_write(typed):
    with pytest.raises(BadInput, match=REFUSED[typed]):
        read(typed)
