"""Scales: limits and exponents read off growing sizes, with a bound on what is left out."""

import numpy as np
import pytest
import torch

from workbench.evidence import limit, measure, slope
from workbench.evidence.ladder import EXACT, QUASI
from workbench.evidence.protocols import NotFound


def missed(estimate, truth):
    """How far the truth lies outside six error bars and the bound (negative: inside)."""
    return float(np.max(np.abs(estimate.value - truth) - 6 * estimate.error - estimate.bound))


def test_what_a_limit_leaves_out_is_in_its_bound_on_the_exact_rung_too():
    @limit()
    def series(*, draw):
        z = draw.normal("z")
        return torch.stack([z**2 + 10 / n**3 for n in (10, 20, 40)])

    estimate = measure(series, {})
    assert estimate.rung == EXACT and missed(estimate, 1) <= 0
    assert estimate.value != 1 and estimate.bound < 1e-2


def test_a_limit_is_told_at_which_order_its_expansion_begins():
    def twin(order):
        @limit(order=order)
        def steps_of_runge_and_kutta(*, draw):
            z = draw.normal("z")
            return torch.stack([z**2 + 1 / n**4 + 2 / n**5 for n in (10, 20, 40)])

        return measure(steps_of_runge_and_kutta, {})

    known, unknown = twin(4), twin(1)
    assert missed(known, 1) <= 0 and missed(unknown, 1) <= 0
    assert abs(known.value - 1) < 1e-11 and known.bound < unknown.bound / 100


@pytest.mark.parametrize(("order", "sizes"), [(1, (4, 8, 16, 32)), (4, (2, 4)), (4, (1, 2, 4))])
def test_terms_that_cancel_at_the_largest_sizes_do_not_make_a_limit_look_sure(order, sizes):
    outside = 0
    for terms in np.random.default_rng(order).normal(size=(500, 4)):
        values = torch.tensor([sum(t / n ** (order + k) for k, t in enumerate(terms)) for n in sizes])
        protocol = limit(order=order)(lambda: None).protocol
        found, doubt = (
            protocol.solve(lambda values=values: [values], {}),
            protocol.doubt(lambda values=values: [values]),
        )
        outside += bool(found.abs() > doubt)
    assert outside <= 15  # what the last elimination alone still moved is passed by more than 70


def test_a_pure_power_is_read_off_exactly():
    @slope("n", 4)
    def mean_of_squares(n, *, draw):
        return draw.normal("x", n).mean() ** 2  # 1/n

    estimate = measure(mean_of_squares, {"n": 5})
    assert estimate.rung == EXACT and missed(estimate, -1) <= 0 and estimate.bound < 1e-8


def test_a_power_with_corrections_is_read_off_within_its_bound():
    @slope("n", 4)
    def fourth(n, *, draw):
        return draw.normal("x", n).sum() ** 4 / n + draw.normal("y") ** 2 / n  # 3n + 1/n

    estimate = measure(fourth, {"n": 5})
    assert missed(estimate, 1) <= 0 and 1e-8 < estimate.bound < 0.01


@pytest.mark.parametrize("corrections", [1, 2])
def test_the_bound_holds_whatever_is_left_out(corrections):
    def twin(power, *terms):
        @slope("n", 8, corrections=corrections, steps=6)
        def series(n, *, draw):
            return draw.normal("z") ** 2 * n**power * np.exp(sum(t / n**k for k, t in enumerate(terms, 1)))

        return series

    terms = np.random.default_rng(corrections).normal(size=(40, 5))
    outside = sum(missed(measure(twin(*row), {"n": 8}), row[0]) > 0 for row in terms)
    assert outside <= 1  # terms of random sign may cancel in both comparisons


def test_a_wrong_exponent_is_far_from_the_bar():
    @slope("n", 8)
    def series(n, *, draw):
        return draw.normal("z") ** 2 * (n**1.5 + n**0.5)

    estimate = measure(series, {"n": 8})
    assert missed(estimate, 1.5) <= 0 < missed(estimate, 1.49)


def test_an_exponent_towards_zero_and_of_several_components():
    @slope("h", 0.1, factor=0.5)
    def small(h, *, draw):
        z = draw.normal("z")
        return torch.stack([torch.cos(h * z) - 1, torch.exp(h * z) - 1 - h * z, h * z**2 * (2 + h)])

    estimate = measure(small, {"h": 0.1})
    assert missed(estimate, [2, 2, 1]) <= 0 and estimate.bound.max() < 1e-2


def test_an_exponent_from_samples_has_an_error_bar():
    @slope("n", 4, of=lambda square, mean: square - mean**2)
    def variance(n, *, draw):
        mean = draw.uniform("u", n).exp().mean()
        return mean**2, mean

    estimate = measure(variance, {"n": 4}, samples=2**14)
    assert estimate.rung == QUASI and missed(estimate, -1) <= 0 and 0 < estimate.error < 0.2


def test_a_mean_without_a_sign_has_no_exponent():
    @slope("n", 2)
    def changing(n, *, draw):
        return draw.normal("z") ** 2 - 5 / n

    with pytest.raises(NotFound, match="changes sign or vanishes for n from 4 to 32"):
        measure(changing, {"n": 2})


def test_a_slope_needs_sizes_enough_to_be_doubted():
    with pytest.raises(ValueError, match=r"5 sizes \(not 3\)"):
        slope("n", 2, steps=3)
