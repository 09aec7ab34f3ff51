"""What the rules of each law can do: every cell of the table in docs/laws.md is tried here.

`python tests/calculus/test_limits_of_laws.py` writes the table anew.
"""

from functools import cache
from pathlib import Path

import pytest
import sympy as sp

from workbench.calculus import expect
from workbench.calculus.errors import CalculusError
from workbench.language import laws
from workbench.language.complex_gaussians import adjoint, complex_gaussian
from workbench.language.counts import binomial, multinomial, poisson
from workbench.language.laws import E
from workbench.language.letters import count, matrix, positive, probability, size, spd, tr, vector
from workbench.language.simplices import dirichlet
from workbench.language.students import elliptical, student

PAGE = Path(__file__).resolve().parents[2] / "docs" / "laws.md"
START, END = "<!-- limits -->\n", "<!-- end -->"
YES, NO = "✓", "–"

d, N, n, nu = size("d"), count("N"), count("n"), count("nu")
S, A, mu = spd("S", d), matrix("A", d, d), vector("mu", d)
q, lam = probability("q"), positive("lam")

LAWS = {
    "`X: d×N ~ N(0, Sigma)`": laws.gaussian("X", d, N, cov=S),
    "`x: d ~ N(mu, Sigma)`": laws.gaussian("x", d, mean=mu, cov=S),
    "`Z: d×N ~ CN(0, Sigma)`": complex_gaussian("Z", d, N, cov=S),
    "`x: d ~ Student(nu, Sigma)`": student("x", d, nu, scale=S),
    "`X: d×N ~ Student(nu, Sigma)`": student("X", d, nu, columns=N, scale=S),
    "`x: d ~ Elliptical(kappa, Sigma)`": elliptical("x", d, lam + 1, scale=S),
    "`X: d×N ~ Elliptical(kappa, Sigma)`": elliptical("X", d, lam + 1, columns=N, scale=S),
    "`x: d ~ q*N(mu, I) + (1 - q)*N(-mu, I)`": laws.mixture(
        "x", d, [(q, mu, sp.Identity(d)), (1 - q, -mu, sp.Identity(d))]
    ),
    "`o: d ~ Bernoulli(q)`": laws.mask("o", d, q),
    "`k: d ~ Binomial(n, q)`": binomial("k", d, n, q),
    "`k ~ Binomial(n, q)`": binomial("k", 1, n, q),
    "`k ~ Poisson(lam)`": poisson("k", 1, lam),
    "`c: d ~ Multinomial(n)`": multinomial("c", d, n),
    "`p: d ~ Dirichlet(lam)`": dirichlet("p", d, lam),
    "`e: N ~ OneHot`": laws.index("e", N),
    "`H ~ Haar(d)`": laws.haar("H", d),
    "`u: d ~ Sphere`": laws.sphere("u", d),
    "`X: d×N ~ Sphere`": laws.sphere("X", d, N),
    "mean and covariance alone": laws.second_moments("x", d, cov=S),
}


def forms(letter):
    """Integrands by what they ask for; W is the letter times its adjoint, a fixed matrix between them if it is Haar."""
    rows, columns = letter.shape
    W, C, B = letter * adjoint(letter), matrix("C", rows, rows), matrix("B", rows, columns)
    if isinstance(letter, laws.Haar) and rows == columns:  # H*H.T is the identity
        W = letter * matrix("D", rows, rows) * letter.T
    return {
        "degree 2": W,
        "degree 3": tr(B.T * letter) * W,
        "degree 4": W * C * W,
        "degree 6": W * C * W * C * W,
        "degree 8": tr(C * W) ** 4,
        "entrywise": sp.HadamardProduct(W, W),
        "exp": sp.exp(tr(B.T * letter)),
        "relu": sp.Max(0, tr(B.T * letter)),
        "inverse": sp.Inverse(W) if columns == N else 1 / tr(W),
    }


@cache
def answered(law, what):
    """Whether the rules average an integrand of that form; whatever else they do they refuse in a sentence."""
    try:
        return not expect(E(forms(LAWS[law])[what])).has(laws.Random)
    except CalculusError:
        return False


def table():
    """The table of the page."""
    columns = list(forms(LAWS["`u: d ~ Sphere`"]))
    rows = [["law", *columns], ["---"] * (len(columns) + 1)]
    rows += [[law, *(YES if answered(law, what) else NO for what in columns)] for law in LAWS]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


@pytest.mark.parametrize("law", LAWS)
def test_the_page_says_what_the_rules_of_a_law_can_do(law):
    lines = [line.strip("| ").split(" | ") for line in PAGE.read_text(encoding="utf-8").splitlines()]
    assert [law, *(YES if answered(law, what) else NO for what in forms(LAWS[law]))] in lines


def test_the_table_is_whole():
    assert START + table() + END in PAGE.read_text(encoding="utf-8")


if __name__ == "__main__":
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(START)
    PAGE.write_text(before + START + table() + END + rest.partition(END)[2], encoding="utf-8")
