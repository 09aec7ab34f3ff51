"""Hand cases for emergence.switches."""

from flint import arb, fmpq

from derivations.emergence import competitions
from derivations.emergence import switches as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

CUI = {"L": 2, "sigma": fmpq(1, 2), "rho": fmpq(1, 4), "A": [["3/5", "2/5"], ["2/5", "3/5"]], "epsilon": [[1], [1]]}
MANY = 10**9  # dimensions: what they add is of the order of one over them


def at(claim, **letters):
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def thresholds(**letters):
    claims = (theorem.positional_threshold, theorem.global_switch, theorem.semantic_threshold)
    return [at(claim, **letters) for claim in claims]


def test_a_head_becomes_able_to_read_positions_before_it_should_and_has_to_only_later():
    for d in (10, 100, MANY):
        enters, switches, leaves = thresholds(**CUI, d=d)
        assert 0 < enters < switches < leaves < 1


def test_in_three_dimensions_two_tokens_never_give_up_meanings():
    enters, switches, leaves = thresholds(**CUI, d=3)
    assert enters < switches < 1 < leaves


def test_in_endless_dimensions_two_tokens_switch_where_affine_pulls_balance():
    """S = 8, a = 8 and T = 6/5, so H_MM = 272, H_MΘ = 80, H_ΘΘ = 16."""
    none_M, all_M = fmpq(5), fmpq(92, 5)  # b_M at ω = 0 and at ω = 1
    none_T, all_T = fmpq(4), fmpq(12, 5)  # b_Θ
    ratios = arb(fmpq(272, 80)), arb(fmpq(272, 16)).sqrt(), arb(fmpq(80, 16))
    for found, c in zip(thresholds(**CUI, d=MANY), ratios):
        none, all = none_M - c * none_T, all_M - c * all_T
        assert abs(found - none / (none - all)) < arb(100) / MANY


def test_at_the_positional_threshold_meanings_neither_grow_nor_fade():
    omega = evaluate(theorem.positional_threshold.formula, as_point(theorem.positional_threshold.formula, **CUI, d=3))
    bends = evaluate(
        competitions.positional_stability.formula,
        as_point(competitions.positional_stability.formula, **CUI, d=3, omega=omega),
    )
    assert bends.reshape(-1)[1] == 0
