"""Statements about almost every start, on flows with known basins."""

import pytest
import torch

from workbench.evidence import almost_every, measure
from workbench.evidence.ladder import REPEATED
from workbench.evidence.protocols import NotFound


def descended(place):
    """Where descent between two wells ends: at 1 from the right, at −1 from the left."""
    for _ in range(400):
        place = place - place * (place**2 - 1) / 10
    return place


@almost_every("x", 1)
def twin(x, *, draw):
    return x[:, 0]


def worst(outcome, seed=0):
    """What one search over starts finds for this outcome."""
    found, _ = twin.protocol.outcome(lambda x: outcome(x[:, 0]), torch.Generator().manual_seed(seed))
    return float(found)


def test_every_run_and_every_seed_searches_among_other_starts():
    seen = []

    @almost_every("x", 1, runs=2)
    def noted(x, *, draw):
        draw.normal("z")
        seen.append(tuple(x[:, 0].tolist()))
        return 0 * x[:, 0]

    for seed in ("0", "1"):
        assert measure(noted, {"x": 0.3}, seed=seed).rung == REPEATED
    assert len(set(seen)) == len(seen) > 4


def test_both_wells_are_equally_deep_for_almost_every_start():
    assert round(worst(lambda x: descended(x) ** 2)) == 1
    assert round(worst(descended)) ** 2 == 1


def test_where_the_outcome_depends_on_the_start_the_unusual_one_is_told():
    usual = {round(worst(lambda x, side=side: side * descended(x))) for side in (1, -1)}
    assert usual == {1, -1}  # of two, the rarer: it changes sides with the outcome
    assert {round(worst(descended, seed)) for seed in range(9)} == {1, -1}  # and which is rarer, with the starts


def test_a_small_basin_is_found():
    assert round(worst(lambda x: torch.where((x - 1).abs() < 0.05, 2.0, 1.0))) == 2


def test_the_search_climbs_towards_rare_outcomes():
    assert worst(torch.exp) > 100  # no random start is beyond 4


def test_a_run_that_ends_nowhere_is_reported():
    with pytest.raises(NotFound, match="ends in no number"):
        worst(lambda x: torch.where(x > 2, torch.nan, x))
