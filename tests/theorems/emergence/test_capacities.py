"""Hand cases for emergence.capacities: what one can do on paper, compared exactly."""

from derivations.emergence import capacities as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_two_dimensions_hold_three_rules():
    assert worth(theorem.rules_held, D=2) == 3


def test_a_head_on_one_coordinate_holds_both_choices_of_one_sign_and_half_of_two():
    # its gains are W e², all of one sign
    assert theorem.signs_held.formula.subs(theorem.D, 1) == 2
