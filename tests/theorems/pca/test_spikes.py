"""Hand cases for pca.spikes: numbers that come out even, long prompts, and prompts on either side of the threshold."""

import numpy as np
import torch
from flint import fmpq

from derivations.pca import spikes as theorem
from numerics.pca import spikes as twin
from workbench.evidence.randomness import Layout, recording
from workbench.exact.values import as_point, value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_four_tokens_per_dimension_reveal_half_the_noise():
    assert worth(theorem.critical_strength, d=1, n=4) == fmpq(1, 2)


def test_as_many_dimensions_as_tokens_leave_the_golden_ratio_of_noise():
    # γ = s = 1: g² + g = 1
    golden = worth(theorem.noise_resolvent, d=1, n=1, s=1)
    assert (golden**2 + golden).contains(1)


def test_on_a_line_ridge_divides_by_what_there_is():
    # W = 3, θ = 1, s = 2: S = 6
    assert worth(theorem.spiked_resolvent, d=1, s=2, theta=1, v=[[1]], W=[[3]]) == fmpq(1, 8)


def test_prompts_forget_a_spike_below_the_critical_strength_as_they_grow_and_keep_one_above():
    # γ = 1/4: critical at 1/2
    def held(theta, d):
        draw = recording(Layout(), np.random.default_rng(d))
        return float(twin.decomposed(theta, draw, d, 4 * d, 100)[1].mean())

    torch.set_default_dtype(torch.float64)
    assert held(0.2, 96) < held(0.2, 24) / 2
    assert held(1.0, 96) > held(1.0, 24) / 2
    assert held(1.0, 96) > 10 * held(0.2, 96)
