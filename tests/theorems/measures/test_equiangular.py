"""Hand cases for measures.equiangular: few tokens, warm and cold."""

from flint import arb, fmpq

from derivations.measures import equiangular as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_warm_attention_returns_one_average_for_all():
    assert worth(theorem.cosine, n=5, rho=fmpq(1, 3), beta=0).overlaps(arb(1))


def test_two_tokens_mix_with_weights_u_and_one():
    # outputs ux + y and x + uy with ⟨x, y⟩ = 1/2, u = e
    u = arb(1).exp()
    expected = ((u**2 + 1) / 2 + 2 * u) / (u**2 + 1 + u)
    assert worth(theorem.cosine, n=2, rho=fmpq(1, 2), beta=2).overlaps(expected)


def test_three_tokens_at_a_right_angle_weigh_as_their_two_others_at_log_two():
    assert worth(theorem.critical_temperature, n=3, rho=fmpq(1, 2)).overlaps(2 * arb(2).log())


def test_at_the_critical_scale_tokens_with_cosine_a_third_return_cosine_two_thirds():
    assert worth(theorem.critical_cosine, rho=fmpq(1, 3)).overlaps(arb(2) / 3)
