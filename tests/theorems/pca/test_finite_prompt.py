"""Hand cases for pca.finite_prompt: one token, one dimension, many tokens."""

from itertools import product

import torch
from flint import fmpq

from derivations.pca import finite_prompt as theorem
from derivations.pca import infinite_prompt, principal_axes
from numerics.pca import finite_prompt as twin
from workbench.evidence import Draw
from workbench.exact.instances import as_point
from workbench.exact.values import value

SIGMA = [[4, 0], [0, 1]]


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_a_prompt_of_one_token_on_a_line_has_the_risk_of_the_sixth_moment():
    # E (x − λμ²x³)² = 1 − 6λμ² + 15λ²μ⁴
    for strength, mu in product((1, fmpq(1, 3)), (1, fmpq(1, 2))):
        s = strength * mu**2
        assert worth(theorem.risk, d=1, L=1, Sigma=[[1]], lamda=strength, mu=[[mu]]) == 1 - 6 * s + 15 * s**2


def test_with_one_token_on_a_line_the_best_length_and_its_curvature_are_those_of_the_parabola():
    # 1 − 6s + 15s² is least at s = μ² = 1/5; R'' = −12 + 180 μ² = 24
    (found,) = worth(theorem.critical_points, d=1, L=1, Sigma=[[1]], lamda=5, alpha=1)
    below, rest, above = sorted(found)
    assert rest == 0 and above.contains(fmpq(1, 5)) and below.contains(-fmpq(1, 5))
    assert worth(theorem.radial_curvature, d=1, L=1, Sigma=[[1]], lamda=1, alpha=1) == 24
    assert worth(theorem.critical_step, d=1, L=1, Sigma=[[1]], lamda=1, sigma_1=1) == fmpq(1, 12)


def test_a_head_that_returns_twice_the_best_is_as_bad_as_none():
    assert worth(theorem.critical_strength, d=1, L=1, Sigma=[[1]], mu=[[1]]) == fmpq(2, 5)
    assert worth(theorem.risk, d=1, L=1, Sigma=[[1]], lamda=fmpq(2, 5), mu=[[1]]) == 1


def test_a_sum_over_many_tokens_with_strength_over_their_number_is_an_endless_prompt():
    mu, L = [[1], [2]], 10**9
    letters = {"d": 2, "Sigma": SIGMA, "mu": mu}
    finite = worth(theorem.risk, **letters, L=L, lamda=fmpq(1, L))
    assert abs(finite - worth(infinite_prompt.risk, **letters, lamda=1)) < fmpq(1, 10**5)
    curved = worth(theorem.transverse_curvature, d=2, Sigma=SIGMA, L=L, lamda=fmpq(1, L), alpha=4, beta=1)
    assert abs(curved - worth(principal_axes.transverse_curvature, d=2, Sigma=SIGMA, lamda=1, alpha=4, beta=1)) < fmpq(
        1, 10**5
    )


def test_the_gradient_vanishes_at_the_critical_points():
    # α = 1, tr Σ = 1 on a line with L = 3: r² = (1 + 4)/(5λ(1 + 6)), so λ = 1/7 gives r = 1
    letters = {"d": 1, "L": 3, "Sigma": [[1]], "lamda": fmpq(1, 7)}
    assert worth(theorem.risk_gradient, **letters, mu=[[1]]) == [[0]]
    assert worth(theorem.trained_length, **letters, sigma_1=1).contains(1)


def test_on_a_prompt_of_ones_the_torch_head_errs_by_the_square_done_by_hand():
    # three tokens 1, μ = 1, λ = 1/2: T = 3/2
    draw = Draw(lambda _law, _name, shape: torch.ones(shape, dtype=torch.float64))
    one = torch.ones(1, dtype=torch.float64)
    assert twin.risk(0.5, one, torch.eye(1, dtype=torch.float64), 3, draw=draw) == 0.25
