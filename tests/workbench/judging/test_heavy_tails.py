"""Heavy tails: what cannot be averaged is left open or measured another way, and never confidently wrong."""

from collections import Counter
from math import exp, factorial, sqrt

import numpy as np
import pytest
import torch

from numerics.measures.finite_contexts import crowding
from workbench.evidence import measure
from workbench.evidence.ladder import QUASI
from workbench.judging.judge import HEAVY, STANDARDS, decide, look

QUICK = STANDARDS["quick"]
SEEDS = 20


def eighth(*, draw):
    return draw.normal("z", 6).sum() ** 8


def fourth_of_many(*, draw):
    return (draw.normal("z", 6) ** 4).prod()


def lognormal(*, draw):
    return torch.exp(draw.normal("z", 6).sum())


EXAMPLES = [
    (eighth, 6**4 * factorial(8) / (2**4 * factorial(4))),
    (fourth_of_many, 3.0**6),
    (lognormal, exp(3)),
]


def verdicts(twin, letters, seed, claims, chance=True):
    """What two looks, by sampling alone unless told otherwise, say of each number."""
    looks = [measure(twin, letters, seed=f"{seed}/{k}", samples=2**11, chance=chance) for k in range(2)]
    heavy = max(one.tail for one in looks) > HEAVY
    found = [[look(np.array([claimed]), one, QUICK) for one in looks] for claimed in claims]
    return {one.rung for one in looks}, [decide(*pair, QUICK, heavy=heavy)[0] for pair in found]


@pytest.mark.parametrize(("twin", "truth"), EXAMPLES, ids=[twin.__name__ for twin, _ in EXAMPLES])
def test_sampling_alone_is_never_confidently_wrong(twin, truth):
    never_wrong(twin, {}, truth)


def never_wrong(twin, letters, truth):
    """Over all seeds the truth is never refuted, and a fifth more is never supported."""
    found = [verdicts(twin, letters, seed, (truth, 1.2 * truth)) for seed in range(SEEDS)]
    assert all(rungs == {QUASI} for rungs, _ in found)
    right, wrong = (Counter(said[place] for _, said in found) for place in range(2))
    assert right["refuted"] == 0 and wrong["supported"] == 0, (right, wrong)


def softmax_head(heat):
    """Letters of a softmax head with β² kᵀΣk qᵀΣq = heat: E n/n_eff = (1 − 2 heat)^{−1/2}, finite below ½."""
    return {"Sigma": torch.eye(1), "k": torch.ones(1), "q": torch.ones(1), "beta": sqrt(heat)}


@pytest.mark.parametrize("heat", [0.3, 0.45])
def test_a_softmax_average_of_infinite_variance_is_never_confidently_wrong(heat):
    never_wrong(crowding, softmax_head(heat), (1 - 2 * heat) ** -0.5)


@pytest.mark.parametrize("heat", [0.55, 2.0])
@pytest.mark.parametrize("chance", [False, True], ids=["sharpest", "sampled"])
def test_a_softmax_average_that_diverges_supports_no_number(heat, chance):
    letters = softmax_head(heat)
    for seed in range(SEEDS // 5):
        looked = measure(crowding, letters, seed=f"{seed}/0", samples=2**11, chance=chance).value.item()
        _, said = verdicts(crowding, letters, seed, (abs(1 - 2 * heat) ** -0.5, looked), chance)
        assert "supported" not in said, (said, looked)  # not even the number that a look has just seen
