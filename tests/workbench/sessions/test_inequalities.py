"""Inequalities: refuted at a point, proved for all letters, or undecided; every link of a chain is judged."""

import pytest
import sympy as sp

from workbench.errors import BadInput
from workbench.language import letters as L
from workbench.sessions.answers import check
from workbench.sessions.inequalities import never_negative
from workbench.sessions.telling import told

d = L.size("d")
S = L.spd("S", d)
t, g = L.scalar("t"), L.positive("g")


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("E[z^4] >= 2", "supported"),
        ("E[z^4] <= 3", "supported"),
        ("E[z^4] < 3", "refuted"),
        ("2 <= E[z^4]", "supported"),
        ("E[z^4] <= 2", "refuted"),
        ("0 <= E[sigmoid(z)] <= 1", "supported"),
        ("P(|z| > 2) <= 1/4", "supported"),
        ("E[abs(z)] < 3/4", "refuted"),
        ("E‖x‖² >= 0", "supported"),
        ("E‖x‖² <= tr(Sigma)/2", "refuted"),
        ("E[tr((X X')^2)] >= N^2 tr(Sigma^2)", "supported"),
        ("E[tr((Z Z')^2)] >= N^2 d^2", "refuted"),
        ("E[t*z**2] >= 3 where t > 3", "supported"),
        ("E[t*z**2] >= 4 where t > 3", "refuted"),
        ("E[max(t, 0)*z**2] <= 1000000", "undecided"),
        ("E[(a'x)^2] <= a'a tr(Sigma)", "supported"),
        ("E[(a'x)^2] <= a'a tr(Sigma)/2", "refuted"),
        ("E[exp(t z)] >= 1", "supported"),
        ("E[exp(t z)] > 1", "refuted"),
        ("E[exp(g z)] > 1", "undecided"),
        ("E[erf(t + z)] < 1", "supported"),
        ("E[erf(t + z)] < 9/10", "refuted"),
        ("E[u*v] > -1", "supported"),
        ("a.T*Sigma*a > 0", "refuted"),
        ("tr(Sigma)*tr(inv(Sigma)) > d**2", "refuted"),
    ],
)
def test_an_inequality_is_refuted_at_a_point_or_proved_and_points_alone_prove_nothing(statement, status):
    answer = check(statement)
    assert answer.status == status, answer.reason
    assert bool(answer.witness) == (status == "refuted") and answer.kind == "inequality"
    if status == "undecided":
        assert "points that were tried" in answer.reason


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("E[X X'] = N Sigma = Sigma N", "supported"),
        ("E[z^2] = 1 = E[u^2]", "supported"),
        ("E[z^2] = 1 = E[z^4]", "refuted"),
        ("E[X X'] = N Sigma = Sigma", "refuted"),
        ("E[tr(X*C*X.T)] == tr(C)*tr(Sigma) == tr(Sigma)*tr(C)", "supported"),
        ("E[z^2] = 1 <= E[z^4]", "supported"),
    ],
)
def test_every_link_of_a_chain_is_judged(statement, status):
    answer = check(statement)
    assert answer.status == status and len(answer.links) == 2, answer.reason
    assert told(answer).startswith(f"{statement}: {status.upper()}")
    if status == "refuted":
        assert "the link" in answer.reason and answer.witness


def test_an_inequality_is_told_with_its_sign():
    assert told(check("E[z^4] >= 2")).startswith("E[z**4] >= 2: SUPPORTED")


@pytest.mark.parametrize(
    ("statement", "sentence"), [("E[X X'] >= Sigma", "two readings"), ("E[z] != 1", "no statement")]
)
def test_what_is_no_link_is_refused(statement, sentence):
    with pytest.raises(BadInput, match=sentence):
        check(statement)


@pytest.mark.parametrize(
    ("gap", "strict", "proved"),
    [
        (g * t**2, False, True),
        (g * t**2, True, False),
        (d - 1, False, True),
        (d - 1, True, False),
        (d - 2, False, False),
        (t, False, False),
        ((t - g) ** 2, False, True),
        (g - t**2, False, False),
        (sp.Trace(S) - g, False, False),
    ],
)
def test_a_sum_is_proved_never_negative_term_by_term(gap, strict, proved):
    assert never_negative(gap, (), strict) == proved
