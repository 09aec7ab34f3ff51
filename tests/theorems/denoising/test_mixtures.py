"""Hand cases for denoising.mixtures: two clusters on a line."""

from flint import arb, fmpq

from derivations.denoising import mixtures as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate, value


def worth(claim, **letters):
    """The closed form of a claim at these letters, in the sharpest arithmetic that can express it."""
    return value(claim.formula, as_point(claim.formula, **letters))


def exactly(claim, **letters):
    """The same as an exact number."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_cluster_is_shrunk_as_wiener_says():
    (guess,) = worth(theorem.denoiser, d=1, m=[[0]], Gamma=[[1]], z=[[4]], xi=1).reshape(-1)
    assert guess.overlaps(arb(2))


def test_tight_clusters_are_chosen_by_the_hyperbolic_tangent():
    # log-odds 2mz/ξ² of two points
    (guess,) = worth(theorem.denoiser, d=1, m=[[2]], Gamma=[[0]], z=[[3]], xi=2).reshape(-1)
    assert guess.overlaps(2 * (arb(3) / 2).tanh())


def test_one_head_is_the_best_denoiser():
    letters = {"d": 2, "m": [[1], [2]], "z": [[1], [-1]], "xi": 2}
    head = worth(theorem.one_head, gamma=3, **letters).reshape(-1)
    best = worth(theorem.denoiser, Gamma=[[9, 0], [0, 9]], **letters).reshape(-1)
    assert all(one.overlaps(other) for one, other in zip(head, best))


def test_a_guess_is_kept_at_the_critical_noise():
    # s = 5, γ = 3: ξ² = 16, and (9 + 16·25/25)/25 = 1
    assert exactly(theorem.critical_noise, s=5, gamma=3) == 4
    assert exactly(theorem.stretch, s=5, gamma=3, xi=4) == 1
    assert exactly(theorem.stretch, s=0, gamma=1, xi=1) == fmpq(1, 2)


def test_no_skip_is_needed_where_noise_is_as_wide_as_the_clusters():
    assert exactly(theorem.skipless_noise, gamma=fmpq(3, 2)) == fmpq(3, 2)
