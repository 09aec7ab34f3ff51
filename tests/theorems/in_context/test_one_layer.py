"""Hand cases for in_context.one_layer: what the papers let one do by hand, compared exactly.

Zhang, Frei & Bartlett (JMLR 2024), Thm 4.1 and 4.2; Ahn, Cheng, Daneshmand & Sra (NeurIPS 2023), Thm 1.
"""

from itertools import product

import pytest
import torch
from flint import fmpq

from derivations.in_context import one_layer as theorem
from numerics.in_context import one_layer as twin
from numerics.in_context.layers import prediction, predictions
from workbench.evidence import Draw
from workbench.exact.instances import as_point, as_rational
from workbench.exact.rings import identity, inverse
from workbench.exact.values import evaluate

LAMBDA = [[2, 1], [1, 3]]
GRID = list(product((1, 2, 5), (1, 4, 9), (0, 1, fmpq(3, 2))))  # dimension, prompt length, σ


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def white(d):
    return identity(d).tolist()


def spectrum(values):
    """A diagonal Λ with these eigenvalues."""
    return [[value if i == j else 0 for j in range(len(values))] for i, value in enumerate(values)]


def gamma(Lambda, N):
    """Γ of Zhang, Frei & Bartlett: (1 + 1/N) Λ + (tr Λ / N) I."""
    size = len(Lambda)
    trace = sum(fmpq(Lambda[i][i]) for i in range(size))
    return [[fmpq(N + 1, N) * Lambda[i][j] + (trace / N if i == j else 0) for j in range(size)] for i in range(size)]


def trace(matrix):
    return sum((matrix[i, i] for i in range(len(matrix))), fmpq(0))


def ones(_law, _name, shape):
    """Noise that is 1 everywhere, so that a prompt can be computed by hand."""
    return torch.ones(shape, dtype=torch.float64)


def test_on_a_line_with_one_example_the_context_moment_is_three_c_plus_the_noise():
    # β = (wx + ε)x, so E β² = E w² E x⁴ + E ε² E x² = 3C + σ²
    assert worth(theorem.context_moment, N=1, d=1, Lambda=[[1]], C=[[5]], sigma=2) == [[19]]


def test_a_layer_without_weights_predicts_zero_and_errs_by_the_variance_of_the_answer():
    risk = worth(theorem.risk, N=3, Lambda=LAMBDA, C=[[1, 0], [0, 2]], U=[[0, 0], [0, 0]], d=2, sigma=1)
    assert risk == 8  # tr CΛ = 2 + 6


def test_on_a_line_the_risk_is_a_parabola_with_its_bottom_at_the_fixed_point():
    # N = 1, Λ = C = 1, σ = 0: R(u) = 1 − 2u + 3u², lowest at u = 1/3 with R = 2/3
    line = {"N": 1, "d": 1, "Lambda": [[1]], "C": [[1]], "sigma": 0}
    assert [worth(theorem.risk, U=[[u]], **line) for u in (0, 1, 2)] == [1, 2, 9]
    assert worth(theorem.fixed_point, **line) == [[fmpq(1, 3)]]
    assert worth(theorem.least_risk, **line) == fmpq(2, 3)


def test_the_gradient_without_weights_points_along_the_signal():
    found = worth(theorem.risk_gradient, N=3, Lambda=LAMBDA, C=white(2), U=[[0, 0], [0, 0]], d=2, sigma=1)
    assert found.tolist() == (-2 * as_rational(LAMBDA) @ as_rational(LAMBDA)).tolist()


def test_the_gradient_vanishes_at_the_fixed_point():
    letters = {"N": 3, "d": 2, "Lambda": LAMBDA, "C": [[1, 0], [0, 2]], "sigma": 1}
    star = worth(theorem.fixed_point, **letters)
    assert worth(theorem.risk_gradient, U=star, **letters).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("N", [1, 4, 25])
def test_the_fixed_point_is_the_inverse_of_zhang_frei_and_bartletts_gamma(N):
    star = worth(theorem.fixed_point, N=N, d=2, Lambda=LAMBDA, C=white(2), sigma=0)
    assert (star @ as_rational(gamma(LAMBDA, N))).tolist() == identity(2).tolist()


@pytest.mark.parametrize("n", [1, 4, 25])
def test_the_fixed_point_has_the_eigenvalues_of_ahn_and_others(n):
    values = [fmpq(1, 2), fmpq(2), fmpq(3)]
    star = worth(theorem.fixed_point, N=n, d=3, Lambda=spectrum(values), C=white(3), sigma=0)
    expected = [1 / (fmpq(n + 1, n) * value + sum(values) / n) for value in values]
    assert star.tolist() == spectrum(expected)


def test_ahn_and_others_write_the_isotropic_fixed_point_differently_and_mean_the_same():
    for d, n in product((1, 2, 5), (1, 3, 10)):
        star = worth(theorem.fixed_point, N=n, d=d, Lambda=white(d), C=white(d), sigma=0)
        assert star[0, 0] == 1 / (fmpq(n - 1, n) + fmpq(d + 2, n))


@pytest.mark.parametrize("d, N, sigma", GRID)
def test_white_tokens_leave_the_risk_of_a_textbook_ridge(d, N, sigma):
    # R* = d (d + 1 + σ²) / (N + d + 1 + σ²)
    found = worth(theorem.least_risk, N=N, d=d, Lambda=white(d), C=white(d), sigma=sigma)
    assert found == d * (d + 1 + sigma**2) / (fmpq(N) + d + 1 + sigma**2)


def test_the_least_risk_adds_up_over_the_eigenvalues():
    values, N = [fmpq(1, 2), fmpq(2), fmpq(3)], 4
    found = worth(theorem.least_risk, N=N, d=3, Lambda=spectrum(values), C=white(3), sigma=0)
    assert found == sum(v * (1 - v / (fmpq(N + 1, N) * v + sum(values) / N)) for v in values)


def test_the_squared_bias_alone_is_not_the_risk():
    # A wrong form in circulation is (1 + α)⁻² per dimension, α = N/(d + 1): that is the squared bias alone.
    d, N = 2, 3
    found = worth(theorem.least_risk, N=N, d=d, Lambda=white(d), C=white(d), sigma=0)
    assert found == d / (1 + fmpq(N, d + 1)) != d / (1 + fmpq(N, d + 1)) ** 2


def test_tested_at_its_training_length_a_layer_has_its_least_risk():
    letters = {"N": 4, "d": 2, "Lambda": LAMBDA, "C": [[1, 0], [0, 2]], "sigma": 1}
    assert worth(theorem.risk_at_length, M=4, **letters) == worth(theorem.least_risk, **letters)


@pytest.mark.parametrize("N, M", [(1, 6), (4, 2), (9, 100)])
def test_another_test_length_costs_what_zhang_frei_and_bartlett_found(N, M):
    # (1/M) tr(Cov(xy) Γ⁻²Λ) + (1/N²) (tr Γ⁻²Λ³ + 2 tr Λ tr Γ⁻²Λ² + (tr Λ)² tr Γ⁻²Λ), averaged over w ~ N(0, I)
    L = as_rational(LAMBDA)
    weight, t = inverse(as_rational(gamma(LAMBDA, N)) @ as_rational(gamma(LAMBDA, N))) @ L, trace(L)
    spread = trace((L @ L + t * L) @ weight) / M
    floor = (trace(weight @ L @ L) + 2 * t * trace(weight @ L) + t**2 * trace(weight)) / N**2
    assert worth(theorem.risk_at_length, N=N, M=M, d=2, Lambda=LAMBDA, C=white(2), sigma=0) == spread + floor


def test_no_other_training_length_is_better_than_the_test_length():
    # the regret is d (u_N − u_M)² (1 + (d+1)/M), u_N = N/(N + d + 1)
    d, M = 2, 4
    letters = {"M": M, "d": d, "Lambda": white(d), "C": white(d), "sigma": 0}
    best = worth(theorem.risk_at_length, N=M, **letters)
    for N in (1, 3, 8, 50):
        regret = d * (fmpq(N, N + d + 1) - fmpq(M, M + d + 1)) ** 2 * (1 + fmpq(d + 1, M))
        assert worth(theorem.risk_at_length, N=N, **letters) - best == regret


def test_on_a_line_the_curvature_is_twice_the_parabolas_coefficient():
    # R(u) = 1 − 2u + ((1 + 1/N) + (1 + σ²)/N) u² with N = 2, σ = 1: second derivative 2 (3/2 + 1)
    assert worth(theorem.curvature, N=2, Lambda=[[1]], d=1, sigma=1, alpha=1, beta=1) == 5


@pytest.mark.parametrize("d, N", list(product((1, 2, 3, 7), (1, 2, 10, 400))))
def test_the_critical_test_length_is_the_one_found_by_hand(d, N):
    assert worth(theorem.critical_length, d=d, N=N) == fmpq((d + 1) * N, N + 2 * (d + 1))


def test_trained_on_endless_prompts_a_layer_needs_more_tokens_than_dimensions():
    # M_c → d + 1 from below, and the gap closes like 1/N
    d, N = 3, 10**6
    gap = d + 1 - worth(theorem.critical_length, d=d, N=N)
    assert gap == fmpq(2 * (d + 1) ** 2, N + 2 * (d + 1)) and 0 < gap < fmpq(1, 10**4)


def test_at_the_critical_length_attention_is_exactly_as_bad_as_predicting_zero():
    # d = 2, N = 6: M_c = 3·6/12 = 3/2 tokens (a rational length is fine on paper)
    white_letters = {"d": 2, "N": 6, "Lambda": white(2), "C": white(2), "sigma": 0}
    assert worth(theorem.critical_length, d=2, N=6) == fmpq(3, 2)
    assert worth(theorem.risk_at_length, M=fmpq(3, 2), **white_letters) == 2
    assert worth(theorem.risk_at_length, M=1, **white_letters) > 2 > worth(theorem.risk_at_length, M=2, **white_letters)


def test_the_torch_layer_writes_the_average_of_answers_times_inputs_through_the_weights():
    # context (1, 2) and (2, 3), query 5, weights 1/4: (1/2)(1·2 + 2·3)·(1/4)·5 = 5
    x, y, query = torch.tensor([[1.0], [2.0]]), torch.tensor([2.0, 3.0]), torch.tensor([5.0])
    assert prediction(torch.tensor([[0.25]]), x, y, query) == 5


def test_on_a_prompt_of_ones_the_torch_layer_errs_by_the_square_done_by_hand():
    # x = w = query = 1, y = 1 + σ = 2, β = 2, U = 3: (1 − 6)² = 25, and β² = 4
    letters = {"Lambda": torch.eye(1).double(), "C": torch.eye(1).double(), "sigma": 1.0, "N": 2}
    assert twin.risk(**letters, U=torch.tensor([[3.0]]).double(), draw=Draw(ones)) == 25
    assert twin.context_moment(**letters, draw=Draw(ones)) == 4


def test_a_batch_of_answers_is_what_the_layer_answers_one_by_one():
    generator = torch.Generator().manual_seed(0)
    U, x, y, query = (
        torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in ((3, 3), (5, 4, 3), (5, 4), (5, 3))
    )
    singly = torch.stack([prediction(U, *prompt) for prompt in zip(x, y, query)])
    assert (predictions(U, x, y, query) - singly).abs().max() < 1e3 * torch.finfo(torch.float64).eps
