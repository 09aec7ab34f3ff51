"""Hand cases for imputation.masked_contexts: what one can do on paper, compared exactly."""

import torch
from flint import fmpq

from derivations.imputation import masked_contexts as theorem
from numerics.imputation.masked_contexts import attention, error
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF, THIRD = fmpq(1, 2), fmpq(1, 3)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_an_entry_alone_is_answered_by_nothing():
    assert worth(theorem.risk, d=1, n=3, Sigma=[[5]], p=THIRD, q=HALF, theta=7) == 5 * THIRD


def test_one_example_of_two_entries_has_the_risk_that_isserlis_gives():
    # the answer θ x₁x₂·x₂′ counts with chance q² where one entry of the query is missing: E x₁²x₂² = 1 + 2ρ², ρ = 1/2
    risk = worth(theorem.risk, d=2, n=1, Sigma=[[1, HALF], [HALF, 1]], p=THIRD, q=HALF, theta=3)
    chance = 2 * THIRD * (1 - THIRD) * HALF**2
    assert risk == 2 * THIRD + chance * (9 * fmpq(3, 2) - 2 * 3 * fmpq(1, 4))


def test_the_best_scale_leaves_the_least_and_entries_alike_agree_with_the_general_form():
    letters = {"d": 3, "n": 4, "p": THIRD, "q": HALF}
    Sigma = [[1 if i == j else HALF for j in range(3)] for i in range(3)]
    scale = worth(theorem.best_scale, Sigma=Sigma, **letters)
    assert scale == worth(theorem.scale_alike, rho=HALF, **letters)
    assert worth(theorem.risk, Sigma=Sigma, theta=scale, **letters) == worth(theorem.least_risk, Sigma=Sigma, **letters)


def test_the_layer_reads_keys_and_values_from_the_examples_and_is_judged_on_the_missing_entry():
    prompt = torch.tensor([[1.0, 2.0], [3.0, -1.0], [5.0, 4.0]])
    seen = torch.tensor([[1.0, 1.0], [1.0, 1.0], [0.0, 1.0]])
    # Σ x₁x₂ / 2 = (2 − 3)/2, times 4
    assert attention(seen * prompt, 1.0)[0] == -2
    assert error(prompt, seen, 1.0) == 49
