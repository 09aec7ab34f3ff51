"""Claims: what a proof may be made of, and what its author is told when it is not."""

import pytest
import sympy as sp

from workbench.calculus.rules import expectation, gradient
from workbench.claims import ProofError, assumed, by, claim, given, recall, so
from workbench.language import letters as L
from workbench.language.laws import E, gaussian
from workbench.theorem_files import KINDS

d = L.size("d")
Sigma, A = L.spd("Sigma", d), L.matrix("A", d, d)
x = gaussian("x", d, cov=Sigma)


@claim("expectation", "E xᵀAx", rivals={"transposed": L.tr(A.T)})
def quadratic():
    """The mean of a quadratic form.

    It is a trace.
    """
    yield given("the definition", E(L.form(x, A, x)))
    yield by(expectation)


@claim("gradient", "∇", rivals={})
def slope():
    """Its gradient."""
    yield recall(quadratic)
    yield by(gradient, wrt=A)


def test_a_rule_computes_the_line_that_nobody_typed():
    assert quadratic.formula == L.tr(A * Sigma)
    assert [line.step.how for line in quadratic.lines] == ["given", "derived"]


def test_a_claim_knows_its_name_statement_and_what_it_builds_on():
    assert quadratic.name == "quadratic" and quadratic.module == __name__
    assert quadratic.statement.startswith("The mean of a quadratic form.\n\nIt is")
    assert slope.builds_on == [quadratic] and quadratic.builds_on == []


@claim("expectation", "E xᵀAx − E xᵀx", rivals={})
def excess():
    """What the form has more than a length, said without a recalled line."""
    yield given("beyond the length", quadratic.formula - L.tr(slope.formula))


def test_a_claim_builds_on_every_formula_that_its_proof_asks_for():
    assert excess.builds_on == [quadratic, slope]
    assert slope.builds_on == [quadratic]


def test_a_formula_read_outside_a_proof_makes_nobody_build_on_it():
    before = list(slope.builds_on)
    assert excess.formula != 0
    assert slope.builds_on == before and quadratic.builds_on == []


def test_a_claim_has_the_name_that_the_catalogue_gives_it():
    assert slope.id == ".".join([*__name__.split(".")[-2:], "slope"])


def test_a_recalled_line_is_the_closed_form_of_the_other_claim():
    first, last = slope.lines
    assert first.expression == quadratic.formula and first.step.why == "by quadratic"
    assert last.expression == Sigma


def test_a_line_says_why_it_stands():
    assert quadratic.lines[0].step.why == "the definition"
    assert quadratic.lines[1].step.why == expectation.statement and expectation.statement


def test_a_line_may_be_typed_or_assumed():
    typed, axiom = so("again", 0), assumed("from the book", 1, reference="a book, p. 3")
    assert (typed.how, typed.expression) == ("asserted", sp.S.Zero)
    assert (axiom.how, axiom.source) == ("assumed", "a book, p. 3")


def test_a_kind_that_does_not_exist_is_named():
    with pytest.raises(ProofError, match=r"'theorem' is no kind of claim; the kinds are expectation, gradient"):
        claim("theorem", rivals={})


def test_the_kinds_of_the_contract_exist():
    assert set(KINDS) == {
        "expectation", "gradient", "fixed point", "spectrum", "critical scale", "flow", "manifold", "rate",
        "inequality", "identity",
    }  # fmt: skip


def lines_of(*steps):
    @claim("identity", rivals={})
    def written():
        """A proof."""
        yield from steps

    return written.lines


def test_an_empty_proof_says_how_to_begin():
    with pytest.raises(ProofError, match=r"written has no line: yield given"):
        lines_of()


def test_a_proof_does_not_begin_with_a_rule():
    with pytest.raises(ProofError, match=r"begins with the rule expectation: begin with given"):
        lines_of(by(expectation))


@pytest.mark.parametrize("stray", [Sigma, "text", 3, None])
def test_what_is_no_line_is_shown(stray):
    with pytest.raises(ProofError, match=r"yields .*; yield given\(…\), recall\(…\)"):
        lines_of(given("so", Sigma), stray)


def test_rivals_cannot_be_left_out():
    with pytest.raises(TypeError):
        claim("identity")
