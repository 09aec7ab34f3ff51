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


def covariance():
    s = session("the noise of gradient descent")
    s.let("eta, sigma: positive; e: d; Sigma: spd d; x: d ~ N(0, Sigma); xi: 1 ~ N(0, 1)")
    s.start("the covariance of the error", "e*e.T")
    s.recursion(NOISY)
    return s


def test_the_covariance_of_gradient_descent_is_followed_as_one_matrix():
    """The noise near a minimum (Ziyin et al. 2022): Σ C Σ twice and tr(ΣC)Σ, not once the square of the mean step."""
    s = covariance()
    assert s.last.status == "supported" and "mean_1 for e*e.T" in repr(s.last)
    mean, drift = "mean_1 - eta*(Sigma*mean_1 + mean_1*Sigma)", "eta**2*(tr(Sigma*mean_1) + sigma**2)*Sigma"
    assert s.conjecture(f"{mean} + {drift} + 2*eta**2*Sigma*mean_1*Sigma").status == "supported"
    wrong = s.conjecture(f"{mean} + eta**2*sigma**2*Sigma + eta**2*Sigma*mean_1*Sigma")
    assert wrong.status == "refuted" and wrong.correction["found"] == "by the derivation"


def test_a_page_with_the_mean_of_a_matrix_is_replayed(tmp_path):
    s = covariance()
    s.save(tmp_path / "page.jsonl")
    assert Session.load(tmp_path / "page.jsonl").last.formula == s.last.formula


def test_a_matrix_whose_recursion_does_not_close_is_refused_in_a_sentence():
    s = page()
    s.start("a matrix of degree four", "e*e.T*e*e.T")
    with pytest.raises(BadInput, match="does not close"):
        s.recursion(STEP)


def test_a_step_supposes_what_its_page_does():
    """Momentum on a quadratic of curvature h: 2(1 + beta)/h, for a memory below one, declared with the letters."""
    s = session("heavy ball")
    s.let("eta, beta, h: positive; e, v: real; beta < 1")
    s.start("the error", "e")
    s.recursion({"v": "beta*v - eta*h*e", "e": "e + beta*v - eta*h*e"})
    rate = s.critical_rate("eta")
    assert (rate.formula - s.read("2*(1 + beta)/h")).simplify() == 0 and rate.checked.grade == "proved"


def test_the_critical_rate_of_momentum_with_random_examples_is_smaller():
    s = session("heavy ball on examples")
    s.let("eta: positive; beta: probability; e, v: d; x: d ~ N(0, I)")
    s.start("the squared error", "norm(e)**2")
    s.recursion({"v": "beta*v - eta*x*x.T*e", "e": "e + beta*v - eta*x*x.T*e"})
    rate = s.critical_rate("eta")
    assert (rate.formula - s.read("2*(1 - beta**2)/(2 + d + beta*d)")).simplify() == 0
