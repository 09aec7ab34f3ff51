"""Sessions: a derivation grows line by line, each line checked exactly and measured at once."""

import pytest
import sympy as sp
from sympy import Identity

from workbench import E, dot, session, tr
from workbench.errors import BadInput
from workbench.language.laws import gaussian
from workbench.language.letters import matrix, size, unit_vector
from workbench.sessions.quantities import Quantity
from workbench.sessions.sessions import Session


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


def test_a_letter_from_elsewhere_stays_orthogonal_to_others_when_the_page_is_replayed(tmp_path):
    d = size("d")
    b = unit_vector("b", d)
    a, x = unit_vector("a", d, orthogonal_to=[b]), gaussian("x", d, mean=b, cov=Identity(d))
    s = session("orthogonal")
    s.start("across", E(dot(a, x) ** 2))
    assert s.expect().formula == 1  # of the noise alone: a and b are orthogonal
    assert Session.load(s.save(tmp_path / "page.jsonl")).last.formula == 1


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
    doubled = Quantity(2 * s.last.quantity.expression)
    wrong = s.measured(doubled, s.read("tr(W*Sigma*W.T) - 2*tr(W*Sigma) + tr(Sigma)"), s.last.checked)
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
    found = scalar.expand_large(N).formula
    assert sp.expand(found - scalar.read("tr(Sigma**2) + tr(Sigma)**2/N + tr(Sigma**2)/N")) == 0


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
    assert "<script>" not in s._repr_html_() and "<math" in s._repr_html_()


def test_an_exported_session_is_a_theorem_that_verifies(tmp_path):
    from workbench.catalogue import Catalogue
    from workbench.judging.verification import verify_entry

    s = session("one layer")
    d, N, Sigma, W, X = s.let("d: size; N: count; Sigma: spd d; W: d×d; X: d×N ~ N(0, Sigma)")
    layer = W * X * X.T / N - sp.Identity(d)
    s.start("the risk", E(tr(layer * Sigma * layer.T) + tr(Sigma) / 3 - tr(sp.Rational(2, 3) * Sigma * W)))
    s.expect()
    s.call("risk")
    s.gradient(W)
    s.conjecture("2*W*((1 + 1/N)*Sigma**3 + tr(Sigma)*Sigma/N) - 2*Sigma**2 - 2/3*Sigma")
    s.call("risk_gradient")
    s.stationary_point(W)
    s.call("best_weights")
    s.export("mine.one_layer", tmp_path)
    verdicts = {e.parts[2]: verify_entry(e) for e in Catalogue((tmp_path,)).entries}
    assert {name: v.status for name, v in verdicts.items()} == dict.fromkeys(
        ("risk", "risk_gradient", "best_weights"), "supported"
    ), [v.reason for v in verdicts.values()]
    assert any(rival.startswith("a guess") for rival in verdicts["risk_gradient"].rivals)
    with pytest.raises(BadInput, match="exists already"):
        s.export("mine.one_layer", tmp_path)


def test_a_saved_session_is_replayed_whatever_became_of_its_file(tmp_path):
    s, W, _ = regression()
    s.expect()
    s.call("risk")
    path = s.save(tmp_path / "session.jsonl")
    s.gradient(W)
    s.undo()
    s.gradient("W")
    s.conjecture("2*W*Sigma")
    before = path.read_text(encoding="utf-8")
    s.save(path)
    assert path.read_text(encoding="utf-8").startswith(before), "a file is only appended to"
    with path.open("a", encoding="utf-8") as file:
        file.write(
            '{"schema": 99, "do": "divine", "with": [1]}\n{"do": "__init__", "with": ["x"]}\n{"schema": 1, "do": "exp'
        )
    again = type(s).load(path)
    assert [line.formula for line in again.lines] == [line.formula for line in s.lines]
    assert [line.status for line in again.lines] == [line.status for line in s.lines]
    assert again["risk"] == s["risk"] and len(again.guesses) == 1


def test_a_session_with_letters_from_elsewhere_and_joint_numbers_is_replayed(tmp_path):
    from workbench import gaussian, spd

    s = session("elsewhere")
    d = size("d")
    x = gaussian("x", d, cov=spd("S", d))
    u, v = s.let("(u, v) ~ N(0, [[1, rho], [rho, 1]])")
    s.start("numbers", E(sp.Max(0, u) * sp.Max(0, v)))
    s.start("both", E(tr(x * x.T)))
    s.expect()
    again = type(s).load(s.save(tmp_path / "session.jsonl"))
    assert again.last.formula == s.last.formula and again.last.status == "supported"
    assert again.journal == s.journal and "relu(u)*relu(v)" in str(s.journal)


@pytest.mark.parametrize("text", ["", "no json", '{"do": "expect"}', "[1, 2]"])
def test_a_file_that_is_no_session_is_refused_in_a_sentence(tmp_path, text):
    path = tmp_path / "session.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="no session"):
        type(session()).load(path)
