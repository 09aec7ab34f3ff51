"""Hand cases for measures.elliptical: tokens on a line whose variance is drawn by a coin, or by Laplace's law."""

import torch
from flint import arb, fmpq

from derivations.measures import elliptical as theorem
from numerics.measures.elliptical import attended, elliptical, of_heavy_tails
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    letters = {name: [[value]] if name in ("Sigma", "w") else value for name, value in letters.items()}
    value = evaluate(claim.formula, as_point(claim.formula, d=1, **letters), Balls())
    return value.tolist()[0][0] if hasattr(value, "tolist") else value


def test_tokens_of_one_variance_are_gaussian_and_attention_is_linear():
    for w in (HALF, 3):
        assert worth(theorem.output, p=HALF, r=2, s=2, Sigma=5, w=w).overlaps(arb(10) * w)
        assert worth(theorem.gain_gradient, p=HALF, r=2, s=2, Sigma=5, w=w).contains(0)


def test_a_coin_between_one_and_four_tilts_towards_four():
    # u = 1: (e^{1/2} + 4 e²)/(e^{1/2} + e²), where linear attention keeps 5/2
    quiet, loud = (arb(1) / 2).exp(), arb(2).exp()
    found = worth(theorem.output, p=HALF, r=1, s=4, Sigma=1, w=1)
    assert found.overlaps((quiet + 4 * loud) / (quiet + loud)) and found > arb(5) / 2


def test_the_published_case_of_elliptical_tokens():
    # R is 1 or 4 by a coin, Σ = 5/4, w = 3/8: the covariance of tokens would answer (5/2)(5/4)(3/8) = 1.171875
    found = worth(theorem.output, p=HALF, r=1, s=4, Sigma=fmpq(5, 4), w=fmpq(3, 8))
    assert str(found).startswith("[1.264")


def test_a_quiet_query_sees_the_variance_of_the_variance():
    # w → 0: φ′ = ½ Var R, so ∇φ/w → p(1 − p)(r − s)² = 9/4
    small = fmpq(1, 10**9)
    assert abs(worth(theorem.gain_gradient, p=HALF, r=1, s=4, Sigma=1, w=small) / small - arb(9) / 4) < 1e-6


def test_tokens_of_laplaces_law_answer_with_a_pole():
    # density e^{−√2|x|}/√2·…: E e^{wX} = 1/(1 − w²), whose logarithmic slope is 2w/(1 − w²)
    assert worth(theorem.heavy_output, m=2, Sigma=1, w=HALF).overlaps(arb(4) / 3)
    assert worth(theorem.divergence, Sigma=4, w=1).overlaps(arb(1) / 2)


def test_half_way_to_the_pole_tokens_crowd_without_bound():
    # (1 − u)²/(1 − 4u) at u = 3/16, for m = 2
    assert worth(theorem.crowding, m=2, Sigma=fmpq(3, 4), w=HALF).overlaps(arb(169) / 64)


def test_a_context_of_grid_tokens_has_the_variance_of_its_law():
    torch.set_default_dtype(torch.float64)
    Sigma, w = torch.tensor([[2.0, 1], [1, 3]]), torch.tensor([0.5, 0.25])
    for tokens, logs in (
        elliptical(torch.tensor([1.0, 4]), torch.tensor([0.75, 0.25]), Sigma, w),
        of_heavy_tails(3, Sigma, w),
    ):
        share = torch.exp(logs)[:, None]
        spread = tokens.T @ (share * tokens) / share.sum()
        assert (spread / Sigma / (spread / Sigma)[0, 0] - 1).abs().max() < 1e-12
        assert attended(tokens, logs, 0 * w).abs().max() < 1e-12
