"""Hand cases for acquisition.two_layers: what one can do on paper."""

from flint import arb, fmpq

from derivations.acquisition import readers
from derivations.acquisition import two_layers as theorem
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, enclosed in balls."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_a_noun_that_looks_everywhere_alike_tells_no_case():
    assert worth(theorem.case_told, b=0, g=3).contains(0)


def test_whose_nouns_tell_no_case_is_a_reader_that_knows_nothing():
    blind = worth(theorem.two_layer_loss, own=3, other=1, far=-1, b=0, m=2, g=2, V=8)
    assert blind.overlaps(worth(readers.reader_loss, own=0, other=0, far=0, m=2, g=2, V=8))


def test_with_two_nouns_the_saddle_is_left_at_an_eighth_of_the_root_of_two():
    # N = 2: √(8 − 12 + 6)/8
    assert worth(theorem.critical_decay, p=fmpq(1, 2), m=2, g=0, V=5).overlaps(arb(2).sqrt() / 8)


def test_a_start_that_is_as_close_is_not_delayed():
    assert worth(theorem.delay, p=fmpq(1, 2), m=2, g=1, V=7, y=1).contains(0)
