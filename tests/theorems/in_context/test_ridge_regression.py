"""Hand cases for in_context.ridge_regression: what one can do on paper."""

from pathlib import Path

from flint import arb

from workbench.catalogue import Catalogue, member
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HERE = Catalogue((Path(__file__).resolve().parents[3],))


def closed_form(name):
    return member(HERE.claim(f"in_context.ridge_regression.{name}"), "derivations").formula


def test_as_many_examples_as_directions_and_ridge_of_a_half_leave_half_of_a_task():
    share = closed_form("forgotten")  # s g² + s g − 1 = 0 at γ = 1, so s = 1/2 gives g = 1
    assert evaluate(share, as_point(share, s="1/2", d=3, n=3)) == arb("0.5")


def test_white_tokens_are_felt_through_the_same_root():
    risk, share = closed_form("risk"), closed_form("forgotten")
    there = as_point(risk, d=2, n=3, s="1/2", sigma=1, Sigma=[[1, 0], [0, 1]], w=[[0], [0]])
    g = evaluate(share, as_point(share, s="1/2", d=2, n=3), Balls()) * 2  # tr (ZZᵀ/n + s)⁻¹ per dimension
    kappa = arb("0.5") / (1 - arb(2) / 3 * (1 - g / 2))
    freedom = 2 / (1 + kappa) ** 2 / 3
    assert evaluate(risk, there, Balls()).overlaps(freedom / (1 - freedom))
