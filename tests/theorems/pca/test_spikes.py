"""Hand cases for pca.spikes: numbers that come out even, long prompts, and prompts on either side of the threshold."""

import numpy as np
import pytest
import torch
from flint import fmpq

from derivations.pca import spikes as theorem
from numerics.pca import spikes as twin
from workbench.evidence.protocols import NotFound
from workbench.evidence.randomness import Layout, recording
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def drawing(seed):
    """Plain random numbers for a twin, in double precision."""
    torch.set_default_dtype(torch.float64)
    return recording(Layout(), np.random.default_rng(seed))


def test_a_spike_twice_as_strong_as_needed_makes_numbers_even():
    # γ = 1/4, θ = 1: ρ = 2 · 5/4 and ⟨u, v⟩² = (3/4)/(5/4)
    assert worth(theorem.outlier, d=1, n=4, theta=1) == fmpq(5, 2)
    assert worth(theorem.overlap, d=1, n=4, theta=1) == fmpq(3, 5)


def test_at_the_root_of_dimensions_per_token_the_outlier_enters_the_bulk_and_forgets_the_spike():
    # γ = 1/4: the bulk ends at (1 + 1/2)²
    assert worth(theorem.outlier, d=1, n=4, theta=fmpq(1, 2)) == fmpq(9, 4)
    assert worth(theorem.overlap, d=1, n=4, theta=fmpq(1, 2)) == 0


def test_a_spike_without_noise_is_all_there_is():
    assert worth(theorem.outlier, d=1, n=10**9, theta=3) - 4 < fmpq(1, 10**8)
    assert 1 - worth(theorem.overlap, d=1, n=10**9, theta=3) < fmpq(1, 10**8)


def test_as_many_dimensions_as_tokens_leave_the_golden_ratio_of_noise():
    # γ = s = 1: g² + g = 1
    golden = worth(theorem.noise_resolvent, d=1, n=1, s=1)
    assert (golden**2 + golden).contains(1)


def test_on_a_line_ridge_divides_by_what_there_is():
    # W = 3, θ = 1, s = 2: S = 6
    assert worth(theorem.spiked_resolvent, d=1, s=2, theta=1, v=[[1]], W=[[3]]) == fmpq(1, 8)


def test_reflections_change_neither_the_top_eigenvalue_of_a_prompt_nor_what_it_holds_of_the_spike():
    d, n, prompts = 5, 8, 3000
    whole = torch.stack(twin.decomposed(1.5, drawing(0), d, n, prompts))
    seen = torch.tensor([twin.seen_from_spike(1.5, d, n, d, drawing(1 + run)) for run in range(prompts)]).T
    for law, other in ((whole, seen), (whole**2, seen**2), (whole.prod(0)[None], seen.prod(0)[None])):
        apart = (law.mean(1) - other.mean(1)) / torch.sqrt((law.var(1) + other.var(1)) / prompts)
        assert apart.abs().max() < 4.5  # error bars


def test_a_spike_that_is_too_weak_is_not_found():
    with pytest.raises(NotFound, match="still felt"):
        twin.outlier(0.4, 1, 4, draw=drawing(0))


def test_prompts_forget_a_spike_below_the_critical_strength_as_they_grow_and_keep_one_above():
    # γ = 1/4: critical at 1/2
    def held(theta, d):
        return float(twin.decomposed(theta, drawing(d), d, 4 * d, 100)[1].mean())

    assert held(0.2, 96) < held(0.2, 24) / 2
    assert held(1.0, 96) > held(1.0, 24) / 2
    assert held(1.0, 96) > 10 * held(0.2, 96)
