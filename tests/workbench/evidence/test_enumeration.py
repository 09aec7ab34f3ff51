"""Enumeration: masks and places are summed over, outcome by outcome."""

import torch

from workbench.evidence import crossing, measure
from workbench.evidence.ladder import ENUMERATED, QUASI

RATE = 0.3


def kept(a, q, *, draw):
    return (a * draw.bernoulli("mask", q, 2)).sum() ** 2


def placed(a, *, draw):
    return a[draw.index("place", 3)] * draw.normal("noise") ** 2


def coupled(q, *, draw):
    return (draw.bernoulli("noise", q) - draw.bernoulli("noise", q / 2)) ** 2


def numeric(*, draw):
    return draw.uniform("number") * draw.bernoulli("coin", 0.5)


def both_ways(q, *, draw):
    return draw.uniform("number") * draw.bernoulli("number", q)


def gated(*, draw):
    return draw.bernoulli("gate", torch.sigmoid(draw.normal("logit")))


@crossing("q", 0.125, 0.875)
def balance(q, *, draw):
    return draw.bernoulli("mask", q) - RATE


def test_a_mask_is_summed_over_exactly():
    estimate = measure(kept, {"a": torch.tensor([1.0, 2.0]), "q": RATE})
    truth = RATE * (1 - RATE) * 5 + RATE**2 * 9
    assert estimate.rung == ENUMERATED and abs(estimate.value.item() - truth) <= estimate.bound.item()


def test_what_is_gaussian_beside_a_place_is_integrated():
    estimate = measure(placed, {"a": torch.tensor([1.0, 2.0, 6.0])})
    assert estimate.rung == ENUMERATED and abs(estimate.value.item() - 3) <= estimate.bound.item()


def test_one_noise_behind_two_masks_has_the_outcomes_of_both():
    estimate = measure(coupled, {"q": RATE})
    assert estimate.rung == ENUMERATED and abs(estimate.value.item() - RATE / 2) <= estimate.bound.item()


def test_a_number_that_is_used_as_it_is_is_not_enumerated():
    assert measure(numeric, {}).rung == measure(both_ways, {"q": RATE}).rung == QUASI


def test_a_threshold_that_other_noise_moves_is_not_enumerated():
    estimate = measure(gated, {})
    assert estimate.rung == QUASI and estimate.error.item() > 0


def test_thresholds_are_those_of_the_letter_that_is_sought():
    estimate = measure(balance, {"q": 0.5})
    assert estimate.rung == ENUMERATED and abs(estimate.value.item() - RATE) <= estimate.bound.item()


def far_step(a, *, draw):
    return torch.sign(torch.sum(draw.normal("noise", 8) ** 2) - a)


def test_a_step_that_is_level_along_every_line_that_is_tried_is_no_polynomial():
    """|z|² of eight coordinates is hardly ever below a small number, but it is at 0."""
    estimate = measure(far_step, {"a": 1.0})
    assert estimate.rung == QUASI and estimate.value.item() > 0
