"""Hand cases for imputation.missing_covariates: what one can do on paper, compared exactly."""

import torch
from flint import fmpq

from derivations.imputation import missing_covariates as theorem
from numerics.imputation.missing_covariates import attention
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_example_in_one_dimension_has_the_risk_that_isserlis_gives():
    # x₁² x with E x⁴ = 3 and noise of variance 4: E (x − u(x₁ + e) x₁ x)² = 1 − 2u + (3 + 4)u² where both are seen
    assert worth(theorem.risk, d=1, N=1, sigma=2, q=HALF, u=3) == fmpq(1, 4) * (1 - 6 + 63) + fmpq(3, 4)
    assert worth(theorem.best_scale, d=1, N=1, sigma=2, q=HALF) == fmpq(1, 7)


def test_the_best_scale_leaves_the_least_and_endless_prompts_leave_the_holes_of_the_query():
    letters = {"d": 3, "N": 5, "sigma": 1, "q": HALF}
    scale = worth(theorem.best_scale, **letters)
    assert worth(theorem.risk, u=scale, **letters) == worth(theorem.least_risk, **letters)
    long = worth(theorem.least_risk, d=3, N=10**9, sigma=1, q=HALF)
    assert HALF < long < HALF + fmpq(1, 10**7)


def test_trained_with_a_quarter_seen_and_used_with_more():
    # 2·(1/4) + (1 + 2 + 1)/(17 − 1) = 3/4
    letters = {"d": 1, "N": 17, "sigma": 1, "q": fmpq(1, 4)}
    assert worth(theorem.harmful_rate, **letters) == fmpq(3, 4)
    gains = [worth(theorem.shifted_gain, s=s, **letters) for s in (HALF, fmpq(3, 4), 1)]
    assert gains[0] < 0 and gains[1] == 0 and gains[2] > 0


def test_the_layer_weighs_labels_by_products_of_keys_and_query():
    x, y, query = torch.tensor([[1.0, 0.0], [2.0, 1.0]]), torch.tensor([3.0, -1.0]), torch.tensor([1.0, 1.0])
    assert attention(x, y, query, 2.0) == 2 * (3 * 1 - 1 * 3) / 2
