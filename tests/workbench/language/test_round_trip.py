"""What is printed is what it means: every line of every proof reads back as the same formula, as text and as LaTeX."""

import numpy as np
import pytest
import sympy as sp

from workbench.calculus.agreement import Refuted, agree
from workbench.catalogue import Entry, builtin, member
from workbench.exact.instances import draw, letters_of
from workbench.exact.rings import Undefined
from workbench.exact.values import value
from workbench.judging.well_formed import letters_of_theorem
from workbench.language import letters as L
from workbench.language.laws import E, MatrixMean, Random, ScalarMean, gaussian
from workbench.language.printing import text, whole_latex
from workbench.language.reading import read_formula

FORMS = {"text": text, "latex": whole_latex}
POINTS = 9  # that are tried until a line has a real value


def one_point(expression):
    """A mean as a number that tells apart what is averaged, so that no mean has to be computed."""
    inside = sp.Trace(expression.inside) if expression.is_Matrix else expression.inside
    return inside**3 + 2 * inside + 1


def one_matrix(mean):
    """The same of a matrix."""
    return (
        one_point(mean) * sp.Identity(1)
        if mean.shape == (1, 1)
        else sp.HadamardProduct(*[mean.inside] * 2) + mean.inside
    )


def without_means(expression):
    """An expression in which random letters are fixed, and means are functions of what they average."""
    fixed = expression.xreplace({r: L.matrix(r.name, *r.shape) for r in expression.atoms(Random)})
    fixed = fixed.replace(lambda n: isinstance(n, ScalarMean), one_point)
    fixed = fixed.replace(
        lambda n: isinstance(n, MatrixMean) and n.shape == (1, 1), lambda n: one_point(n) * sp.Identity(1)
    )
    return fixed.replace(lambda n: isinstance(n, MatrixMean), lambda n: sp.HadamardProduct(*[n.inside] * 2) + n.inside)


def assert_equal(one, other, hypotheses=()):
    """Two expressions have the same shape, and the same value at a random rational point."""
    if one == other:
        return
    left, right = without_means(one), without_means(other)
    for place in range(POINTS):
        point = draw(letters_of(left, right, *hypotheses), f"read {place}", {}, hypotheses)
        try:
            known = value(left, point)
        except Undefined:
            continue
        again = value(right, point)
        assert np.shape(known) == np.shape(again)
        agree(known, again, "read back")
        return
    raise AssertionError(f"{one} has a value nowhere")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("entry", builtin().entries, ids=lambda entry: entry.id)
def test_every_line_of_a_proof_reads_back_as_the_same_formula(entry: Entry, form: str):
    claim = member(entry, "derivations")
    own = {a.name: a for line in claim.lines for a in line.expression.atoms(sp.Symbol, sp.MatrixSymbol)}
    letters = letters_of_theorem(entry) | own
    for line in claim.lines:
        again = read_formula(FORMS[form](line.expression), letters, like=line.expression)
        assert_equal(line.expression, again, claim.hypotheses)


d = L.size("d")
A, u, v, x = L.matrix("A", d, d), L.vector("u", d), L.vector("v", d), gaussian("x", d)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (L.form(u, A, u) ** 2, L.form(u, A, v) ** 2),
        (E(L.dot(u, x)) ** 2, E(L.dot(u, x) ** 2)),
        (E(x * x.T), E(x) * E(x.T)),
    ],
    ids=["letters", "squares", "products"],
)  # fmt: skip
def test_formulas_that_differ_are_told_apart(one, other):
    with pytest.raises(Refuted):
        assert_equal(one, other)
