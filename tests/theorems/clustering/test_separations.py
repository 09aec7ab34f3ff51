"""Hand cases for clustering.separations: clusters that are one, and clusters that do not overlap."""

import torch
from flint import arb, fmpq

from derivations.clustering import separations as theorem
from numerics.clustering.separations import beyond, lloyd
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

NEVER = fmpq(1, 10**30)  # a separation that is none


def ball(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_one_cluster_is_told_by_chance_and_halved_by_k_means_alone():
    assert abs(ball(theorem.bayes_rate, s=NEVER, gamma=1) - arb(1) / 2) < fmpq(1, 10**12)
    assert abs(ball(theorem.k_means_centre, s=NEVER, gamma=1) - (2 / arb.pi()).sqrt()) < fmpq(1, 10**12)
    assert ball(theorem.mixture_centre, s=NEVER, gamma=1) < fmpq(1, 10**12)


def test_a_round_cluster_is_cut_in_any_direction():
    assert abs(ball(theorem.turning, s=NEVER, gamma=2, eta=2) - 1) < fmpq(1, 10**12)
    assert abs(ball(theorem.critical_width, s=NEVER, gamma=2) - 2) < fmpq(1, 10**7)


def test_clusters_far_apart_are_found_and_parted():
    assert abs(ball(theorem.k_means_centre, s=20, gamma=1) - 20) < fmpq(1, 10**12)
    assert (
        ball(theorem.bayes_rate, s=20, gamma=1) > 1 - fmpq(1, 10**12)
        and ball(theorem.critical_width, s=20, gamma=1) > 10**40
    )


def test_half_of_the_tokens_are_on_either_side_of_the_middle():
    assert abs(float(beyond(torch.zeros(()), 1.0, 0.5))) < 2**-40


def test_four_tokens_are_parted_where_they_are_farthest_apart():
    corners = torch.tensor([[3.0, 1.0], [3.0, -1.0], [-3.0, 1.0], [-3.0, -1.0]], dtype=torch.float64)
    assert lloyd(corners).tolist() == [3.0, 0.0]
