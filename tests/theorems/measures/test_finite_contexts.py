"""Hand cases for measures.finite_contexts: one number per token, and heads too cold for their tokens."""

from flint import arb, fmpq

from derivations.measures import finite_contexts as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    letters = {name: [[value]] if name in ("Sigma", "k", "q") else value for name, value in letters.items()}
    value = evaluate(claim.formula, as_point(claim.formula, d=1, **letters), Balls())
    return value.tolist()[0][0] if hasattr(value, "tolist") else value


QUARTER = {"Sigma": 1, "k": 1, "q": fmpq(1, 2), "beta": 1}  # 2β² kᵀΣk qᵀΣq = 1/2


def test_a_head_without_scores_wastes_no_token():
    silent = {"Sigma": 3, "k": 0, "q": 5, "beta": 1}
    assert worth(theorem.crowding, **silent) == 1
    assert worth(theorem.error, **silent) == 3  # the variance of the mean of n tokens, times n


def test_half_way_to_the_critical_square_crowding_is_root_two():
    assert worth(theorem.crowding, **QUARTER).overlaps(arb(2).sqrt())


def test_the_error_counts_the_spread_and_the_shift():
    # (1 + (1/4)/(1/2)) √2
    assert worth(theorem.error, **QUARTER).overlaps(arb(3) / 2 * arb(2).sqrt())


def test_colder_keys_crowd_more():
    # 2 · 1/4 / (1/2)^{3/2}
    assert worth(theorem.crowding_gradient, **QUARTER).overlaps(arb(2).sqrt())


def test_on_white_tokens_with_unit_directions_the_critical_temperature_is_one_over_root_two():
    assert worth(theorem.critical_temperature, Sigma=1, k=1, q=1).overlaps(1 / arb(2).sqrt())


def test_a_context_of_one_token_errs_by_that_token_where_nothing_is_asked():
    assert worth(theorem.one_token, Sigma=3, k=0, q=5, beta=1) == 3
    assert worth(theorem.one_token, **QUARTER) == fmpq(5, 4)  # 1 + β² kᵀΣ²k qᵀΣq
