"""Deterministic equivalents of traces: classical laws come out, and what has none is refused in one sentence."""

import pytest
import sympy as sp
from sympy import Identity, Trace

from workbench.calculus.equivalents.lines import limit_of
from workbench.calculus.errors import NotTranslatable
from workbench.calculus.rules import equivalent
from workbench.claims import by, claim, given
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate
from workbench.judging.line_records import line_record
from workbench.judging.proofs import check
from workbench.language.fixed_points import FixedPoint
from workbench.language.laws import E, gaussian
from workbench.language.letters import count, form, matrix, positive, size, spd, tr, vector
from workbench.language.printing import latex, text
from workbench.showing.describing import how_tried

d, n, s = size("d"), count("n"), positive("s")
Sigma, C, A, w = spd("Sigma", d), spd("C", d), matrix("A", d, d), vector("w", d)
Z, X = gaussian("Z", d, n), gaussian("X", d, n, cov=Sigma)
noise, ridge = (Z * Z.T / n + s * Identity(d)).inv(), (X * X.T / n + s * Identity(d)).inv()
POINT = {"d": 2, "n": 3, "s": sp.Rational(1, 2), "Sigma": [[2, 1], [1, 3]], "w": [[1], [2]]}


def worth(expression, point=None):
    """The midpoint of the ball around an expression, of the letters that it holds."""
    known = point or POINT
    letters = {str(letter) for letter in expression.free_symbols} | {str(m) for m in expression.atoms(sp.MatrixSymbol)}
    there = as_point(expression, **{name: value for name, value in known.items() if name in letters})
    return evaluate(expression, there, Balls())


def test_noise_has_the_law_of_marchenko_and_pastur():
    g = limit_of(E(tr(noise)) / d)
    assert sp.simplify((d / n) * s * g**2 + (s + 1 - d / n) * g - 1) == 0
    assert g.has(sp.sqrt(((s + 1) * n - d) ** 2 + 4 * s * n * d).expand()) and not g.has(Trace)


def test_a_covariance_is_felt_through_one_number_only():
    found = limit_of(E(form(w, ridge, w)))
    (t,) = found.atoms(FixedPoint)
    equivalent = (1 + t) * form(w, (Sigma + s * (1 + t) * Identity(d)).inv(), w)
    assert (worth(found) - worth(equivalent)).contains(0)
    assert (worth(t) - worth((1 + t) * Trace(Sigma * (Sigma + s * (1 + t) * Identity(d)).inv()) / n)).contains(0)


def test_the_fixed_point_is_certified_to_twelve_digits():
    (t,) = limit_of(E(tr(ridge))).atoms(FixedPoint)
    assert worth(t).rad() < 1e-12 * worth(t)


def test_two_wisharts_in_one_inverse_share_it_by_their_columns():
    """X Xᵀ(X Xᵀ + Y Yᵀ)⁻¹, the matrix of MANOVA: equal columns have equal shares."""
    X0, Y0 = gaussian("X0", d, n), gaussian("Y0", d, n)
    both = (X0 * X0.T + Y0 * Y0.T + s * Identity(d)).inv()
    shares = [limit_of(E(tr(one * one.T * both))) for one in (X0, Y0)]
    assert (worth(shares[0]) - worth(shares[1])).contains(0)


def test_a_covariance_equal_to_the_identity_gives_the_law_of_noise():
    at = {**POINT, "Sigma": [[1, 0], [0, 1]]}
    assert (worth(limit_of(E(tr(ridge))), at) - worth(limit_of(E(tr(noise))), at)).contains(0)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (E(tr(ridge * C * ridge * A)), "apart"),
        (tr(ridge), "no mean"),
        (E(form(gaussian("x", d), ridge, w)), "average over it first"),
        (E(tr(noise)) * tr(noise), "outside its means"),
        (E(tr(noise) ** 2), "not the mean of one trace"),
        (E(tr((gaussian("Y", d, n, mean=matrix("M", d, n)) * Z.T + s * Identity(d)).inv())), "mean 0"),
        (E(tr((Sigma * Z * Z.T * Sigma + C).inv())), "need not commute"),
    ],
    ids=str,
)
def test_what_has_no_equivalent_is_refused_in_one_sentence(line, said):
    with pytest.raises(NotTranslatable, match=said):
        limit_of(line)


def test_a_fixed_point_is_printed_once_as_the_equation_it_solves():
    found = limit_of(E(form(w, ridge, w)))
    assert text(found).endswith(", where t = (1 + t)*tr(Sigma*inv(((1 + t)*s)*I(d) + Sigma))/n")
    assert text(found).startswith("(1 + t)*(w.T*inv(((1 + t)*s)*I(d) + Sigma)*w)")
    assert r",\quad t = " in latex(found)


def test_a_line_that_is_only_tended_to_is_shown_with_an_arrow():
    @claim("expectation", "lim", rivals={})
    def law():
        """The law of noise."""
        yield given("by definition", E(tr(noise)) / d)
        yield by(equivalent)

    lines = [line_record(checked) for checked in check(law).lines]
    assert [line["text"].startswith("→ ") for line in lines] == [False, True]
    assert [line["latex"].startswith(r"\longrightarrow ") for line in lines] == [False, True]
    assert lines[1]["grade"] == "measured"
    assert any("difference goes to 0" in said for said in how_tried(lines))
