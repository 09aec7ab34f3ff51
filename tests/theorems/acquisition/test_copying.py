"""Hand cases for acquisition.copying: what one can do on paper."""

from flint import arb

from derivations.acquisition import copying as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in a ball."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_who_copies_nothing_pays_the_logarithm_of_the_vocabulary():
    assert worth(theorem.copying_loss, m=0, N=2, V=8).overlaps(arb(8).log())


def test_the_first_step_of_two_nouns_among_four_is_a_twelfth():
    # −∂L/∂m = 1/N − 1/V = 1/4, shared by V − 1 = 3
    assert worth(theorem.copying_speed, m=0, N=2, V=4, mu=1).overlaps(arb(1) / 12)


def test_equal_odds_are_where_training_begins():
    assert worth(theorem.copying_time, y=1, N=3, V=7, mu=1) == 0


def test_with_one_noun_the_half_takes_two_thirds_and_a_logarithm():
    # N = 1, V = 4: 3 [2/3 + ln 3]
    assert worth(theorem.copying_half, N=1, V=4, mu=1).overlaps(2 + 3 * arb(3).log())
