"""Hand cases for pca.layers: one token, a line, no noise to speak of, large prompts."""

from flint import fmpq

from derivations.pca import layers as theorem
from derivations.pca import spikes
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_on_a_line_the_spread_of_one_token_is_that_of_the_fourth_moment():
    # E (t² − 1)² for t of variance 1 + θ = 3: 3·9 − 2·3 + 1
    assert worth(theorem.spread, d=1, n=1, theta=2, v=[[1]], x=[[1]]) == 22


def test_a_state_without_the_spike_returns_none_of_it():
    letters = {"d": 2, "theta": 2, "v": [[1], [0]], "x": [[0], [1]]}
    assert evaluate(theorem.response.formula, as_point(theorem.response.formula, **letters)).tolist() == [[0], [0]]


def test_three_dimensions_per_token_need_a_strength_of_two_and_a_half():
    # n = 2, d = 9: 2θ² = 10 + θ
    assert worth(theorem.critical_strength, d=9, n=2) == fmpq(5, 2)


def test_at_the_critical_strength_nothing_of_the_spike_is_left_and_nothing_contracts():
    letters = {"d": 9, "n": 2, "theta": fmpq(5, 2)}
    assert worth(theorem.resting_overlap, **letters) == 0
    assert worth(theorem.contraction, **letters) == 1


def test_in_large_prompts_layers_rest_where_the_top_eigenvector_of_one_prompt_lies():
    d, n, theta = 10**9, 4 * 10**9, fmpq(3, 2)
    apart = worth(theorem.resting_overlap, d=d, n=n, theta=theta) - worth(spikes.overlap, d=d, n=n, theta=theta)
    assert abs(apart) < fmpq(1, 10**8)
