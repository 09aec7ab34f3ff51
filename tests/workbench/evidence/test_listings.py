"""Listings: all roots of a mean and all eigenvalues of one, compared in whatever order they come."""

import numpy as np
import pytest
import torch

from workbench.catalogue import Entry
from workbench.evidence import crossing, lowest, measure, roots, spectrum
from workbench.evidence.listings import in_order
from workbench.evidence.protocols import NotFound
from workbench.judging.confrontation import judged
from workbench.judging.judge import STANDARDS

ENTRY = Entry("some.listing.of_roots", "fixed point", "", "", None, 0)
QUICK = STANDARDS["quick"]


@roots("a", "b")
def pitchfork(strength, a, b, *, draw):
    """Two numbers that grow on their own; the second dies out."""
    noise = draw.normal("noise", 1)[0]
    return torch.stack([(strength - a**2) * a * noise**2, b * (1 + b**2) + 0 * noise])


@spectrum
def rates(strength, *, draw):
    """A symmetric matrix on average."""
    noise = draw.normal("noise", 2)
    return torch.outer(noise, noise) * strength - torch.diag(torch.tensor([0.0, 1.0]))


@crossing("strength", 1e-3, 9, of=lowest)
def onset(strength, *, draw):
    return rates(strength, draw=draw)


LETTERS = {"strength": 4.0, "a": 0.3, "b": -0.7}


def test_every_root_is_found_once():
    found = measure(pitchfork, LETTERS)
    assert found.rung == "exact cubature" and found.value.shape == (2, 3)
    np.testing.assert_array_equal(np.abs(found.value - [[-2, 0, 2], [0, 0, 0]]) <= found.bound, True)


def test_letters_that_stand_for_positive_numbers_are_positive():
    @roots("a", "b", positive=("a",))
    def upper(strength, a, b, *, draw):
        return pitchfork(strength, a, b, draw=draw)

    assert measure(upper, LETTERS).value.shape == (2, 1)


@pytest.mark.parametrize("strength", [2.0, 3.0, 5.0, 9.0])
def test_all_nine_rests_of_two_pitchforks_are_found(strength):
    """Searches from random places find about half of them; their images are the others."""

    @roots("a", "b")
    def pitchforks(strength, a, b, *, draw):
        noise = draw.normal("noise", 1)[0] ** 2
        return torch.stack([a * (a**2 - strength) * noise + 0 * b, b * (b**2 - strength) * noise])

    assert measure(pitchforks, {"strength": strength, "a": 3.0, "b": 1.0}).value.shape == (2, 9)


def test_a_mean_without_roots_is_said_to_have_none():
    @roots("a")
    def never(a, *, draw):
        return (1 + a**2) * draw.normal("noise", 1) ** 2

    with pytest.raises(NotFound, match="no search found a root in a"):
        measure(never, {"a": 0.5})


def test_eigenvalues_are_those_of_the_mean_and_the_lowest_changes_sign():
    found = measure(rates, LETTERS)
    assert np.all(np.abs(found.value - [3, 4]) <= found.bound)
    assert abs(measure(onset, LETTERS).value.item() - 1) < 1e-6


def test_eigenvalues_that_are_not_real_are_no_measurement():
    @spectrum
    def turning(*, draw):
        return torch.tensor([[0.0, 1.0], [-1.0, 0.0]]) + 0 * draw.normal("noise", 1)

    with pytest.raises(NotFound, match="not real"):
        measure(turning, {})


def test_the_order_of_columns_means_nothing():
    columns = np.array([[0.0, 1.0, -1.0, 0.0], [2.0, 0.0, 0.0, -2.0]])
    for order in ([0, 1, 2, 3], [3, 1, 0, 2], [2, 3, 1, 0]):
        np.testing.assert_array_equal(in_order(columns[:, order].reshape(-1), 2), in_order(columns.reshape(-1), 2))
    np.testing.assert_array_equal(in_order(np.array([3.0, 1.0]), 0), [3, 1])


@pytest.mark.parametrize(("claimed", "status"), [
    ([[2, 0, -2], [0, 0, 0]], "supported"),
    ([[2, 0, -2.001], [0, 0, 0]], "refuted"),
    ([[0, 0, 0], [2, 0, -2]], "refuted"),
    ([[2, -2], [0, 0]], "undecided"),
])  # fmt: skip
def test_a_list_is_judged_as_a_whole(claimed, status):
    found = measure(pitchfork, LETTERS)
    (said, reason), _ = judged(ENTRY.id, np.array(claimed, dtype=float).reshape(-1), [found], [found], QUICK)
    assert said == status, reason


def test_an_affine_equation_is_searched_once():
    """Twins that are costly have few evaluations: the one root, and the tangent seen at all starts."""

    @roots("a", "b")
    def valley(strength, a, b, *, draw):
        noise = draw.normal("noise", 1)[0]
        return torch.stack([(strength * a - b) * noise**2, (a + b - 1) * (1 + 0 * noise)])

    found = measure(valley, LETTERS)
    assert np.all(np.abs(found.value - [[0.2], [0.8]]) <= found.bound)
    assert found.samples < measure(pitchfork, LETTERS).samples / 4
