"""Hand cases for denoising.corrupted_contexts: a line, and a line in the plane."""

from flint import fmpq

from derivations.denoising import corrupted_contexts as theorem
from derivations.denoising import subspaces
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

LINE, PLANE = {"n": 1, "d": 1, "s": 1, "v": 1}, {"n": 2, "d": 1, "s": 1, "v": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_noisy_token_on_a_line():
    # x̂ = Z²z with Z, z ~ N(0, 2): E xZ²z = 2 and E Z⁴z² = 12·2
    assert worth(theorem.risk, L=1, t1=0, t2=1, **LINE) == 1 - 4 + 24
    assert worth(theorem.risk, L=1, t1=1, t2=0, **LINE) == 1  # the noise
    assert worth(theorem.skipless_strength, L=1, **LINE) == fmpq(1, 12)
    assert worth(theorem.risk_slopes, L=1, t1=0, t2=0, **LINE).reshape(-1).tolist() == [-2, -4]


def test_the_skip_is_subtracted():
    assert worth(theorem.endless_pair, s=2, v=1).reshape(-1).tolist() == [-fmpq(1, 3), fmpq(1, 3)]
    assert worth(theorem.endless_risk, d=3, s=2, v=1) == worth(subspaces.endless_risk, d=3, s=2, v=1) == 2


def test_without_a_skip_a_line_in_the_plane_costs_an_eighteenth():
    # Bayes leaves 1/2; the best multiple of diag(2, 1) z leaves 1 − 2²/(8 + 1)
    assert worth(theorem.price_without_skip, **PLANE) == fmpq(5, 9) - fmpq(1, 2)
    assert worth(theorem.price_without_skip, **LINE) == 0


def test_twenty_four_tokens_need_no_skip():
    # t₂ = 2/E tr(ŜBŜ) pulls the skip by 5t₂ against 1, and E tr(ŜBŜ) = 9 + (9 + 3·5)/L is 10 at L = 24
    assert worth(theorem.critical_length, **PLANE) == 24
