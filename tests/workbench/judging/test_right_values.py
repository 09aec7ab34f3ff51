"""Right values: a refuted equation that no formula corrects is answered by the number that stands on the other side."""

import json

import pytest

from workbench import check
from workbench.sessions.telling import told
from workbench.showing.display import verdict_html


@pytest.mark.parametrize(
    ("statement", "where", "digits"),
    [
        ("E[sigmoid(z + 1)] == sigmoid(1)", "", "0.69673467014368"),  # adaptive quadrature of scipy, to 1e-14
        ("E[abs(erf(1000*z))] == 1", "", "0.9995498419169"),  # 1 − (2/π) atan(1/(1000√2)), by parts
        ("E[sqrt(z**2 + 10**(-20))] == sqrt(2/pi)", "", "0.79788456080286535597"),  # more digits where it is near
    ],
)
def test_without_a_closed_form_the_right_value_is_an_enclosed_number(statement, where, digits):
    answer = check(statement, where)
    assert answer.status == "refuted" and answer.witness
    assert answer.correction["at"] == "" and answer.correction["formula"].startswith(digits)
    assert f"the right value is {answer.correction['formula']}  (by brute force" in told(answer)
    assert "the right value is" in verdict_html(answer)
    json.dumps(answer.record())


def test_a_right_value_says_for_which_letters_it_is_the_value():
    answer = check("E[sigmoid(z + t)] == sigmoid(t)")
    assert answer.correction["at"] == answer.witness["instance"] != ""
    assert abs(float(answer.correction["formula"].rstrip("…")) - answer.witness["measured"]) < 1e-9


def test_a_right_value_that_is_only_measured_comes_with_its_bar():
    answer = check("E[max(z1, z2, z3, z4)] == 1", "z1, z2, z3, z4 ~ N(0, 1)")
    value, bar = map(float, answer.correction["formula"].split(" ± "))
    assert abs(value - 1.0293753730) < bar < 0.05 and "measured" in answer.correction["found"]  # David and Nagaraja


def test_a_formula_is_preferred_to_a_number():
    assert check("E[z**4] == 4").correction["at"] is None


@pytest.mark.parametrize("term", ["relu(g - 9)/10**6", "step(g - 30)/10**5"])
def test_sides_that_were_found_equal_are_compared_where_they_are_measured_to_differ(term):
    answer = check(f"P(|z| <= g) == 2Φ(g) - 1 + {term}")
    assert (answer.status, answer.compared) == ("refuted", "not the left side, by brute force")
    assert answer.witness and answer.correction


def test_a_multiple_of_a_gradient_is_a_gradient():
    for left in ("2*grad(E[norm(W*x)**2], W)", "grad(E[norm(W*x)**2], W) + grad(E[tr(W*x*x.T*W.T)], W)"):
        assert check(f"{left} == 4*W*Sigma").sizes == "for every size"
        assert check(f"{left} == 4*Sigma*W").status == "refuted"
    assert check("W*grad(E[norm(W*x)**2], W) == 2*W*W*Sigma", "W: d×d").status == "supported"
