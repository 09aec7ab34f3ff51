"""Hand cases for denoising.linear_layers: prompts short enough for paper."""

import torch
from flint import fmpq

from derivations.denoising import linear_layers as theorem
from numerics.denoising.layers import linear_attention
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

LINE = {"d": 1, "Sigma": [[1]], "v": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_without_attention_the_whole_query_is_lost():
    assert worth(theorem.risk, d=2, L=3, v=5, theta=0, Sigma=[[2, 1], [1, 3]]) == 2 + 3


def test_on_a_line_one_token_of_variance_one_costs_its_fourth_moment():
    # x̂ = θX²(x + n): R = 1 − 2θ E X² + θ² E X⁴ (1 + v) = 1 − 2θ + 6θ² at v = 1
    assert worth(theorem.risk, L=1, theta=1, **LINE) == 5
    assert worth(theorem.risk_slope, L=1, theta=1, **LINE) == 10
    assert worth(theorem.best_strength, L=1, **LINE) == fmpq(1, 6)
    assert worth(theorem.least_risk, L=1, **LINE) == fmpq(5, 6)


def test_two_tokens_average_their_squares():
    # E ((X² + Y²)/2)² = (3 + 3 + 2)/4 = 2
    assert worth(theorem.best_strength, L=2, **LINE) == fmpq(1, 4)
    assert worth(theorem.least_risk, L=2, **LINE) == fmpq(3, 4)


def test_variances_one_and_two_cost_endless_attention_what_their_fractions_say():
    # v = 1: ΣB⁻¹Σ has trace 1/2 + 4/3, the layer regains (1 + 4)²/(1·2 + 4·3)
    gap = worth(theorem.endless_gap, d=2, v=1, Sigma=[[1, 0], [0, 2]])
    assert gap == fmpq(11, 6) - fmpq(25, 14)


def test_one_variance_is_denoised_perfectly_by_endless_attention():
    assert worth(theorem.endless_gap, d=2, v=3, Sigma=[[2, 0], [0, 2]]) == 0


def test_attention_is_an_average_over_tokens():
    context, query = torch.tensor([[1.0, 2.0], [3.0, 0.0]]), torch.tensor([1.0, 1.0])
    assert torch.equal(linear_attention(context, query), torch.tensor([6.0, 3.0]))  # scores 3 and 3
