"""Hand cases for denoising.subspaces: subspaces of every prompt's own."""

from flint import fmpq

from derivations.denoising import linear_layers
from derivations.denoising import subspaces as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

EQUAL = {"s": 1, "v": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_the_trained_strength_of_the_literature_is_that_of_five_hundred_tokens():
    # Smart et al. report 0.327 for eight dimensions, s = 2 and v = 1
    strength = worth(theorem.best_strength, s=2, v=1, d=8, L=500)
    assert strength == fmpq(500, 3 * 509)
    assert fmpq(3274, 10_000) < strength < fmpq(3275, 10_000) and strength < fmpq(1, 3)


def test_the_whole_space_is_a_subspace():
    for L, d in ((1, 1), (3, 2)):
        here = worth(theorem.least_risk, s=2, v=3, d=d, L=L)
        Sigma = [[2 * int(i == j) for j in range(d)] for i in range(d)]
        assert here == worth(linear_layers.least_risk, d=d, L=L, v=3, Sigma=Sigma)


def test_one_token_of_a_line_regains_a_sixth():
    # x̂ = θX²(x + n) on the line: 1 − 2θ + 6θ² at s = v = 1
    assert worth(theorem.risk, d=1, L=1, theta=1, **EQUAL) == 5
    assert worth(theorem.best_strength, d=1, L=1, **EQUAL) == fmpq(1, 6)
    assert worth(theorem.least_risk, d=1, L=1, **EQUAL) == fmpq(5, 6)


def test_two_tokens_of_a_line_regain_half_of_what_endless_ones_do():
    assert worth(theorem.half_length, d=1) == 2
    assert worth(theorem.least_risk, d=1, L=2, **EQUAL) == fmpq(3, 4)
    assert worth(theorem.endless_risk, d=1, **EQUAL) == fmpq(1, 2)


def test_half_the_strength_of_answering_zero_is_where_harm_begins():
    # θ = 1/6 is harmless while θ(s + u)·3 < 2, so up to u = 3
    assert worth(theorem.critical_noise, **EQUAL) == 3
    # trained on L = 4 tokens of a line: θ = 1/3 at s = v = 1, zero gain where (M + 2)/M·2/3 = 2, at M = 1
    assert worth(theorem.critical_length, d=1, L=4) == 1


def test_little_noise_is_better_left_alone():
    # n = d = 1, L = 6, s = 1: 1 − (3/4)/(1 + v) = v where v² = 1/4
    assert worth(theorem.worthwhile_noise, n=1, d=1, L=6, s=1) == fmpq(1, 2)
