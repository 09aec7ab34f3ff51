"""Panels: means with kinks, steps, spikes and weak poles, against their closed forms."""

from math import acos, asin, exp, log, pi, sqrt

import numpy as np
import pytest
import torch

from workbench.evidence import function_of_means, measure
from workbench.evidence.averages import Twin
from workbench.evidence.ladder import HERMITE, PANELS, affordable, panelled
from workbench.evidence.panels import BLUR, CALL, COARSE, FINE, MOST_CELLS, NODES, Nested, TooRough

RHO = 0.8
EULER = float(np.euler_gamma)


def one(function):
    """A twin of one normal number."""
    return lambda *, draw: function(draw.normal("z"))


def pair(function):
    """A twin of two correlated normal numbers."""

    def twin(*, draw):
        z = draw.normal("z", 2)
        return function(z[0], RHO * z[0] + sqrt(1 - RHO**2) * z[1])

    return twin


def three(function):
    return lambda *, draw: function(*(draw.normal(name) for name in "abc"))


KNOWN = {
    "a kink": (one(torch.abs), sqrt(2 / pi)),
    "a kink far out": (one(lambda z: torch.relu(z - 3)), exp(-4.5) / sqrt(2 * pi) - 3 * 0.00134989803163009452),
    "a kink beside a tilt": (pair(lambda u, v: u.abs() * torch.exp(1.7 * (v - RHO * u))), sqrt(2 / pi) * exp(0.5202)),
    "a kink under a root": (one(lambda z: torch.sqrt(z**2)), sqrt(2 / pi)),
    "a step, which has another value at one point": (one(lambda z: torch.sign(z - 0.5) ** 2), 1.0),
    "a spike between the nodes": (
        one(lambda z: torch.exp(-1e8 * (z - 1 / 3) ** 2)),
        exp(-1e8 / 9 / (1 + 2e8)) / sqrt(1 + 2e8),
    ),
    "a narrow bell": (one(lambda z: torch.exp(-((1e4 * z) ** 2) / 2)), 1 / sqrt(1 + 1e8)),
    "a weak pole": (one(lambda z: torch.log(z**2)), -EULER - log(2)),
    "a fast wave": (one(lambda z: torch.cos(40 * z) ** 2), 0.5 + exp(-3200) / 2),
    "steps in a plane": (pair(lambda u, v: torch.where(u > 0, 1.0, 0.0) * (v > 0)), 0.25 + asin(RHO) / (2 * pi)),
    "kinks in a plane": (
        pair(lambda u, v: torch.relu(u) * torch.relu(v)),
        (sqrt(1 - RHO**2) + RHO * (pi - acos(RHO))) / (2 * pi),
    ),
    "a kink on a curve": (pair(lambda u, v: abs(u * v)), 2 / pi * (sqrt(1 - RHO**2) + RHO * asin(RHO))),
    "a steep function in a plane": (
        pair(lambda u, v: torch.erf(30 * u) * torch.erf(30 * v)),
        2 / pi * asin(1800 * RHO / 1801),
    ),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_bound_holds_the_mean_and_is_sharp(name):
    twin, truth = KNOWN[name]
    found = measure(twin, {})
    assert found.rung == PANELS, name
    assert abs(found.value.item() - truth) <= found.bound.item()
    assert found.bound.item() <= 1e-10 * max(1.0, found.magnitude)


def test_the_largest_of_three_is_measured_in_space():
    found = measure(three(lambda a, b, c: torch.maximum(torch.maximum(a, b), c)), {})
    assert found.rung == PANELS and found.bound.item() < 1e-6
    assert abs(found.value.item() - 3 / (2 * sqrt(pi))) <= found.bound.item()


def test_no_tail_of_a_tilted_law_is_counted_twice():
    rows = [[240851, 9888, -24984], [9888, 152286, 43104], [-24984, 43104, 155222]]
    cov = torch.tensor(rows, dtype=torch.float64) / 141512
    tilt, root = torch.tensor([-0.625, 0.875, 0.875], dtype=torch.float64), torch.linalg.cholesky(cov)

    def tilted(*, draw):
        x = root @ draw.normal("x", 3)
        return torch.exp(tilt @ x) * x

    found, truth = panelled(Twin(tilted, {}, 1)), (torch.exp(tilt @ cov @ tilt / 2) * cov @ tilt).numpy()
    assert found is not None and (found.bound < 1e-6 * np.abs(truth)).all()
    assert (np.abs(found.value - truth) <= found.bound).all()


@pytest.mark.parametrize("function", [lambda z: 1 / z, lambda z: torch.exp(z**2 / 2), lambda z: abs(z) ** -1.5])
def test_what_has_no_mean_gets_none(function):
    assert measure(one(function), {}).rung != PANELS


def test_a_ratio_of_means_is_moved_by_the_bounds_of_both():
    @function_of_means(lambda top, bottom: top / bottom)
    def quotient(g, *, draw):
        z = draw.normal("z")
        return torch.abs(g * z), torch.relu(z)

    found = measure(quotient, {"g": 3.0})
    assert found.rung == PANELS and abs(found.value.item() - 6) <= found.bound.item() < 1e-9


def test_derivatives_in_a_letter_have_their_kinks_too():
    def slope(g, *, draw):
        z = draw.normal("z")
        return torch.func.grad(lambda h: torch.abs(z - h) * torch.ones(()))(torch.as_tensor(g))

    found = measure(slope, {"g": 0.75})
    assert found.rung == PANELS and abs(found.value.item() - 0.5467452952) < 1e-9


def test_a_layer_over_thousands_of_tokens_is_left_to_fixed_nodes():
    asked, tokens = [], torch.linspace(-1, 1, 5000)

    def head(*, draw):
        z = draw.normal("z", 3)
        asked.append(1)
        return torch.softmax(z[0] * tokens, dim=0) @ tokens * z[0]

    twin = Twin(head, {}, 0)
    assert not affordable(twin, twin.layout())
    assert len(asked) == 2, "one row says how wide the others would be"
    assert measure(head, {}).rung == HERMITE


def test_many_small_calls_cost_as_much_as_many_rows():
    nested = Nested(lambda rows: (rows**2, rows[:, :0], rows[:, :0]), 1)
    found = nested.whole()
    assert abs(found.values - 1) <= found.errors + BLUR
    nested.calls = MOST_CELLS // CALL
    with pytest.raises(TooRough):
        nested.whole()


def test_the_rules_of_gauss_and_kronrod_are_exact_to_their_degrees():
    for degree in range(32):
        exact = 0 if degree % 2 else 2 / (degree + 1)
        assert abs(float(FINE @ NODES**degree) - exact) < 1e-14
        assert degree > 19 or abs(float(COARSE @ NODES**degree) - exact) < 1e-14
    assert abs(float(FINE @ NODES**32) - 2 / 33) > 1e-13
