"""Curves: what is drawn is the closed form, what is measured, and the rivals that fail."""

import matplotlib as mpl
import numpy as np
import pytest

from derivations.clustering import centroids
from derivations.in_context import one_layer
from derivations.pca import spikes
from workbench.errors import BadInput


@pytest.fixture(autouse=True)
def no_screen():
    mpl.use("Agg")
    yield
    mpl.pyplot.close("all")


def test_the_line_is_the_closed_form_and_has_a_gap_where_it_does_not_hold():
    axes = spikes.outlier.plot(theta=(0, 3), d=10, n=20, dots=0)
    line = axes.lines[0]
    at, value = line.get_xdata(), line.get_ydata()
    assert np.isnan(value[at**2 <= 0.5]).all() and np.isfinite(value[at**2 > 0.5]).all()
    assert value[-1] == spikes.outlier(theta=3, d=10, n=20)
    named = [text.get_text() for text in axes.get_legend().get_texts()]
    assert named == [f"not: {wrong}" for wrong in spikes.outlier.rivals]


def test_a_size_takes_whole_values_and_dots_lie_on_the_line():
    letters = {"sigma": 0.5, "C": np.eye(2), "Lambda": np.eye(2), "M": 1, "U": np.eye(2)}
    axes = one_layer.least_risk.plot(N=(2, 8), dots=2, rivals=False, **letters)
    assert axes.lines[0].get_xdata().tolist() == [2, 3, 4, 5, 6, 7, 8]
    dots = [container.lines[0].get_xydata()[0] for container in axes.containers]
    assert len(dots) == 2
    for where, value in dots:
        assert abs(value - one_layer.least_risk(N=int(where), **letters)) < 1e-9


def test_critical_scales_are_marked():
    letters = {"L": 2, "sigma": 0.3, "d": 4}
    axes = centroids.escape.plot(lamda=(0.3, 1.5), dots=0, rivals=False, marks=centroids.critical_strength, **letters)
    assert axes.lines[1].get_xdata() == [centroids.critical_strength(**letters)] * 2
    assert axes.get_legend().get_texts()[0].get_text() == centroids.critical_strength.symbol


def test_sliders_move_the_other_letters():
    shown = spikes.outlier.explore(theta=(1, 3), d=(2, 10), n=20)
    slider = shown.children[0]
    assert (slider.description, slider.min, slider.max, slider.step) == ("d", 2, 10, 1)


@pytest.mark.parametrize(("letters", "said"), [
    ({"theta": 2, "d": 10, "n": 20}, "no letter has two ends"),
    ({"theta": (1, 2), "d": (2, 10), "n": 20}, "theta and d have two ends; give exactly one"),
    ({"theta": (1, 2), "d": 10}, "needs a value of n"),
])  # fmt: skip
def test_a_plot_without_one_range_is_refused(letters, said):
    with pytest.raises(BadInput, match=said):
        spikes.outlier.plot(**letters, dots=0)
