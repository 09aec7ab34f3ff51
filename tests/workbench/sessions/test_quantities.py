"""Quantities: gradients, fixed points, stability and critical scales of a session are measured from its definition."""

import pytest
import sympy as sp

from workbench import session
from workbench.catalogue import Catalogue
from workbench.errors import BadInput
from workbench.judging.verification import verify_entry
from workbench.sessions.quantities import Quantity
from workbench.sessions.sessions import Session


def gated():
    """A gain a²: it grows out of zero where the signal exceeds the price."""
    s = session("a gate")
    s.let("m: positive; p: positive; a: real; z ~ N(0, 1)")
    s.start("loss", "E[(a**2*z - m*z)**2] + 2*p*a**2")
    s.expect()
    s.call("loss")
    s.gradient("a")
    s.call("force")
    return s


def test_all_fixed_points_of_a_gradient_are_measured():
    line = gated().fixed_points("a", hypotheses=["m > p"])
    assert line.formula.shape == (1, 3) and line.status == "supported"
    assert line.answer.rungs == ["exact cubature"]


def test_a_list_that_is_not_the_fixed_points_is_refuted():
    s = gated()
    s.fixed_points("a", hypotheses=["m > p"])
    wrong = sp.ImmutableMatrix([[0, sp.sqrt(s.read("m")), -sp.sqrt(s.read("m"))]])
    answer = s.conjecture(wrong)
    assert answer.status == "refuted" and answer.witness
    root = sp.sqrt(s.read("m - p"))
    assert s.conjecture(sp.ImmutableMatrix([[root, 0, -root]])).status == "supported"


def test_stability_is_measured_and_so_is_where_it_is_lost():
    s = gated()
    line = s.stability(["a"], at={"a": 0})
    assert line.status == "supported" and line.formula[0].equals(s.read("4*(p - m)"))
    assert s.conjecture(sp.ImmutableMatrix([[s.read("2*(p - m)")]])).status == "refuted"
    scale = s.critical_scale("m")
    assert scale.formula == s.read("p") and scale.status == "supported"
    assert s.conjecture("2*p").status == "refuted"


def test_a_number_that_changes_sign_is_measured_there():
    s = session("two losses")
    s.let("m: positive; p: positive; z ~ N(0, 1)")
    s.start("difference", "E[(m*z)**2 - p*z**4]")
    s.expect()
    line = s.critical_scale("m")
    assert line.formula.equals(s.read("sqrt(3*p)")) and line.status == "supported"


def test_the_length_at_which_a_number_changes_sign_is_measured():
    s = session("two prices")
    s.let("N: count; X: d×N ~ N(0, Sigma); p: positive")
    s.start("margin", "E[tr(X*X.T)] - (d + 3)*tr(Sigma)")
    s.expect()
    line = s.critical_scale("N")
    assert line.formula.equals(s.read("d + 3")) and line.status == "supported"
    assert s.conjecture("d + 2").status == "refuted"


def test_a_hessian_is_measured_along_its_direction(tmp_path):
    s = session("one layer")
    s.let("W, D: d×d; N: count; X: d×N ~ N(0, Sigma)")
    s.start("risk", "E[tr((W*X*X.T/N - I)*Sigma*(W*X*X.T/N - I).T)]")
    s.expect()
    line = s.hessian("W", "D")
    assert line.status == "supported"
    guess = s.conjecture("2*D*((1 + 1/N)*Sigma**3 + tr(Sigma)*Sigma/N)")
    assert guess.status == "refuted" and "step" not in guess.witness["instance"]
    s.call("hessian")
    s.export("mine.curvature", tmp_path)
    (entry,) = Catalogue((tmp_path,)).entries
    assert verify_entry(entry).status == "supported"


def test_a_bare_identity_has_the_one_size_that_fits():
    s = session("sizes")
    s.let("N: count; C: N×N; W: d×d; A: d×N")
    assert s.read("tr((W - I)*(W - I).T)") == s.read("tr((W - I(d))*(W - I(d)).T)")
    assert s.read("tr(A.T*A*(C + I))") == s.read("tr(A.T*A*(C + I(N)))")
    with pytest.raises(BadInput, match=r"I could have several sizes here; write I\(.\) or I\(.\)"):
        s.read("tr(I)")
    with pytest.raises(BadInput, match="declare one"):
        session("no size").read("tr(I)")


def test_derivatives_in_several_numbers_are_one_column():
    s = session("two gains")
    s.let("a, b: real; z ~ N(0, 1)")
    s.start("loss", "E[(a*z + b*z**2 - z**3)**2]")
    s.expect()
    line = s.gradient("a", "b")
    assert line.formula.shape == (2, 1) and line.status == "supported"
    assert s.fixed_points("a", "b").status == "supported"
    assert s.last.formula == sp.ImmutableMatrix([3, 0])


def test_the_best_value_of_a_number_is_a_stationary_point_too():
    s = session("denoiser")
    s.let("a: real; tau: positive; x: d ~ N(0, Sigma); n: d ~ N(0, tau**2*I)")
    s.start("risk", "E[(a*(x + n) - x).T*(a*(x + n) - x)]")
    s.expect()
    s.gradient("a")
    line = s.stationary_point("a")
    assert line.formula.equals(s.read("tr(Sigma)/(tr(Sigma) + d*tau**2)")) and line.status == "supported"
    assert s.conjecture("1/(1 + tau**2)").status == "refuted"
    s.start("a force with three zeros", "a**3 - a*tau")
    with pytest.raises(BadInput, match="at 3 values of a; fixed_points lists them"):
        s.stationary_point("a")


def test_a_letter_is_replaced_after_a_gradient_in_it():
    s = session("a slope somewhere")
    s.let("W, A: d×d; x ~ N(0, Sigma)")
    s.start("loss", "E[x.T*W.T*W*x]")
    s.expect()
    s.gradient("W")
    line = s.substitute({"W": "A*A"})
    assert line.status == "supported" and line.quantity.at
    assert s.conjecture("2*A*Sigma").status == "refuted"


def test_a_quantity_that_is_another_one_does_not_support_a_line():
    s = gated()
    line = s.fixed_points("a", hypotheses=["m > p"])
    other = Quantity(2 * s.lines[0].quantity.expression - s.read("3*p*a**2")).gradient([s.letter("a")])
    found = s.measured(other.roots([s.letter("a")]), line.formula, line.checked, line.hypotheses)
    assert found.status != "supported"


def test_the_page_goes_on_from_a_line_with_a_name(tmp_path):
    s = gated()
    s.stability(["a"], at={"a": 0})
    line = s.recall("force")
    assert line.checked.grade == "recalled" and line.formula == s["force"]
    assert s.fixed_points("a", hypotheses=["m > p"]).status == "supported"
    s.recall("loss")
    assert not s.last.hypotheses
    again = Session.load(s.save(tmp_path / "session.jsonl"))
    assert [each.formula for each in again.lines] == [each.formula for each in s.lines]
    assert [each.status for each in again.lines] == [each.status for each in s.lines]
    with pytest.raises(BadInput, match="no line is called 'risk'"):
        s.recall("risk")


@pytest.mark.parametrize("act", [
    lambda s: s.gradient(),
    lambda s: s.gradient("a", "W"),
    lambda s: s.let("u: unit d orthogonal to W"),
    lambda s: s.let("w: unit d; v: unit d; u: unit d orthogonal to v, w"),
])  # fmt: skip
def test_what_makes_no_sense_is_answered_in_a_sentence(act):
    s = gated()
    s.let("W: d×d")
    s.recall("loss")
    with pytest.raises(BadInput) as problem:
        act(s)
    assert "\n" not in str(problem.value)


def test_spiked_tokens_are_declared_as_papers_write_them():
    s = session("spiked")
    s.let("v: unit d; u: unit d orthogonal to v; theta: positive; X: d×N ~ N(0, I + theta*v*v.T)")
    s.start("the spike", "E[v.T*X*X.T*v - u.T*X*X.T*u]")
    assert s.expect().formula == s.read("N*theta") and s.last.status == "supported"


def test_a_page_with_all_kinds_of_lines_is_a_theorem_that_verifies(tmp_path):
    s = gated()
    s.fixed_points("a", hypotheses=["m > p"])
    s.call("open_or_shut", "A gate is shut, or open by the margin of the signal")
    s.recall("force")
    s.stability(["a"], at={"a": 0})
    s.call("silence")
    s.critical_scale("m")
    s.call("onset")
    s.export("mine.gates", tmp_path)
    entries = Catalogue((tmp_path,)).entries
    verdicts = {entry.parts[2]: verify_entry(entry) for entry in entries}
    assert {name: verdict.status for name, verdict in verdicts.items()} == dict.fromkeys(
        ("loss", "force", "open_or_shut", "silence", "onset"), "supported"
    ), [verdict.reason for verdict in verdicts.values()]
    kinds = {entry.parts[2]: entry.kind for entry in entries}
    assert (kinds["open_or_shut"], kinds["silence"], kinds["onset"]) == ("fixed point", "spectrum", "critical scale")
    _, twin = s.export("mine.gates", tmp_path / "false")
    twin.write_text(twin.read_text(encoding="utf-8").replace("2 * a ** 2 * p", "3 * a ** 2 * p"), encoding="utf-8")
    assert verify_entry(Catalogue((tmp_path / "false",)).entries[0]).status == "refuted"


def test_a_line_that_left_the_page_is_not_exported_by_name(tmp_path):
    s = gated()
    s.undo(len(s.lines))
    s.start("another loss", "E[z**2]*a**2")
    s.recall("force")
    with pytest.raises(BadInput, match="'force' is recalled and no longer on the page"):
        s.fixed_points("a", hypotheses=["m > p"])
        s.call("open_or_shut")
        s.export("mine.gates", tmp_path)


def test_a_session_saved_by_another_version_is_read_as_far_as_it_is_understood(tmp_path):
    s = gated()
    path = s.save(tmp_path / "session.jsonl")
    lines = path.read_text(encoding="utf-8").replace('"with": ["a"], "named": {}', '"with": [], "named": {"wrt": "a"}')
    path.write_text(lines, encoding="utf-8")
    assert Session.load(path).last.formula == s.last.formula
    with path.open("a", encoding="utf-8") as file:
        file.write('{"schema": 2, "do": "gradient", "with": [], "named": {"towards": "a"}}\n')
    with pytest.raises(BadInput, match="the step 'gradient' of the session cannot be done again"):
        Session.load(path)
