"""LaTeX is read as papers write it; what has two readings, and what is not understood, is refused in one sentence."""

import pytest

from workbench.errors import BadInput
from workbench.language import letters as L
from workbench.language.below_means import lifted
from workbench.language.functions import called
from workbench.language.latex import is_latex, typed
from workbench.language.reading import read_formula
from workbench.language.spelling import spelled, with_letters

KNOWN = {"vstar", "noise", "lam", "sigma_w", "u1"}
READINGS = {
    r"\frac{1}{N} \operatorname{tr}\left(\Sigma A^{\top}\right)": "((1)/(N))*tr(Sigma*A.T)",
    r"\mathbb{E}\left[\|x\|^2\right] = \operatorname{tr} \Sigma": "E[norm(x)**(2)]=tr(Sigma)",
    r"\mathbb E[\mathbf{x} \mathbf{x}^\top]": "E[x*x.T]", r"\mathbf{x}^T \mathbf{A} \mathbf{x}": "x.T*A*x",
    r"\frac12 a": "((1)/(2))*a", r"\tfrac{a}{b}": "((a)/(b))", r"\sqrt{2}\,\sigma_w^2": "sqrt(2)*sigma_w**(2)",
    r"\sqrt[3]{x}": "((x)**(1/(3)))", r"u_{1}": "u1", r"v_{\star}^{\top}": "vstar.T", r"\lambda (a+b)": "lam*(a+b)",
    r"\operatorname{noise}^{2}": "noise**(2)", r"\hat{\beta}": "betahat", r"\theta_{1,2}": "theta_12",
    r"e^{-x^2/2}": "exp(-x**(2)/2)", r"\mathrm{e}": "exp(1)", r"\sin^{2}{\left(x \right)} y": "sin(((x)))**(2)*y",
    r"\log N + 1": "log(N)+1", r"\left(\Sigma + \sigma^2 I_d\right)^{-1}": "(Sigma+sigma**(2)*I(d))**(-1)",
    r"A^{-\top}": "inv(A).T", r"A \circ B": "had(A, B)", r"\left(A \odot B\right) C": "(had(A, B))*C",
    r"A^{\circ {2}}": "had(A, A)", r"\left|{x}\right|^{3}": "abs((x))**(3)", r"\|A\|_F": "norm(A)",
    r"\|x\|_2": "norm2(x)", r"\langle a, b \rangle": "((a).T*(b))", r"\det\left(A\right)": "det(A)",
    r"\left[\begin{matrix}1 & \rho\\\rho & 1\end{matrix}\right]": "[[1,rho], [rho,1]]",
    r"\sum_{k=1}^{\infty} \frac{1}{k} a + b": "sum(((1)/(k))*a, k, 1, oo)+b",
    r"\nabla_{W} \left(a + b\right)": "grad((a+b), W)",
    r"\mathbf{1}_{d}^{\top} \mathbf{1}_{d}": "ones(d).T*ones(d)",
    r"\mathbf{1}_{1 \times d}": "ones(1,d)",
    r"x \sim \mathcal{N}(0, \Sigma)": "x ~ N(0,Sigma)", r"\Gamma\left(a\right)": "gamma(a)",
    r"T\left(a, b\right)": "owens_t(a,b)",
    r"\mathop{\mathbb{E}}\limits_{x} \left[ x \right]": "E_x[x]", r"\operatorname{\mathbb{E}}[x]": "E[x]",
    r"\mathbb{E}_{x,y}[(x^\top y)^2]": "E_x__y[(x.T*y)**(2)]", r"\mathbb{P}(u > 0)": "Pr[u>0]",
    r"\operatorname{Var}_{x}[x]": "Var_x[x]", r"\mathrm{Tr}\left[A\right]": "tr(A)", r"{\rm tr}(A)": "tr(A)",
    r"\mathbb{1}_{\{u>0\}}": "((u>0))", r"\mathbf{1}_{u \leq 0}": "(u<=0)", r"\mathbb{I}_d": "I(d)",
    r"\mathbb{I}[u>0]": "(u>0)", r"\mathbbm{1}\{u>0\}": "(u>0)",
    r"\frac{\partial}{\partial W} a + b": "grad(a, W)+b", r"\frac{\partial a b}{\partial W}": "grad(a*b, W)",
    r"\frac{\mathrm{d}}{\mathrm{d}t} a": "grad(a, t)", r"\partial_W a": "grad(a, W)",
    r"\begin{pmatrix} 1 & a \\ a & 1 \\[2pt] \end{pmatrix}": "[[1,a], [a,1]]",
    r"\underbrace{a}_{\text{risk}} \stackrel{(a)}{=} b": "(a)=b", r"\bm{\mathcal{X}}": "X",
    r"x_{\text{test}}": "x_test", r"w_\star": "w_star", r"v^\star + v^*": "vstar+vstar",
    r"\sum_{i=1}^{N} \Sigma": "((N)-(1)+1)*Sigma", r"\sum_{i=1}^{n} x_i": "sum(x_i, i, 1, n)",
    r"a \bigl( b \bigr)^2\hspace{1em} c": "a*(b)**(2)*c",
    r"2 \cdot 3": "2@3", r"a \le b": "a<=b", r"A \in \mathbb{R}^{d \times N}": "A:d×N",
    "x^{2}": "x**(2)", r"$\pi$": "pi",
}  # fmt: skip


@pytest.mark.parametrize("latex", READINGS)
def test_latex_is_read_as_papers_mean_it(latex):
    assert typed(latex, KNOWN) == READINGS[latex]


@pytest.mark.parametrize(
    "latex",
    [r"1/\lambda x", r"\log x y", r"\sin^{-1}(x)", r"x^23 \alpha", r"\foo", r"\frac{a}", r"\left(a", r"a \right)",
     r"x^{", r"\mathbb{E} x", r"\partial_x f", r"\|A\|_1", r"\mathbb{E}_{x}[x]", r"2\,3", "\\", r"\begin{matrix} a",
     r"A \otimes B"],
)  # fmt: skip
def test_what_has_two_readings_or_none_is_refused_in_one_sentence(latex):
    with pytest.raises(BadInput) as refusal:
        spelled(latex, called())
        read_formula(latex, {"A": L.scalar("A")})
    assert "\n" not in str(refusal.value)


SAID = {
    r"\int z \mathrm{d}z": "is a mean", r"\begin{cases} 1 & a \\ 2 & b \end{cases}": "each case by itself",
    r"A \approx A": "is no equality", r"A + \mathcal{O}(1/N)": "says no value",
    r"\mathbb{E}[A | A]": "conditional", r"\hat{\mathbb{E}}[A]": "empirical mean",
    r"A^* A": "declare A_star",
    r"\frac{\partial^2}{\partial t^2} A": "not understood", r"\lfloor A \rfloor": "rounds",
    r"A \in [0, 1]": "is not read",
    r"\mathbb{E}_{x,x'}[A]": "no letter of its own", r"A, \ldots, A": "write them out",
}  # fmt: skip


@pytest.mark.parametrize("latex", SAID)
def test_a_command_that_says_nothing_to_judge_is_told_what_to_write_instead(latex):
    with pytest.raises(BadInput, match=SAID[latex]):
        typed(latex, {"A", "N"})


BELOW = {
    r"\mathbb{E}_{x\sim\mathcal N(0,\Sigma)}[x x^\top] = \Sigma": (r"\mathbb{E}_{x}[x x^\top]", ["x ~ N(0,Sigma)"]),
    r"\E_{x\sim P,\,y\sim Q_{1}} [x]": (r"\E_{x,y} [x]", ["x ~ P", "y ~ Q_1"]),
    r"E_{x, y ~ N(0, I)}[x]": ("E_{x, y}[x]", ["x, y ~ N(0, I)"]),
    r"\E_{(u, v)\overset{\text{iid}}{\sim}\mathcal{N}(0,\Sigma)}[u]": (r"\E_{u, v}[u]", ["(u,v) ~ N(0,Sigma)"]),
    "E[x_{1}] = 0": ("E[x_{1}]", []), r"\sum_{i=1}^{n} a \sim b": (r"\sum_{i=1}^{n} a", []),
}  # fmt: skip


@pytest.mark.parametrize("text", BELOW)
def test_a_law_below_a_mean_is_a_declaration_and_its_letters_stay(text):
    formula, laws = lifted(text)
    assert formula.startswith(BELOW[text][0]) and [with_letters(law).replace(" ", "") for law in laws] == [
        law.replace(" ", "") for law in BELOW[text][1]
    ]


def test_plain_text_is_no_latex():
    assert not any(map(is_latex, ["x^T A x", "x^{T} A", "a_1*b", "E[x*x.T] == Sigma"]))
    assert all(map(is_latex, [r"\Sigma", "x^{2}", "u_{1}", r"\|x\|"]))
