"""Typed limits: what a mean of traces tends to as all sizes grow in fixed proportions, derived and measured."""

import pytest

from workbench import session
from workbench.errors import BadInput
from workbench.language.printing import latex, text
from workbench.sessions.answers import check
from workbench.sessions.equations import read_equation
from workbench.sessions.telling import told

NOISE = "X ~ N(0, I)"
SHARE = "E[tr(inv(X*X.T/N + g*I))]/d"
LAW = "(sqrt((1 + g - c)**2 + 4*g*c) - 1 - g + c)/(2*g*c)"  # of Marchenko and Pastur


def test_a_right_limit_is_supported_and_says_that_it_is_one():
    answer = check(f"lim[d/N -> c]({SHARE}) == {LAW}", NOISE)
    assert answer.status == "supported" and answer.resolution is not None and answer.resolution < 0.05
    assert "SUPPORTED as all sizes grow in fixed proportions" in told(answer)
    assert "goes to 0 as all sizes grow in fixed proportions" in told(answer) and "lim(E[" in told(answer)


def test_the_value_at_long_prompts_is_no_limit_at_a_fixed_ratio():
    answer = check(f"lim({SHARE}) == 1/(1 + g)", NOISE)
    assert answer.status == "refuted" and answer.correction and answer.correction["found"] == "by the derivation"


def test_a_limit_is_printed_as_it_is_typed_and_as_papers_do():
    left = read_equation(f"lim({SHARE}) == g", [NOISE]).left
    assert text(left) == "lim(E[tr(inv(g*I(d) + 1/N*X*X.T))/d])"
    assert latex(left).startswith(r"\lim \mathbb{E}\left[")


@pytest.mark.parametrize(("statement", "where", "said"), [
    ("lim(E[tr(inv(X*X.T/N + g*I))]) == g", NOISE, r"grows with the sizes; divide a trace by its size"),
    (f"2*lim({SHARE}) == g", NOISE, "stands around a whole side"),
    (f"lim({SHARE}) == lim({SHARE})", NOISE, "stands around a whole side"),
    ("lim(E[exp(tr(X*X.T)/N)]) == g", NOISE, "is not derived"),
    ("lim(E[X*X.T]) == g", NOISE, "is taken of a number"),
    ("lim(E[tr(inv(X*X.T/N + g*I(3)))]) == g", "d = 3; X ~ N(0, I)", "lets all sizes grow, and X is 3×N"),
])  # fmt: skip
def test_what_has_no_limit_here_is_refused_in_a_sentence(statement, where, said):
    with pytest.raises(BadInput, match=said):
        check(statement, where)


def test_a_session_passes_to_the_limit_of_a_line_and_measures_it():
    s = session("ridge")
    s.let("d: size; N: count; g: positive; Sigma: spd d; X: d×N ~ N(0, Sigma); w: d ~ N(0, I)")
    s.start("what ridge leaves of a random task", "E[g*w.T*inv(X*X.T/N + g*I(d))*w/d]")
    line = s.limit()
    assert [each.line.step.rule.name for each in s.lines[1:3]] == ["averaging", "equivalent"]
    assert line.checked.grade == "measured" and "where t = " in text(line.formula)
    assert s.lines[2].status == "supported"
    s.call("left")
    with pytest.raises(BadInput, match="write its twin by hand"):
        s.export("mine.ridge")
