"""The judge: its error rates, measured on simulated evidence with known truth."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest
from scipy import stats

from workbench.evidence.estimates import Estimate, from_replicates, pareto_index
from workbench.judging import judge
from workbench.judging.judge import STANDARDS, Finding, combine, decide, levels, look, sharp_enough

QUICK = STANDARDS["quick"]
TRUTH = np.array([1.0, -0.5, 0.25])
PAIRS = 2000
RNG = np.random.default_rng(20240229)


def simulated(truth, spread, rng, replicates=32):
    """Evidence as the sampling rung makes it: the mean and spread of independent replicates."""
    draws = truth + spread * rng.standard_normal((replicates, len(truth)))
    return from_replicates(draws.mean(axis=0), draws, samples=replicates, rung="simulated", magnitude=1.0, tail=-inf)


def sure(value, bound):
    """Evidence without chance: a value and a bound."""
    value = np.asarray(value, dtype=float)
    return Estimate(value, np.zeros_like(value), np.full_like(value, bound), inf, 1, "simulated", 1.0)


def judged(claimed, spread, rng, standard=QUICK):
    """The verdict of two independent looks at one claim."""
    first, second = (look(claimed, simulated(TRUTH, spread, rng), standard) for _ in range(2))
    return decide(first, second, standard, heavy=False)[0], first.resolution


def test_a_right_claim_is_never_refuted():
    spreads = 10.0 ** RNG.uniform(-5, 0, PAIRS)
    assert sum(judged(TRUTH, spread, RNG)[0] == "refuted" for spread in spreads) == 0


def test_what_is_beyond_a_bar_is_rejected_and_nothing_within():
    for estimate in (simulated(TRUTH, 0.1, RNG), sure(TRUTH, 0.1)):
        bars = judge.bars(estimate, QUICK)
        assert look(estimate.value + 1.001 * bars, estimate, QUICK).rejected == {(0, 1), (1, 1), (2, 1)}
        assert not look(estimate.value - 0.999 * bars, estimate, QUICK).rejected


def test_an_error_above_the_resolution_is_always_refuted():
    missed = 0
    for spread in 10.0 ** RNG.uniform(-5, -2.2, PAIRS):
        finding = look(TRUTH, simulated(TRUTH, spread, RNG), QUICK)
        wrong = TRUTH + finding.resolution * np.abs(TRUTH).max() * np.eye(3)[RNG.integers(3)]
        missed += judged(wrong, spread, RNG)[0] != "refuted"
    # The bar of each look is itself estimated, so one look's resolution is that of another within its spread.
    assert missed == 0


def test_a_claim_wrong_by_what_the_standard_asks_is_never_supported():
    wrong = TRUTH * (1 + QUICK.resolution * np.array([1, 0, 0]))
    supported = [judged(wrong, spread, RNG)[0] == "supported" for spread in 10.0 ** RNG.uniform(-5, 0, PAIRS)]
    assert sum(supported) == 0


def test_the_resolution_is_no_larger_than_it_must_be():
    # An error of a third of the resolution is mostly let pass: the bar is not idly wide.
    refuted = 0
    for _ in range(300):
        finding = look(TRUTH, simulated(TRUTH, 1e-3, RNG), QUICK)
        wrong = TRUTH + np.array([finding.resolution / 3, 0, 0])
        refuted += judged(wrong, 1e-3, RNG)[0] == "refuted"
    assert refuted < 150


def test_two_looks_err_as_often_as_promised(monkeypatch):
    # At a level high enough to be seen, a right claim falls as often as the budget of its claim says.
    budget = 0.3
    monkeypatch.setattr(judge, "RUN_LEVEL", budget * judge.CLAIMS)
    per_look = budget / len(QUICK.samples) ** 2 / QUICK.instances
    wrong = sum(judged(TRUTH, 0.01, RNG)[0] == "refuted" for _ in range(PAIRS))
    test = stats.binomtest(wrong, PAIRS, per_look)
    assert test.proportion_ci(0.9999).low <= per_look, "more false refutations than budgeted"
    assert wrong > 0, "the budget is not used at all: this test would not see a wrong level"
    assert test.proportion_ci(0.9999).high >= per_look / 2, "the judge is far more timid than budgeted"


def test_more_components_and_looks_share_one_budget():
    one, many = levels(QUICK, 1), levels(QUICK, 100)
    assert many[0] < one[0] and many[1] == one[1]
    longer = replace(QUICK, samples=QUICK.samples * 2)
    assert levels(longer, 1)[0] < one[0] and levels(longer, 1)[1] < one[1]
    tests = QUICK.instances * 100 * len(QUICK.samples) ** 2
    assert many[0] ** 2 / 2 * tests * judge.CLAIMS <= judge.RUN_LEVEL * (1 + 2**-40)
    assert 2 * len(QUICK.samples) * many[1] * judge.CLAIMS <= judge.RUN_LEVEL * (1 + 2**-40)


def test_looks_that_may_end_at_any_size_still_keep_the_budget(monkeypatch):
    # Every pair of sizes is tried and the worst one kept, as if stopping were chosen against the claim.
    budget = 0.5
    monkeypatch.setattr(judge, "RUN_LEVEL", budget * judge.CLAIMS)
    one = replace(QUICK, instances=1)

    def looks():
        return [look(TRUTH, simulated(TRUTH, 0.01, RNG), one) for _ in one.samples]

    wrong = 0
    for _ in range(1000):
        first, second = looks(), looks()
        wrong += any(decide(a, b, one, heavy=False)[0] == "refuted" for a in first for b in second)
    assert stats.binomtest(wrong, 1000, budget).proportion_ci(0.9999).low <= budget
    assert wrong > 0


def test_one_look_alone_refutes_nothing():
    far = look(TRUTH + 1, simulated(TRUTH, 1e-4, RNG), QUICK)
    near = look(TRUTH, simulated(TRUTH, 1e-4, RNG), QUICK)
    assert far.rejected and not near.rejected
    assert decide(far, near, QUICK, heavy=False)[0] != "refuted"
    assert decide(far, far, QUICK, heavy=False)[0] == "refuted"


def test_rejections_on_opposite_sides_do_not_confirm_each_other():
    above, below = (look(TRUTH, sure(TRUTH + side, 1e-9), QUICK) for side in (1, -1))
    assert above.rejected and below.rejected
    assert decide(above, below, QUICK, heavy=False)[0] != "refuted"


def test_rejections_in_different_components_do_not_confirm_each_other():
    first, second = (look(TRUTH, sure(TRUTH + np.eye(3)[i], 1e-9), QUICK) for i in (0, 1))
    assert decide(first, second, QUICK, heavy=False)[0] != "refuted"


def test_blurred_evidence_is_undecided_with_what_it_would_have_caught():
    blurred = look(TRUTH, simulated(TRUTH, 0.5, RNG), QUICK)
    status, reason = decide(blurred, blurred, QUICK, heavy=False)
    assert status == "undecided" and f"{blurred.resolution:.2g}" in reason


def test_heavy_tails_are_undecided_whatever_was_found():
    sharp = look(TRUTH, sure(TRUTH, 1e-9), QUICK)
    wrong = look(TRUTH + 1, sure(TRUTH, 1e-9), QUICK)
    assert decide(sharp, sharp, QUICK, heavy=True)[0] == "undecided"
    assert decide(wrong, wrong, QUICK, heavy=True)[0] == "undecided"
    assert not sharp_enough(TRUTH, replace(sure(TRUTH, 1e-9), tail=0.7), QUICK)


@pytest.mark.parametrize("nothing", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_no_number_supports_nothing(nothing):
    for claimed, value in [([nothing], [1.0]), ([1.0], [nothing]), ([nothing], [nothing])]:
        found = look(np.array(claimed), sure(value, 1e-9), QUICK)
        assert decide(found, found, QUICK, heavy=False)[0] != "supported"


def test_a_claim_of_zero_is_judged_on_the_scale_of_a_sample():
    zero = np.zeros(1)
    good = from_replicates(zero, 1e-5 * RNG.standard_normal((32, 1)), samples=32, rung="", magnitude=1.0, tail=-inf)
    found = look(zero, good, QUICK)
    assert decide(found, found, QUICK, heavy=False)[0] == "supported"
    wrong = look(zero + 0.01, good, QUICK)
    assert decide(wrong, wrong, QUICK, heavy=False)[0] == "refuted"


def test_sharpness_looks_at_the_width_of_the_bar_and_never_at_its_position():
    narrow = simulated(TRUTH, 1e-4, np.random.default_rng(1))
    assert sharp_enough(TRUTH, narrow, QUICK)
    assert sharp_enough(TRUTH, replace(narrow, value=narrow.value + 5), QUICK)
    assert not sharp_enough(TRUTH, replace(narrow, error=narrow.error * 1e4), QUICK)


def test_the_bound_of_evidence_without_chance_is_all_there_is():
    inside, outside = (look(np.array([1 + gap]), sure([1.0], 0.01), QUICK) for gap in (0.0099, 0.0101))
    assert not inside.rejected and outside.rejected
    assert outside.rejected == {(0, 1)}


def test_a_claim_falls_anywhere_and_stands_everywhere():
    yes, no, open_ = ("supported", ""), ("refuted", "here"), ("undecided", "why")
    assert combine([yes, yes]) == yes
    assert combine([yes, open_, no]) == no
    assert combine([yes, open_]) == open_


def test_the_standards_grow_sharper():
    assert STANDARDS["strict"].resolution < STANDARDS["quick"].resolution <= 0.05
    assert all(a < b for s in STANDARDS.values() for a, b in zip(s.samples, s.samples[1:]))


@pytest.mark.parametrize("index", [0.6, 0.8, 1.2])
def test_a_tail_without_variance_is_noticed(index):
    heavy = np.random.default_rng(3).pareto(1 / index, (2**14, 1))
    assert pareto_index(heavy) > judge.HEAVY


@pytest.mark.parametrize("law", ["normal", "uniform", "exponential", "logistic"])
def test_an_ordinary_tail_is_not_suspected(law):
    light = getattr(np.random.default_rng(4), law)(size=(2**14, 3))
    assert pareto_index(light) < judge.HEAVY


@pytest.mark.parametrize("rate", [1 / 32, 31 / 32])
def test_a_coin_that_seldom_turns_has_no_tail(rate):
    tosses = (np.arange(8192)[:, None] + 0.5) / 8192 < rate
    assert pareto_index(tosses.astype(float)) < judge.HEAVY


def test_the_heaviest_component_speaks_for_all():
    rng = np.random.default_rng(5)
    both = np.stack([rng.standard_normal(2**14), rng.pareto(1.1, 2**14)], axis=1)
    assert pareto_index(both[:, :1]) < judge.HEAVY < pareto_index(both)


def test_a_pair_of_looks_is_as_blunt_as_its_blunter_one():
    sharp, blurred = Finding(0.001, 0.0, frozenset()), Finding(0.3, 0.0, frozenset())
    for looks in ((sharp, blurred), (blurred, sharp)):
        assert decide(*looks, STANDARDS["quick"], heavy=False)[0] == "undecided"
    assert decide(sharp, sharp, STANDARDS["quick"], heavy=False)[0] == "supported"


def test_samples_in_other_units_do_not_sharpen_a_resolution():
    """Samples of size 512 whose function of means is 0.2: the error bar is compared with 0.2."""
    claimed, error = np.array([0.2]), np.array([0.01])
    large, small = (
        Estimate(claimed, error, np.zeros(1), 31, 2**12, "quasi-Monte Carlo", magnitude) for magnitude in (512.0, 0.2)
    )
    assert look(claimed, large, QUICK).resolution == look(claimed, small, QUICK).resolution > 0.1
    assert look(np.zeros(1), large, QUICK).resolution < 0.1  # a claim of zero has no other scale
