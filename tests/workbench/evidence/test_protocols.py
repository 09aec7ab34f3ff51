"""Protocols: ratios, limits, roots, crossings and experiments, on examples with known answers."""

from math import log, sqrt

import numpy as np
import pytest
import torch

from workbench.evidence import at, crossing, experiment, function_of_means, limit, measure, ratio, root, witness
from workbench.evidence.ladder import EXACT, HERMITE
from workbench.evidence.protocols import NotFound


def near(estimate, truth):
    """The truth lies within the bound, or within six error bars and the bound."""
    return (np.abs(estimate.value - truth) <= 6 * estimate.error + estimate.bound).all()


def test_a_ratio_of_means_is_no_mean_of_ratios():
    @ratio
    def tilted_mean(a, *, draw):
        z = draw.normal("z")
        return z * torch.exp(a * z), torch.exp(a * z)

    estimate = measure(tilted_mean, {"a": 0.7})
    assert estimate.rung == HERMITE and near(estimate, 0.7) and estimate.bound.max() < 1e-9


def test_a_function_of_means_sees_matrices():
    @function_of_means(torch.linalg.eigvalsh)
    def spectrum(Sigma, *, draw):
        x = torch.linalg.cholesky(Sigma) @ draw.normal("x", 2)
        return torch.outer(x, x)

    estimate = measure(spectrum, {"Sigma": torch.tensor([[2.0, 1.0], [1.0, 2.0]], dtype=torch.float64)})
    assert estimate.rung == EXACT and near(estimate, [1, 3])


def test_roundoff_that_a_function_of_means_enlarges_is_in_the_bound():
    @function_of_means(lambda heights: (heights[2] - heights[0]) ** 2 / (heights[0] + heights[2] - 2 * heights[1]))
    def depth(u, *, draw):
        scales = torch.tensor([-1.0, 0.0, 1.0], dtype=torch.float64)
        return 0.7 * draw.normal("x") ** 2 * (1 - u * scales) ** 2

    estimate = measure(depth, {"u": 1e-4})  # 8 · 0.7 exactly, and eight digits of it are lost to a small divisor
    assert estimate.rung == EXACT and abs(estimate.value - 5.6).max() > 1e-11 and near(estimate, 5.6)


def test_the_bound_of_a_crossing_at_which_every_sample_vanishes_is_roundoff():
    @crossing("a", 0.5, 8)
    def left(a, *, draw):
        return torch.cos(draw.normal("z")) ** 2 * (a - 2)

    estimate = measure(left, {"a": 1.0})
    assert near(estimate, 2) and 1e-13 < estimate.bound.max() < 1e-9


def test_a_limit_is_extrapolated():
    @limit()
    def series(*, draw):
        z = draw.normal("z")
        return torch.stack([z**2 + 3 * z**2 / n - 5 / n**2 for n in (10, 20, 40)])

    # Three sizes eliminate 1/n and 1/n²; for such a series nothing is left.
    assert near(measure(series, {}), 1)


def test_what_a_limit_leaves_out_is_in_its_bound():
    @limit()
    def series(*, draw):
        z = draw.uniform("z")
        return torch.stack([2 * z + 100 / n**3 for n in (10, 20, 40)])

    estimate = measure(series, {}, samples=2**14)
    assert abs(estimate.value - 1) <= estimate.bound + 6 * estimate.error
    assert estimate.bound > abs(estimate.value - 1) / 4 > 0


def test_a_root_is_found_by_newton():
    @root("t")
    def cubic(a, t, *, draw):
        return t**3 * draw.normal("z") ** 2 - a

    estimate = measure(cubic, {"a": 2.0, "t": 1.0})
    assert estimate.rung == EXACT and near(estimate, 2 ** (1 / 3)) and estimate.bound.max() < 1e-9


def test_a_root_may_be_a_matrix():
    @root("U")
    def equation(Sigma, U, *, draw):
        x = torch.linalg.cholesky(Sigma) @ draw.normal("x", 2)
        return torch.outer(x, x) @ U - torch.eye(2, dtype=torch.float64)

    Sigma = torch.tensor([[2.0, 0.5], [0.5, 1.0]], dtype=torch.float64)
    estimate = measure(equation, {"Sigma": Sigma, "U": Sigma})
    assert near(estimate, torch.linalg.inv(Sigma).numpy())


def test_a_root_that_is_not_there_is_not_found():
    @root("t")
    def never(t, *, draw):
        return t**2 + draw.normal("z") ** 2

    with pytest.raises(NotFound, match="root in t"):
        measure(never, {"t": 0.3})


def test_a_real_crossing_is_found_by_bisection():
    @crossing("t", 0.1, 3)
    def exponential(t, *, draw):
        return torch.exp(t * draw.normal("z")) - 2

    # E exp(tz) = exp(t²/2) = 2 at t = √(2 log 2)
    assert near(measure(exponential, {"t": 1.0}), sqrt(2 * log(2)))


def test_a_crossing_may_be_read_off_a_function_of_means():
    @crossing("t", 0.1, 3, of=lambda square, mean: square - 2 * mean**2 - 1)
    def lognormal(t, *, draw):
        value = torch.exp(t * draw.normal("z"))
        return value**2, value

    # E exp(2tz) − 2 (E exp(tz))² = e^{2t²} − 2 e^{t²} is 1 at e^{t²} = 1 + √2
    assert near(measure(lognormal, {"t": 1.0}), sqrt(log(1 + sqrt(2))))


@pytest.mark.parametrize("critical", [3.0, 4.5, 7.25])
def test_a_crossing_between_whole_lengths_is_read_off(critical):
    @crossing("M", 1, 40, whole=True)
    def risk(c, M, *, draw):
        x = draw.normal("x", M)
        return (c / M * x**2).mean() - 1  # mean c/M − 1

    estimate = measure(risk, {"c": critical, "M": 4})
    assert near(estimate, critical) and estimate.bound.max() < 1e-8


def test_a_crossing_may_be_one_of_a_function_of_means():
    @crossing("t", 0.1, 3, of=lambda second, fourth: fourth - 5 * second)
    def fourth_against_second(t, *, draw):
        z = t * draw.normal("z")
        return z**2, z**4

    assert near(measure(fourth_against_second, {"t": 1.0}), sqrt(5 / 3))


def test_a_root_may_be_one_of_a_function_of_means():
    @root("t", of=lambda second, fourth: fourth / second - 5)
    def fourth_over_second(t, *, draw):
        z = t * draw.normal("z")
        return z**2, z**4

    assert near(measure(fourth_over_second, {"t": 1.0}), sqrt(5 / 3))


def test_a_crossing_that_is_not_there_is_not_found():
    @crossing("M", 1, 6, whole=True)
    def above(M, *, draw):
        return draw.normal("x", M).square().sum()

    with pytest.raises(NotFound, match="sign"):
        measure(above, {"M": 4})

    @crossing("t", 0, 1)
    def below(t, *, draw):
        return -1 - t * draw.normal("z") ** 2

    with pytest.raises(NotFound, match="sign"):
        measure(below, {"t": 0.5})


def test_an_experiment_is_repeated_and_its_spread_is_the_bar():
    @experiment(runs=20)
    def average(n, *, draw):
        return draw.normal("x", n).mean()

    estimate = measure(average, {"n": 400})
    assert estimate.rung == "repeated experiments" and estimate.samples == 20 and estimate.freedom == 19
    assert near(estimate, 0)
    # The spread of means of 400 over √20 runs is 1/√8000; its estimate from 20 runs is within a factor of 3.
    assert 1 / 3 < float(estimate.error[0]) * sqrt(8000) < 3
    assert measure(average, {"n": 400}).value == estimate.value


def test_a_letter_may_be_measured_first():
    @root("t")
    def solution(a, t, *, draw):
        return a * draw.normal("z") ** 2 - t

    @at(t=solution)
    def square(t, *, draw):
        return t**2 * draw.normal("z") ** 4

    assert near(measure(square, {"a": 2.0, "t": 0.0}), 12)


def test_a_witness_names_the_twin_it_repeats():
    def original(*, draw):
        return draw.normal("z")

    @witness(original)
    def other(*, draw):
        return draw.normal("z")

    assert other.witness_of == "original" and not hasattr(original, "witness_of")


def test_a_twin_that_asks_for_unknown_letters_is_told_which():
    def twin(Lambda, gamma, *, draw):
        return draw.normal("z")

    with pytest.raises(
        LookupError, match=r"asks for gamma, which the theorem does not name; its letters are Lambda, N"
    ):
        measure(twin, {"Lambda": 1.0, "N": 3})


def test_a_twin_whose_blocks_change_shape_is_told():
    def twin(*, draw):
        return draw.normal("z", 2).sum() + draw.normal("z", 3).sum()

    with pytest.raises(ValueError, match=r"block 'z' was drawn with shape \(2,\) and then with \(3,\): use two names"):
        measure(twin, {})


def test_a_twin_whose_blocks_depend_on_chance_is_told():
    asked = iter(["a", "b", "c", "d", "e", "f", "g", "h"])

    def twin(*, draw):
        return draw.normal(next(asked), 2).sum()

    with pytest.raises(LookupError, match=r"blocks may not depend on the noise"):
        measure(twin, {})
