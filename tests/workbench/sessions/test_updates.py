"""Sessions that follow a random update: its means, a mean after T steps by a real run, and the critical rate."""

import pytest

from workbench import session
from workbench.errors import BadInput
from workbench.sessions.sessions import Session

STEP = {"e": "e - eta*x*x.T*e"}
NOISY = {"e": "e - eta*x*(x.T*e + sigma*xi)"}


def page():
    s = session("delta rule")
    s.let("eta, sigma: positive; e: d; x: d ~ N(0, I); xi: 1 ~ N(0, 1); T: count")
    s.start("the squared error", "norm(e)**2")
    return s


def test_a_mean_after_steps_is_derived_and_run():
    s = page()
    line = s.after_steps(NOISY, "T")
    assert line.status == "supported" and line.checked.grade == "proved" and "run for T < 4" in repr(line)
    answer = s.conjecture("(1 - eta)**(2*T)*norm(e)**2")
    assert answer.status == "refuted" and answer.correction["found"] == "by the derivation"


def test_a_recursion_names_its_means_and_is_measured_at_them():
    s = page()
    line = s.recursion(STEP)
    assert line.status == "supported" and "mean_1 for e.T*e" in repr(line)
    assert (line.formula - s.read("(1 - 2*eta + (d + 2)*eta**2)*mean_1")).expand() == 0
    assert s.conjecture("(1 - 2*eta + d*eta**2)*mean_1").status == "refuted"
    s.call("step")
    rate = s.critical_rate("eta")
    assert rate.status == "supported" and (rate.formula - s.read("2/(d + 2)")).simplify() == 0
    assert s.conjecture("2/d").status == "refuted"
    s.recall("step")
    assert s.conjecture("(1 - 2*eta + (d + 2)*eta**2)*mean_1").status == "supported"


def test_several_means_are_followed_together():
    s = session("weights")
    s.let("eta: positive; W: d×d; x: d ~ N(0, I)")
    s.start("the squared weights", "tr(W*W.T)")
    line = s.recursion({"W": "W - eta*W*x*x.T + eta*x*x.T"})
    assert line.formula.shape == (2, 1) and line.status == "supported"
    rate = s.critical_rate("eta")
    assert rate.checked.grade == "proved" and rate.answer is None  # no single mean whose growth could be measured


def test_what_a_matrix_covariance_needs_is_followed_by_letters_that_are_given():
    s = session("keys")
    s.let("eta: positive; e: d; S: spd d; x: d ~ N(0, Sigma)")
    s.start("second moment", "e*e.T")
    assert s.recursion(STEP, {"S": "e*e.T"}).status == "supported"


def test_a_recursion_is_the_same_when_a_page_is_loaded_again(tmp_path):
    s = page()
    s.recursion(STEP)
    s.critical_rate("eta")
    again = Session.load(s.save(tmp_path / "page.jsonl"))
    assert [line.formula for line in again.lines] == [line.formula for line in s.lines]


@pytest.mark.parametrize(
    ("deed", "says"),
    [
        (lambda s: s.recursion({"e": "e*norm(e)**2"}), "does not close"),
        (lambda s: s.recursion(STEP, {"sigma": "norm(x)**2"}), "that of the line"),
        (lambda s: s.after_steps(STEP, "eta"), "declare a count"),
        (lambda s: s.critical_rate("eta"), "recursion.update. first"),
        (lambda s: s.recursion({"x": "x"}), "no fixed letter"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(deed, says):
    with pytest.raises(BadInput, match=says):
        deed(page())


def test_steps_are_not_written_into_files_yet(tmp_path):
    s = page()
    s.after_steps(STEP, "T")
    s.call("after_many")
    with pytest.raises(BadInput, match="write its twin by hand"):
        s.export("mine.delta", tmp_path)
