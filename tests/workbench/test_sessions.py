"""Sessions: a derivation grows line by line, each line checked exactly and measured at once."""

import pytest
import sympy as sp

from workbench import E, dot, session, tr
from workbench.errors import BadInput
from workbench.letters import matrix, size


def regression():
    s = session("regression")
    _, _, W, x = s.let("d: size; Sigma: spd d; W: d×d; x: d ~ N(0, Sigma)")
    s.let("beta: d; g: positive")
    s.start("the risk", E(tr((W * x - x).T * (W * x - x))))
    return s, W, x


def test_a_line_is_proved_and_measured_at_once():
    s, W, _ = regression()
    line = s.expect()
    assert (line.checked.grade, line.status) == ("proved", "supported")
    assert line.answer.resolution < 1e-6
    assert (s.gradient(W).status, s.stationary_point(W).status) == ("supported", "supported")
    assert s.last.formula == sp.Identity(W.shape[0])


def test_a_wrong_guess_has_a_witness_and_a_correction_and_leaves_the_derivation_alone():
    s, W, _ = regression()
    s.expect()
    s.gradient(W)
    before = s.last
    answer = s.conjecture("2*Sigma*W - 2*Sigma")
    assert answer.status == "refuted" and answer.witness and s.last is before
    assert s.read(answer.correction["formula"]).doit() == s.read("2*W*Sigma - 2*Sigma").doit()
    assert s.conjecture("2*(W - I)*Sigma").status == "supported"


def test_a_false_line_is_refused_and_nothing_is_appended():
    s, _, _ = regression()
    s.expect()
    with pytest.raises(BadInput, match="false"):
        s.so("a slip", "tr(W*Sigma*W.T) - tr(W*Sigma) + tr(Sigma)")
    assert len(s.lines) == 2
    assert s.so("collected", "tr((W - I(d))*Sigma*(W - I(d)).T)").status == "supported"


def test_a_measurement_that_contradicts_the_formula_is_shown():
    s, _, _ = regression()
    definition = s.last.definition
    wrong = s.measured(2 * definition, s.read("tr(W*Sigma*W.T) - 2*tr(W*Sigma) + tr(Sigma)"), s.last.checked, "")
    assert wrong.status != "supported"


def test_lines_are_taken_back_branched_and_named():
    s, W, _ = regression()
    s.expect()
    s.call("risk")
    other = s.branch("other")
    other.gradient(W)
    assert (len(s.lines), len(other.lines)) == (2, 3)
    assert len(other.undo(2).lines) == 1
    assert s["risk"] == s.last.formula and other["risk"] == s["risk"]
    with pytest.raises(BadInput, match="named so far: risk"):
        s["riks"]


def test_scalar_lines_have_fixed_points_stability_and_a_critical_scale():
    s = session("order parameter")
    m, lam = s.let("m: real; lam: positive")
    s.start("the flow", (lam - 1) * m - m**3)
    slope = s.branch("slope")
    assert s.fixed_points(m, hypotheses=(lam > 1,)).formula.shape == (1, 3)
    rate = slope.stability([m], {m: 0})
    assert rate.formula[0] == lam - 1
    threshold = session("threshold")
    threshold.start("the rate", rate.formula[0])
    assert threshold.critical_scale(lam).formula == 1


def test_leading_orders_and_substitutions_follow():
    s = session("large")
    N, _, A, X = s.let("N: count; Sigma: spd d; A: d×d; X: d×N ~ N(0, Sigma)")
    s.start("a moment", E(X * X.T * A * X * X.T / N**2))
    s.expect()
    moved = s.branch("A = Sigma").substitute({A: "Sigma"})
    assert moved.status == "supported"
    assert s.substitute({A: "Sigma"}).formula == moved.formula
    scalar = session("large")
    scalar.start("a moment", E(tr(X * X.T * X * X.T) / N**2))
    scalar.expect()
    assert scalar.expand_large(N).formula == scalar.read("tr(Sigma**2) + tr(Sigma)**2/N + tr(Sigma**2)/N")


def test_letters_declared_elsewhere_join_and_namesakes_are_told_apart():
    s = session()
    A = matrix("A", size("d"), size("d"))
    s.start("a trace", tr(A * A.T))
    assert s.read("A") == A
    with pytest.raises(BadInput, match="two different letters are called A"):
        s.start("another", tr(matrix("A", size("k"), size("k"))))


@pytest.mark.parametrize("act", [
    lambda s, W, x: s.start("loose", x * x.T),
    lambda s, W, x: s.gradient(x),
    lambda s, W, x: s.gradient("nobody~"),
    lambda s, W, x: s.undo(7),
    lambda s, W, x: s.stationary_point(W),
    lambda s, W, x: s.read("W.__class__"),
    lambda s, W, x: session().expect(),
    lambda s, W, x: s.conjecture("W"),
    lambda s, W, x: s.start("shape", E(dot(x, x))) and s.expect() and s.critical_scale("g"),
])  # fmt: skip
def test_what_makes_no_sense_is_answered_in_a_sentence(act):
    s, W, x = regression()
    with pytest.raises(BadInput) as problem:
        act(s, W, x)
    assert "\n" not in str(problem.value)


def test_a_session_shows_its_mathematics_escaped():
    s, _, _ = regression()
    s.lines.clear()
    s.start("<script>alert(1)</script>", E(s.read("tr(x*x.T)").doit()))
    assert "<script>" not in s._repr_html_() and r"\mathbb{E}" in s._repr_html_()
