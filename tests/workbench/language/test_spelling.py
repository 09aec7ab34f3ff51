"""Spelling: what has one meaning on paper is rewritten, what has two is refused, and nothing else is touched."""

import pytest

from workbench.errors import BadInput
from workbench.language.clauses import stated
from workbench.language.functions import called
from workbench.language.letters import matrix, positive, size, vector
from workbench.language.reading import read_formula
from workbench.language.spelling import spelled, with_letters

NUMBERS = {name: positive(name) for name in "abgxz"}

READINGS = {
    "NΣ": "N*Sigma",
    "x xᵀ": "x*x.T", "2x'Ax": "2*x.T*A*x", "XX.T": "X*X.T", "AB": "AB", "max": "max", "‖x‖²": "norm(x)**(2)",
    "||x||": "norm(x)",
    "|z|": "abs(z)", "z | z > 0": "z|z>0", "x^T A x^2": "x.T*A*x**2", "N(N+1)": "N*(N+1)",
    "N(0, Sigma)": "N(0,Sigma)",
    "f(z)": "f(z)", "tr(A)tr(B)": "tr(A)*tr(B)", "Σ⁻¹": "Sigma**(-1)", "√(2/π)": "sqrt(2/pi)",
    "(a+b)(a-b)": "(a+b)*(a-b)", "σ_w² I": "sigma_w**(2)*I", "A if s else B": "AifselseB", "E[A][0]": "E[A][0]",
    "A.func(1)": "A.func(1)", "x^{T}": "x.T", "1e5": "1e5", "1e-5x": "1e-5*x", "foo bar": "foobar", "λ": "lamda",
    "E x x^T - Σ": "E[x*x.T]-Sigma", "E‖x‖² + 1": "E[norm(x)**(2)]+1", "-E x'A^-1 x": "-E[x.T*A**-1*x]",
    "E z^2 / E z^4": "E[z**2]/E[z**4]", "E x E y": "E[x]*E[y]", "E tr X X'": "E[tr(X*X.T)]", "E(x)": "E(x)",
    "tr A tr B": "tr(A)*tr(B)", "⟨w,x⟩²": "inner(w,x)**(2)", "(<w,x>)": "(inner(w,x))", "P[u<0, v>0]": "P[u<0,v>0]",
    "½ a'Σa": "(1/2)*a.T*Sigma*a", "1{u>0} v": "(u>0)*v", "P{|z| > 1}": "P[abs(z)>1]", "P(u > 0)": "P(u>0)",
    "Σ(I - aaᵀ)": "Sigma*(I-a*a.T)", "Σ_{12}": "Sigma_12", "(A x)_1": "(A*x)[0]",
    "det A": "det(A)", "‖A‖_F²": "norm(A)**(2)", "a·x": "a@x",
    "P(A + B)": "P*(A+B)", "tr(I_d)": "tr(I(d))", "∇_W E‖W x‖² + A": "grad(E[norm(W*x)**(2)],W)+A",
}  # fmt: skip


@pytest.mark.parametrize("typed", READINGS)
def test_what_has_one_meaning_is_rewritten(typed):
    assert spelled(typed, called()).replace(" ", "") == READINGS[typed]


def test_a_whole_number_beside_a_fraction_has_two_readings():
    with pytest.raises(BadInput, match="two readings, a sum and a product"):
        spelled("2½ A", called())


@pytest.mark.parametrize("typed", ["1/2π", "a/2 b", "exp(-z²/2g²)", "1/x(a+b)(a-b)", "1/a v.T*v", "√2π"])
def test_a_product_after_a_fraction_has_two_readings(typed):
    with pytest.raises(BadInput, match="two readings"):
        read_formula(typed, {**NUMBERS, "v": vector("v", size("d"))})


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("1/a V", "V/a"), ("b/a V.T V", "b/a*V.T*V"), ("b/(a + 1) x", "b/(a + 1)*x"), ("1/2 x", "x/2"),
        ("√2 x", "sqrt(2)*x"), ("x/√a", "x/sqrt(a)"), ("√π", "sqrt(pi)"), ("g (1 - x)", "g*(1 - x)"),
        ("tr(VW) + tr(WV)", "tr(V*W) + tr(W*V)"), ("π(1 + x)", "pi*(1 + x)"),
    ],
)  # fmt: skip
def test_what_is_divided_by_no_matrix_has_one_reading(typed, means):
    d = size("d")
    letters = {**NUMBERS, "V": matrix("V", d, d), "W": matrix("W", d, d)}
    assert read_formula(typed, letters) == read_formula(means, letters)


def test_one_letter_in_two_spellings_is_one_letter():
    assert "".join(spelled("lam*λ", called()).split()) == "lamda*lamda"
    assert "".join(spelled("λ²", called(), {"lam"}).split()) == "lam**(2)"
    assert spelled("lam²", called(), {"lamda"}) == "lamda**(2)"


def test_a_letter_of_two_signs_is_not_taken_apart():
    assert spelled("Ax'Ax", called(), {"Ax"}) == "Ax.T*Ax"


def test_an_equals_sign_is_one_of_statements_alone():
    assert stated("E[z] = 0 where z ~ N(0, 1).") == ("E[z] == 0", "z ~ N(0, 1)")
    assert stated("a <= b")[0] == "a <= b" and stated("f(x=1) == 2")[0] == "f(x=1) == 2"


def test_letters_have_the_names_that_papers_give_them():
    assert with_letters("Λ Ω ρ λ lambda").split() == ["Lambda", "Omega", "rho", "lamda", "lamda"]


CONDITIONS = {
    "E[z] = 0 for g > 2": "g > 2", "E[z] = 0, g > 2": "g > 2", "E[z] = 0 if g > 2, t < 1": "g > 2; t < 1",
    "E[z] = 0 with x, y ~ N(0, I), d > 5": "x, y ~ N(0, I); d > 5", "E[z] = 0 for all N": "",
    "E[z] = 0 where A: d, N": "A: d, N", "E[z] = 0 where q: real, mu: d": "q: real; mu: d",
    "E[z] = 0 for x ∈ R^d": "x: d", "E[z] = 0, W in R^{d x N}": "W: d x N", "<a, x> = 0": "",
    "⟨a, x⟩ = 0, d > 2": "d > 2",
    "E[f(a, b)] = 0 for every t": "", r"\langle a, x\rangle = 0": "", "$E[z] = 0$": "",
}  # fmt: skip


@pytest.mark.parametrize("typed", CONDITIONS)
def test_what_a_statement_says_of_its_letters_stands_behind_a_word_or_a_comma(typed):
    assert stated(typed)[1] == CONDITIONS[typed]


@pytest.mark.parametrize("typed", ["det A B", "<x> = 0", "⟨x_1⟩"])
def test_what_papers_leave_out_in_two_ways_is_refused(typed):
    with pytest.raises(BadInput, match=r"two readings|scalar product"):
        spelled(typed, called())
