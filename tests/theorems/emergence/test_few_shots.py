"""Hand cases for emergence.few_shots: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import few_shots as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_example_in_the_plane_tells_half():
    # a direction at the angle φ knows cos²φ of f, half of it on average
    letters = {"D": 2, "n": 1, "f": [[2], [0]]}
    assert worth(theorem.skill, **letters) == worth(theorem.loss, **letters) == 2


def test_as_many_examples_as_coordinates_tell_all():
    assert worth(theorem.loss, D=2, n=2, f=[[1], [3]]) == 0


def test_one_sentence_tells_a_quarter_of_a_rule_in_two_dimensions():
    # the cosine between wxᵀ and I is cos φ/√2, with φ the angle between w and x
    assert worth(theorem.rule_from_sentences, d=2, sentences=1) == fmpq(1, 4)
