"""Hand cases for pca.rereadings: a line, one token, and two ways to hold one prompt."""

import numpy as np
import torch
from flint import fmpq

from derivations.pca import rereadings as theorem
from numerics.pca import rereadings as twin
from workbench.evidence.randomness import Layout, recording
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value


def worth(formula, **letters):
    """A closed form at these letters."""
    return value(formula, as_point(formula, **letters))


def test_on_a_line_a_second_reading_of_one_token_repeats_the_first_four_times():
    # t² − 1 =: y, E y³ = 15 − 9 + 3 − 1 and E y² = 2
    assert worth(theorem.echo.formula, d=1, n=1) == 4


def test_on_a_line_two_readings_of_one_token():
    # y² − y − 1 for y = t² − 1 and t of variance 1 + θ = 2: E t⁴ = 12, so 12 − 4 + 1 − 1 − 1
    letters = {"d": 1, "n": 1, "theta": 1, "v": [[1]], "x": [[1]]}
    assert evaluate(theorem.response.formula, as_point(theorem.response.formula, **letters)).item() == 7


def test_one_token_of_noise_in_a_plane_makes_sixty_five():
    # |y₂|² = b²(r − 4)²r + 2b²(r − 4) + 1 with r = a² + b²: E r^k = 2^k k!
    whole = theorem.noise.lines[-2].expression
    assert worth(whole, d=2, n=1, theta=0) == 65


def test_nine_dimensions_for_four_tokens_need_a_strength_of_three_halves():
    assert worth(theorem.critical_strength.formula, d=9, n=4) == fmpq(3, 2)


def test_layers_on_new_tokens_have_the_same_critical_strength_in_large_prompts():
    from derivations.pca import layers

    letters = {"d": 9 * 10**8, "n": 4 * 10**8}
    assert abs(worth(layers.critical_strength.formula, **letters) - fmpq(3, 2)) < fmpq(1, 10**8)


def test_layers_return_the_same_on_a_prompt_as_it_is_and_after_reflections():
    torch.set_default_dtype(torch.float64)
    d, n, prompts, theta = 6, 40, 2000, 0.7
    spike, across = torch.eye(d)[:2]

    def whole(draw):
        tokens = twin.prompt(theta, spike, n, draw)
        return spike @ twin.answer(tokens, spike, d, n, 2), twin.answer(tokens, across, d, n, 2).square().sum()

    def seen(draw):
        bands = twin.reflected(draw, d, n, d, kept=2)
        tokens = twin.spiked(theta, sum(torch.diag(band, -place) for place, band in enumerate(bands)))
        return spike @ twin.answer(tokens, spike, d, n, 2), twin.answer(tokens, across, d, n, 2).square().sum()

    one, other = (
        torch.tensor([way(recording(Layout(), np.random.default_rng([place, run]))) for run in range(prompts)])
        for place, way in enumerate((whole, seen))
    )
    apart = (one.mean(0) - other.mean(0)) / torch.sqrt((one.var(0) + other.var(0)) / prompts)
    assert apart.abs().max() < 4.5  # error bars


def test_layers_that_do_not_forget_make_more_noise():
    torch.set_default_dtype(torch.float64)
    unspiked, d, n = twin.large_prompt(2, 1, 1, recording(Layout(), np.random.default_rng(0)))
    tokens, across = unspiked.T, torch.eye(len(unspiked))[1]
    echoing = twin.reading(tokens, twin.reading(tokens, across, n), n)
    assert echoing.square().sum() > 2.99 > 1.01 > twin.answer(tokens, across, d, n, 2).square().sum()
