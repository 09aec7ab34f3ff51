"""Hand cases for measures.flows: a cloud on a line, and directions that do not meet."""

import pytest
import torch
from flint import arb, fmpq

from derivations.measures import flows as theorem
from numerics.measures import flows as twins
from workbench.evidence import measure
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

SIGMA, SCORES, SWAP = [[2, 1], [1, 3]], [[1, 4], [0, 1]], [[0, 1], [1, 0]]
FIRST, SECOND = [[1], [0]], [[0], [1]]


def worth(claim, ring=None, d=1, **letters):
    value = evaluate(claim.formula, as_point(claim.formula, d=d, **letters), ring)
    return value.tolist() if hasattr(value, "tolist") else value


def on_a_line(**letters):
    return {name: [[value]] for name, value in letters.items()}


def test_on_a_line_the_centre_grows_by_value_times_one_plus_score_times_variance():
    # 5 (1 + 3·2) · 7
    assert worth(theorem.mean_velocity, **on_a_line(V=5, Sigma=3, A=2, mu=7)) == [[5 * 7 * 7]]


def test_on_a_line_the_variance_grows_by_its_square():
    assert worth(theorem.covariance_velocity, **on_a_line(V=5, Sigma=3, A=2)) == [[2 * 5 * 2 * 9]]


def test_on_a_line_the_variance_is_a_hyperbola_in_depth():
    # 1/(1/σ₀ − 2at) with σ₀ = 1/2, a = 1, t = 1/2
    assert worth(theorem.covariance_flow, t=fmpq(1, 2), **on_a_line(Sigma0=fmpq(1, 2), A=1)) == [[1]]


def test_rotating_scores_leave_the_cloud_alone():
    turning = [[0, 1], [-1, 0]]
    assert worth(theorem.covariance_flow, d=2, t=5, Sigma0=SIGMA, A=turning) == SIGMA


def test_a_cloud_whose_query_is_its_key_explodes_at_half_the_inverse_variance():
    assert worth(theorem.blow_up, Balls(), d=2, Sigma=SIGMA, k=FIRST, q=FIRST).overlaps(arb(1) / 4)


def test_uncorrelated_keys_and_queries_still_explode():
    # kᵀΣq = 0, kᵀΣk = 4, qᵀΣq = 9
    white = [[4, 0], [0, 9]]
    assert worth(theorem.blow_up, Balls(), d=2, Sigma=white, k=FIRST, q=SECOND).overlaps(arb(1) / 6)


@pytest.mark.parametrize("query", [1.0, -8.0])
def test_the_lifetime_of_a_cloud_lacks_no_more_than_its_bound(query):
    # Σ = I, k = e₁, q = (query, 1): t* = 1/(query + √(query² + 1)), with a fast decay beside a slow growth below zero
    letters = {"Sigma": torch.eye(2), "k": torch.tensor([1.0, 0]), "q": torch.tensor([query, 1])}
    found = measure(twins.blow_up, {name: value.double() for name, value in letters.items()})
    exact = 1 / (query + (query**2 + 1) ** 0.5)
    assert abs(found.value[0] - exact) <= found.bound[0] < 1e-6 * exact


def test_what_is_forgotten_is_the_regression_on_it():
    # Var(x₁ | x₂) = 2 − 1/3
    assert worth(theorem.forgetting, d=2, Sigma0=SIGMA, a=FIRST, b=SECOND) == fmpq(5, 3)
    assert worth(theorem.forgetting, d=2, Sigma0=SIGMA, a=SECOND, b=SECOND) == 0


def test_a_step_of_two_over_the_variance_turns_the_cloud_inside_out():
    # x₁ ← (1 − 2·h)x₁ keeps its length at h = 1
    assert worth(theorem.critical_step, d=2, Sigma=SIGMA, b=FIRST) == 1
