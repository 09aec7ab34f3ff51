"""Folding: long formulas are said with names, and mean what they meant."""

import pytest
import sympy as sp

from workbench.catalogue import builtin, load, member
from workbench.exact.instances import draw, letters_of
from workbench.exact.values import evaluate
from workbench.judging.line_records import line_record, line_records
from workbench.judging.proofs import CheckedLine
from workbench.language import letters as L
from workbench.language import printing
from workbench.showing import folding

d, N, s = L.size("d"), L.count("N"), L.positive("s")
Sigma, W, B = L.spd("Sigma", d), L.matrix("W", d, d), L.matrix("B", d, d)
word = W * Sigma * W.T
LONG = (
    L.tr(word * B) * (L.tr(Sigma * W.T * Sigma * W) + s) ** 2 / (N + d + 1)
    + L.tr(word * word) * (L.tr(Sigma * W.T * Sigma * W) + s) / N
    + s * L.tr(B * word * B.T) * sp.exp(L.tr(Sigma * W.T * Sigma * W) + s)
)


def back(short, named):
    """The formula with its names written out."""
    for letter, part in reversed(named):
        short = short.xreplace({letter: part})
    return short


def test_what_recurs_has_a_name_and_the_formula_keeps_its_value():
    short, named = folding.folded(LONG)
    assert named and len(folding.text(LONG)) < len(printing.text(LONG))
    point = draw(letters_of(LONG, sp.sympify(0)), "folding", {"d": 2, "N": 3})
    for part in (LONG.args[0], LONG.args[1]):  # those that are rational
        assert evaluate(back(*folding.folded(part)), point) == evaluate(part, point)
    assert back(short, named).doit() == LONG.doit()


def test_a_name_says_what_it_stands_for_behind_the_formula():
    said = folding.text(LONG)
    short, *where = said.split(", where ")
    assert len(where) == 1 and "A = " in where[0] and "A" in short


def test_a_short_formula_stays_as_it_is():
    assert folding.text(L.tr(word) + s) == printing.text(L.tr(word) + s)


def test_an_abbreviation_of_the_theorem_file_is_folded_back():
    said = folding.text(s * (Sigma + s * W * W.T) * B, {"Lifted": Sigma + s * W * W.T, "again": s})
    assert said == "s*Lifted*B, where Lifted = s*W*W.T + Sigma"


@pytest.mark.parametrize("name", ["acquisition.copying.copying_course", "emergence.metrics.sharpness"])
def test_formulas_that_a_file_names_are_no_letters_of_it(name):
    entry = builtin().claim(name)
    found = folding.abbreviations_of(load(entry, "derivations"))
    assert not any(value.is_Symbol or isinstance(value, sp.MatrixSymbol) for value in found.values())


def test_a_rule_that_only_checks_a_typed_answer_says_so():
    lines = [line for line in member(builtin().claim("acquisition.copying.copying_course"), "derivations").lines]
    said = [line_record(CheckedLine(line, "proved"))["rule"] for line in lines]
    assert "crossing of a typed value" in said


def test_a_line_that_is_solved_is_an_equation():
    checked = [
        CheckedLine(line, "proved")
        for line in member(builtin().claim("in_context.one_layer.fixed_point"), "derivations").lines
    ]
    gradient, weights = line_records(checked)
    assert gradient["text"].endswith(" = 0") and gradient["latex"].endswith(" = 0")
    assert "= 0" not in weights["text"]
