"""Models of the frontier, typed from a blank page: each is derived, and its wrong neighbour refuted and corrected."""

from pathlib import Path

import pytest

from workbench import session
from workbench.sessions.answers import check

DRIFT = "X: d×N ~ N(0, I); W: d×N ~ N(0, I, R); R: spd N; k: N"
READ = "E[norm(lam*X*had(X, W).T*ones(d) - W*k)**2]"  # Σ y_i x_i with y_i = w_i·x_i, for the task W*k of the query
DRIFTING = "d*k.T*R*k - 2*lam*d*ones(N).T*R*k + lam**2*d*(ones(N).T*R*ones(N) + (d + 1)*tr(R))"
UNMOVED = DRIFTING.replace("ones(N).T*R*ones(N)", "N*tr(R)")  # as if the first task were that of every example
# the error of (XXᵀ/N + g)⁻¹Xy/N at a query: the task is random, of length one, and the noise of size σ
RIDGE = "lim[d/N → c](g**2*E[tr(M**2)]/d + sigma**2*E[tr(M**2*X*X.T)]/N**2)"
FIXED = "M = inv(X*X.T/N + g*I(d)); X ~ N(0, I); k = (g + c - 1 + sqrt((g + c - 1)**2 + 4*g))/2; f = c/(1 + k)**2"

PAGES = {
    "the logarithm of a Wishart determinant": (
        "E[log(det(X*X.T))]", "", "digamma_sum(N/2, d) + d*log(2) + log(det(Sigma))",
        "digamma_sum(N/2, d) + d*log(2) + tr(Sigma)",
    ),
    "softmax over two tokens": (
        "E[(exp(a.T*x)*x + exp(a.T*y)*y)/(exp(a.T*x) + exp(a.T*y))]", "x, y ~ N(0, Sigma)",
        "tanh_mean(1, sqrt(a.T*Sigma*a/2))*Sigma*a/2", "tanh_mean(1, sqrt(a.T*Sigma*a))*Sigma*a/2",
    ),
    "the risk of ridge regression at a fixed ratio": (RIDGE, FIXED, "(k**2/(1 + k)**2 + sigma**2*f)/(1 - f)",
                                                      "k**2/(1 + k)**2 + sigma**2*f"),
    "least squares without a ridge": (
        "lim[d/N → c](N*E[tr(inv(X*X.T))]/d)", "X: d×N ~ N(0, I); N > d + 1", "1/(1 - c)", "1/(1 - c)**3",
    ),
    "a direction hidden in noise": (
        "lim[d/N → c](E[u.T*inv((X/sqrt(N) + t*u*v.T)*(X.T/sqrt(N) + t*v*u.T) + g*I(d))*u])",
        "X: d×N ~ N(0, I); u: unit d; v: unit N; q = (c - 1 - g + sqrt((1 - c)**2 + g**2 + 2*g*(1 + c)))/(2*g)",
        "(t**2 + (1 + t**2)*q)/(t**4 + (1 + c + g)*t**2 + c)", "q/c",
    ),
    "one step of gradient descent on tokens of a sphere": (
        "E[norm(w - lam*X*X.T*w)**2]", "X: d×N ~ Sphere; w: d",
        "(1 - 2*lam*N/d + lam**2*N*(N + d - 1)/d**2)*w.T*w", "(1 - 2*lam*N/d + lam**2*N*(N + d + 1)/d**2)*w.T*w",
    ),
    "a task that drifts along the prompt": (READ, DRIFT, DRIFTING, UNMOVED),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_a_model_of_the_frontier_is_judged_from_one_line(name):
    left, where, right, wrong = PAGES[name]
    assert check(f"{left} == {right}", where).status == "supported"
    answer = check(f"{left} == {wrong}", where)
    assert answer.status == "refuted" and answer.witness
    assert answer.correction and answer.correction["found"] == "by the derivation"


@pytest.mark.parametrize("name", PAGES)
def test_the_page_about_the_frontier_shows_the_line_that_is_judged_here(name):
    left, where, right, _ = PAGES[name]
    page = (Path(__file__).resolve().parents[3] / "docs" / "frontier.md").read_text(encoding="utf-8")
    assert f'"{left} == {right}"' in page and (not where or f'"{where}"' in page)


def test_the_critical_rate_of_the_delta_rule_is_found_on_a_page_of_four_lines():
    s = session("delta rule")
    s.let("eta: positive; e: unit d; x: d ~ N(0, I)")
    s.start("growth of an error of length one", "E[norm(e - eta*x*x.T*e)**2] - 1")
    s.expect()
    rate = s.critical_scale("eta")
    assert rate.status == "supported" and rate.formula == s.read("2/(d + 2)")
    answer = s.conjecture("2/d")  # as if the length of a key were its mean
    assert answer.status == "refuted" and s.read(answer.correction["formula"]) == rate.formula


def test_least_squares_with_fewer_examples_than_unknowns_has_the_noise_of_its_transpose():
    """The interpolator of least norm (Belkin, Hsu & Xu 2020): its share of the noise for d > N + 1."""
    left, where = "E[norm(X*inv(X.T*X)*y)**2]", "X: d×N ~ N(0, I); y: N ~ N(0, sigma**2*I)"
    right = check(f"{left} == sigma**2*N/(d - N - 1)", where)
    assert right.status == "supported" and "d > N + 1" in right.where
    wrong = check(f"{left} == sigma**2*N/(d - N)", where)
    assert wrong.status == "refuted" and wrong.correction["found"] == "by the derivation"
