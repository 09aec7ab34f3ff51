"""Hand cases for single_location.far_spikes."""

import pytest
from flint import fmpq

from derivations.single_location import far_spikes as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


@pytest.mark.parametrize(("L", "s", "gamma"), [(2, 8, 1), (10, 20, 3), (5, 12, 2)])
def test_at_the_threshold_the_root_of_one_plus_four_lambda_squared_is_two_over_one_minus_the_noise(L, s, gamma):
    scale = at(theorem.transverse_instability, L=L, s=s, gamma=gamma)
    noisy = fmpq((L - 1) * gamma**2, s**2 + gamma**2)
    assert (1 + 4 * scale**2).overlaps(4 / (1 - noisy) ** 2 + 0 * scale)


def test_in_the_papers_normalisation_the_threshold_is_a_quotient_of_dimensions():
    """s² = d/2, γ² = 1/2: 1 + 4λ² = (2(d+1)/(d+2−L))². Only s²/γ² = d enters; here it is 14²·4 = 784."""
    d, L = 784, 10
    scale = at(theorem.transverse_instability, L=L, s=14, gamma="1/2")
    assert (1 + 4 * scale**2).overlaps((2 * fmpq(d + 1, d + 2 - L)) ** 2 + 0 * scale)


def test_without_noise_the_threshold_is_half_the_root_of_three():
    assert (4 * at(theorem.noiseless_instability) ** 2 - 3).contains(0)


def test_with_two_tokens_a_sixth_of_the_circle_sets_the_threshold_against_silence():
    """γ² = 1/3 and L = 2 make S = sin(π/6) = 1/2, so λ² = S/(2(1 − S)) = 1/2; here γ² = 1, L = 4 do."""
    scale = at(theorem.worse_than_silence, L=4, gamma=1)
    assert (2 * scale**2 - 1).contains(0)


def test_a_key_that_does_not_turn_needs_no_answer():
    letters = {"lam": 1, "gamma": 1, "s": 9, "L": 3}
    assert at(theorem.answering_value, p=0, **letters).contains(0)
    assert at(theorem.bending, p=0, r=0, **letters).contains(0)


def test_alone_the_value_bends_by_the_second_moment_of_the_spike():
    """One token: R = (γ² + s²) r² + O(r⁴) from |v* − v|² γ² + (s θ)², so the second derivative is 2(s² + γ²)."""
    assert (at(theorem.bending, p="1/3", r="1/2", lam=1, gamma=1, s=9, L=1) - fmpq(82, 2)).contains(0)
