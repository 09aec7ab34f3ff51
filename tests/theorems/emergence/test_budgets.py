"""Hand cases for emergence.budgets: two skills, and Zipf's law with σ = 2, where Γ(1/2) = √π."""

from flint import arb, fmpq

from derivations.emergence import budgets as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def ball(claim, **letters):
    """The same as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_a_skill_without_a_head_costs_half_of_its_squared_strength():
    # ½ · ½ · (2 − 1)² + ½ · 2² · ½
    assert worth(theorem.loss, N=1, M=1, strength=2, p=[[fmpq(1, 2)]], R=[[1]], f=[[fmpq(1, 2)]]) == fmpq(5, 4)


def test_heads_that_know_everything_leave_what_others_do_not_learn():
    assert worth(theorem.loss, N=1, M=2, strength=3, p=[[1]], R=[[3]], f=[[fmpq(1, 3)], [0]]) == fmpq(3, 2)


def test_training_takes_a_head_to_the_strength_of_its_skill():
    assert ball(theorem.learned, strength=3, share=1, t=50).overlaps(arb("3 +/- 1e-20"))


def test_inverse_squares_leave_half_of_the_root_of_pi():
    assert ball(theorem.unlearned, alpha=1).overlaps(arb.pi().sqrt() / 2)


def test_four_times_as_many_heads_leave_twice_as_much_for_want_of_time():
    assert ball(theorem.time_share, alpha=1, more=4).overlaps(arb(2))
