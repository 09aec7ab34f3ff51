"""Hand cases for clustering.linear_heads: prompts short enough for paper."""

from itertools import product

import torch
from flint import fmpq

from derivations.clustering import linear_heads as theorem
from numerics.clustering.layers import attention, labellings, multi_head_attention
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

AXES = {"mu0": [[1], [0]], "mu1": [[0], [1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def by_hand(M, lamda, L):
    """The risk among noiseless tokens, every labelling of L of them in turn."""
    total = fmpq(0)
    for labels in product((0, 1), repeat=L):
        scores = [2 * fmpq(lamda) / L * M[labels[0]][label] for label in labels]
        output = [sum((s for s, label in zip(scores, labels) if label == axis), fmpq(0)) for axis in (0, 1)]
        total += sum((fmpq(int(labels[0] == axis)) - output[axis]) ** 2 for axis in (0, 1))
    return total / 2**L


def test_silent_heads_lose_the_whole_token():
    silent = worth(theorem.risk, d=2, L=3, lamda=1, sigma=2, M=[[0, 0], [0, 0]], **AXES)
    assert silent == 1 + 2 * 4  # |μ|² + dσ²


def test_one_token_that_sees_itself_is_returned_whole_at_strength_one_half():
    # T(x) = 2λ (xᵀMx) x = x for M = I, λ = 1/2 and |x| = 1
    assert worth(theorem.noiseless_risk, L=1, lamda=fmpq(1, 2), d=2, M=[[1, 0], [0, 1]], **AXES) == 0


def test_the_noiseless_risk_is_the_sum_over_all_labellings():
    for L, lamda in product((1, 2, 3, 4), (fmpq(1, 3), 1)):
        for M in ([[1, 0], [0, 1]], [[2, 1], [1, 3]], [[1, -2], [-2, 0]]):
            M = [[fmpq(entry) for entry in row] for row in M]
            assert worth(theorem.noiseless_risk, L=L, lamda=lamda, d=2, M=M, **AXES) == by_hand(M, lamda, L)


def test_two_noiseless_centroids_cost_what_the_paper_lets_one_add_up():
    # α0 = α1 = 1, b = 0: 1 − 2λ(L+1)/L + λ²(L+3)/L at L = 6, λ = 1/2 is 5/24
    assert worth(theorem.noiseless_risk, L=6, lamda=fmpq(1, 2), d=2, M=[[1, 0], [0, 1]], **AXES) == fmpq(5, 24)


def test_on_endless_prompts_heads_on_the_plane_leave_the_noise_off_the_plane():
    # 2λC P = P at λ = 1/(1 + 2σ²), so what is lost is (d − 2)σ² = 0 in the plane itself
    assert worth(theorem.endless_risk, lamda=fmpq(1, 3), sigma=1, d=2, M=[[1, 0], [0, 1]], **AXES) == 0


def test_without_heads_the_gradient_is_zero_and_small_heads_grow_towards_the_plane():
    letters = {"d": 2, "h": 1, "L": 2, "lamda": 1, "sigma": 0, **AXES}
    assert (worth(theorem.head_gradient, U=[[0], [0]], **letters) == 0).all()
    # R(u) = 1 − (3/2)u² + (5/4)u⁴ along μ0, with slope −3u + 5u³ = 2 at u = 1
    assert worth(theorem.head_gradient, U=[[1], [0]], **letters).tolist() == [[2], [0]]


def test_heads_side_by_side_are_one_layer_with_merged_scores():
    generator = torch.Generator().manual_seed(1)
    X, U = (torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in ((4, 3), (3, 2)))
    merged, side_by_side = attention(X, U @ U.T, 0.7), multi_head_attention(X, U, 0.7)
    by_loops = 2 * 0.7 / 4 * sum((X[0] @ U[:, h]) * (X[k] @ U[:, h]) * X[k] for h in range(2) for k in range(4))
    assert torch.equal(torch.round(merged, decimals=12), torch.round(by_loops, decimals=12))
    assert torch.equal(torch.round(side_by_side, decimals=12), torch.round(by_loops, decimals=12))


def test_labellings_count_every_prompt_once():
    for L in (1, 2, 5):
        labels, chances = labellings(L)
        assert len(labels) == 2 * L and chances.sum() == 1
        assert chances @ labels.double().mean(1) == 0.5
