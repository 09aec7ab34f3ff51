"""Hand cases for in_context.task_diversity: one direction, and ratios at which the root is rational."""

import numpy as np
import torch
from flint import arb, fmpq

from derivations.in_context import task_diversity as theorem
from numerics.in_context.task_diversity import bidiagonal, errors, freedoms, seen_variances
from workbench.evidence.randomness import Layout, recording
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def ball(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_one_task_in_one_direction():
    # C = 4 at w = 2: 4/((3/2)·4 + (4 + 1)/2)
    weights = evaluate(theorem.trained.formula, as_point(theorem.trained.formula, d=1, k=1, N=2, rho=1, tasks=[[2]]))
    assert weights.tolist() == [[fmpq(8, 17)]]


def test_at_equal_sizes_the_root_is_the_root_of_five():
    # x = γ = 1: r² = 5, F = (r − 1)/2 and F′ = (3/r − 1)/2
    letters = {"d": 2, "k": 2, "N": 4, "rho": 1}
    F = (arb(5).sqrt() - 1) / 2
    assert ball(theorem.old_tasks, **letters).overlaps(1 - F)
    assert ball(theorem.new_tasks, **letters).overlaps(1 - (3 / arb(5).sqrt() - 1))


def test_endlessly_many_tasks_are_all_tasks():
    # N = 2d, ρ = 1: x = 1, and one layer leaves x/(1 + x) of every direction
    for claim in (theorem.old_tasks, theorem.new_tasks):
        assert ball(claim, d=1, k=10**9, N=2, rho=1).overlaps(arb("0.5 +/- 1e-8"))


def test_half_as_many_tasks_as_dimensions_leave_half():
    point = as_point(theorem.forgotten.formula, d=4, k=2)
    assert evaluate(theorem.forgotten.formula, point) == fmpq(1, 2)


def test_reflections_keep_the_lengths_of_tasks_and_of_their_scalar_products():
    # Σ_j |w_j|² has the mean dk and Σ_ij (w_i·w_j)² the mean dk(d + k + 1); χ² with m degrees: m and m(m + 2)
    for d, k in ((1, 1), (2, 3), (3, 2), (4, 4), (5, 1)):
        law = freedoms(d, k)
        on, below = law[: min(d, k)], law[min(d, k) :]
        above, before = torch.cat([below, torch.zeros(1)]), torch.cat([torch.zeros(1), below])
        squares = torch.sum(law * (law + 2)) + 2 * torch.sum(on * before) + 2 * torch.sum(on * above)
        assert torch.sum(law) == d * k and squares == d * k * (d + k + 1)
        reduced = bidiagonal(law.double() ** 2)
        assert torch.equal(reduced.diagonal(), on.double()) and torch.equal(reduced.diagonal(-1), below.double())
        assert torch.count_nonzero(reduced) == len(law)


RARE = 5  # standard errors: chance alone goes that far once in two million times


def test_reduced_tasks_give_a_layer_the_errors_that_sampled_ones_give():
    chance, many = np.random.default_rng(0), 4000
    for d, k in ((2, 3), (3, 2)):
        tasks = torch.from_numpy(chance.standard_normal((many, d, k)))
        whole = torch.linalg.eigvalsh(tasks @ tasks.mT / k)
        reduced = (seen_variances(d, k, recording(Layout(), chance)).double() for _ in range(many))
        one, other = (torch.stack([errors(each, 2, 0.5) for each in seen]) for seen in (whole, reduced))
        error = ((one.var(0) + other.var(0)) / many).sqrt()
        assert ((one.mean(0) - other.mean(0)).abs() < RARE * error).all()
