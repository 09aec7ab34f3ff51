"""Hand cases for measures.softmax_affine: what one can do on paper, compared exactly.

Boursier & Boyer (arXiv 2512.11784, Lemma 2.1) for softmax; Castin et al. (arXiv 2501.18322) for the
other two; the delta method for finite contexts. One coordinate suffices to do most of them by hand.
"""

from math import comb

import torch
from flint import arb, fmpq

from derivations.measures import softmax_affine as theorem
from numerics.measures import contexts
from numerics.measures.heads import softmax_attention, without_each
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

SIGMA = [[2, 1], [1, 3]]
Q, K, V = [[1, 2], [0, 1]], [[1, 0], [3, 1]], [[2, 1], [1, 1]]
MU, X = [[1], [-1]], [[1], [2]]
BLIND, ZERO, ONE = [[0, 0], [0, 0]], [[0], [0]], [[1, 0], [0, 1]]


def worth(claim, ring=None, **letters):
    """The closed form of a claim at these letters, as nested lists of exact numbers."""
    d = len(next(iter(letters.values())))
    value = evaluate(claim.formula, as_point(claim.formula, d=d, **letters), ring)
    return value.tolist() if hasattr(value, "tolist") else value


def scalars(**letters):
    """The same numbers as 1×1 matrices: attention over tokens on a line."""
    return {name: [[value]] for name, value in letters.items()}


def test_on_a_line_softmax_adds_variance_times_key_times_query_to_the_mean():
    # V (μ + σ² k q x) = 2 (1 + 3·5·7·1/2)
    line = scalars(mu=1, Sigma=3, K=5, Q=7, V=2, x=fmpq(1, 2))
    assert worth(theorem.output, **line) == [[2 * (1 + fmpq(105, 2))]]


def test_in_the_plane_softmax_is_the_product_done_by_hand():
    # Qx = (5, 2), KᵀQx = (11, 2), ΣKᵀQx = (24, 17), plus μ = (25, 16), times V = (66, 41)
    assert worth(theorem.output, mu=MU, Sigma=SIGMA, K=K, Q=Q, V=V, x=X) == [[66], [41]]


def test_a_blind_query_gets_the_average_of_the_context():
    assert worth(theorem.output, mu=MU, Sigma=SIGMA, K=K, Q=BLIND, V=V, x=X) == [[1], [0]]  # Vμ


def test_a_blind_query_gets_nothing_from_linear_attention():
    assert worth(theorem.linear_output, mu=MU, Sigma=SIGMA, K=K, Q=BLIND, V=V, x=X) == [[0], [0]]


def test_tokens_that_are_all_equal_are_returned_whatever_the_query_asks():
    for query in ([[1], [2]], [[-7], [fmpq(1, 3)]]):
        assert worth(theorem.output, mu=MU, Sigma=BLIND, K=K, Q=Q, V=ONE, x=query) == MU


def test_two_equal_tokens_are_returned_by_the_torch_head_as_well():
    token = torch.tensor([0.25, -3.0], dtype=torch.float64)
    two = torch.stack([token, token])
    assert torch.equal(softmax_attention(two, two @ torch.tensor([2.0, 1.0], dtype=torch.float64)), token)


def test_equal_scores_make_the_torch_head_average_its_context():
    two = torch.tensor([[1.0, 2.0], [3.0, -6.0]], dtype=torch.float64)
    assert torch.equal(softmax_attention(two, torch.zeros(2, dtype=torch.float64)), torch.tensor([2.0, -2.0]).double())


def test_leaving_out_one_of_two_tokens_returns_the_other():
    two = torch.tensor([[1.0], [3.0]], dtype=torch.float64)
    assert torch.equal(without_each(two, torch.zeros(2, dtype=torch.float64)), two.flip(0))


def test_softmax_and_linear_attention_agree_on_centred_tokens():
    centred = {"Sigma": SIGMA, "K": K, "Q": Q, "V": V, "x": X, "mu": ZERO}
    assert worth(theorem.output, **centred) == worth(theorem.linear_output, **centred)


def test_linear_attention_reads_the_second_moment_where_the_mean_is_not_zero():
    # V (σ² + μ²) k q x = 2 (3 + 16)·5·7·(1/2)
    line = scalars(mu=4, Sigma=3, K=5, Q=7, V=2, x=fmpq(1, 2))
    assert worth(theorem.linear_output, **line) == [[665]]


def test_distance_attention_on_a_line_is_a_precision_weighted_average():
    # exp(−(x−X)²) is a Gaussian of variance 1/2: (μ/σ² + 2x)/(1/σ² + 2) = (1 + 2·4)/(1/2 + 2), μ = 2, σ² = 2
    assert worth(theorem.l2_output, **scalars(mu=2, Sigma=2, K=1, Q=1, V=1, x=4)) == [[fmpq(18, 5)]]


def test_distance_attention_without_keys_averages_the_context():
    letters = {"mu": MU, "Sigma": SIGMA, "Q": Q, "V": V, "x": X}
    assert worth(theorem.l2_output, K=BLIND, **letters) == [[1], [0]]  # Vμ: every token is equally far


def test_two_equal_heads_are_twice_one_head():
    one = {"mu": MU, "Sigma": SIGMA, "x": X, "K": K, "Q": Q, "V": V}
    doubled = worth(theorem.multi_head, **one, K2=K, Q2=Q, V2=V)
    assert doubled == [[2 * entry for entry in row] for row in worth(theorem.output, **one)]


def test_a_second_head_without_values_adds_nothing():
    one = {"mu": MU, "Sigma": SIGMA, "x": X, "K": K, "Q": Q, "V": V}
    assert worth(theorem.multi_head, **one, K2=Q, Q2=K, V2=BLIND) == worth(theorem.output, **one)


def test_on_a_line_the_slope_in_the_query_weight_is_the_rest_of_the_product():
    # ∂/∂q of a v (μ + σ² k q x) = a v σ² k x = 3·2·5·7·11
    assert worth(theorem.sensitivity, **scalars(a=3, V=2, Sigma=5, K=7, x=11)) == [[2310]]


def test_on_a_line_the_fixed_token_is_a_geometric_series():
    # x = v μ + (v σ² k q) x with gain 1/2: vμ (1 + 1/2 + 1/4 + …) = 2 vμ
    assert worth(theorem.fixed_token, **scalars(V=1, mu=3, Sigma=fmpq(1, 2), K=1, Q=1)) == [[6]]


def test_attention_returns_the_fixed_token_unchanged():
    letters = {"mu": MU, "Sigma": SIGMA, "K": K, "Q": Q, "V": V}
    star = worth(theorem.fixed_token, **letters)
    assert worth(theorem.output, **letters, x=star) == star


def test_a_short_context_of_equally_weighted_tokens_has_no_bias_and_the_covariance_of_a_mean():
    assert worth(theorem.finite_bias, Sigma=SIGMA, w=ZERO) == [[0], [0]]
    assert worth(theorem.finite_covariance, Sigma=SIGMA, w=ZERO) == SIGMA


def test_on_a_line_a_unit_tilt_costs_e_in_bias_and_two_e_in_variance():
    unit, e = scalars(Sigma=1, w=1), arb(1).exp()
    [[bias]] = worth(theorem.finite_bias, Balls(), **unit)
    [[variance]] = worth(theorem.finite_covariance, Balls(), **unit)
    assert bias.overlaps(-e) and variance.overlaps(2 * e)


def test_the_bias_pulls_back_towards_the_mean_by_exp_of_the_score_variance():
    # w = (1, 0): Σw = (2, 1), s² = 2, so n·bias = −e² (2, 1)
    (first,), (second,) = worth(theorem.finite_bias, Balls(), Sigma=SIGMA, w=[[1], [0]])
    assert first.overlaps(-2 * arb(2).exp()) and second.overlaps(-arb(2).exp())


def test_the_knots_give_the_reciprocal_of_any_total_weight_and_of_its_square():
    for total in (0.2, 0.5, 1.0, 3.0, 10.0):
        waning = torch.exp(-contexts.KNOTS * total)
        first, second = contexts.WIDTHS @ waning, (contexts.WIDTHS * contexts.KNOTS) @ waning
        assert abs(first * total - 1) < 1e-12 and abs(second * total**2 - 1) < 1e-12


def test_contexts_taken_one_token_at_a_time_average_like_contexts_listed_one_by_one():
    # tokens 1 with weight 2 and −1 with weight 1/2, by the toss of a coin: 33 contexts of 32 tokens
    n, values, weights = 32, torch.tensor([1.0, -1.0]).double(), torch.tensor([2.0, 0.5]).double()
    alive = torch.exp(-contexts.KNOTS / n * weights[:, None])
    pulled = (weights * values)[:, None] * alive
    squared = (weights * values)[:, None] ** 2 * alive
    alive, pulled, squared = alive.mean(0), pulled.mean(0)[:, None], squared.mean(0)[:, None, None]
    chances = torch.tensor([comb(n, k) / 2**n for k in range(n + 1)], dtype=torch.float64)
    ones = torch.arange(n + 1, dtype=torch.float64)
    outputs = (2 * ones - (n - ones) / 2) / (2 * ones + (n - ones) / 2)
    assert abs(contexts.mean_output(alive, pulled, n)[0] - chances @ outputs) < 1e-13
    assert abs(contexts.mean_square(alive, pulled, squared, n)[0, 0] - chances @ outputs**2) < 1e-13
