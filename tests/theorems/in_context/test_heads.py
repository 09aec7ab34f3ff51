"""Hand cases for in_context.rank_one_heads, staircases, merged_head and thresholds, compared exactly.

Zhang, Singh, Latham & Saxe (ICML 2025), Eq. 9–21.
"""

from derivations.in_context import merged_head, rank_one_heads, staircases, thresholds
from workbench.rings import identity
from workbench.values import as_point, evaluate

WHITE = {"d": 2, "N": 5, "Lambda": identity(2).tolist(), "sigma": 0}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_head_without_strength_does_not_grow():
    assert worth(rank_one_heads.growth, **WHITE, alpha=1, v=0) == 0


def test_on_white_inputs_a_stair_takes_one_over_one_plus_d_plus_one_over_n():
    assert worth(staircases.stair, **WHITE, alpha=1) * 8 == 5  # γ = 1 + 3/5


def test_a_merged_head_stops_growing_where_it_has_learned_everything():
    assert worth(merged_head.growth, d=1, N=2, sigma=0, g=1) != 0
    assert worth(merged_head.resting_points, d=1, N=2, sigma=0)[0, 0] * 2 == 1  # c = 1 + 2/2


def test_half_of_the_variance_is_explained_at_one_more_than_the_dimension():
    assert worth(thresholds.half_explained, d=4, sigma=0) == 5


def test_on_white_inputs_the_first_mode_is_worth_its_stair_at_the_same_length():
    assert worth(thresholds.worthwhile_length, d=2, Lambda=identity(2).tolist(), sigma=0, sigma_1=1) == 3
