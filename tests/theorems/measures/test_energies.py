"""Hand cases for measures.energies: chi-squared numbers."""

from flint import fmpq

from derivations.measures import energies as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_number_has_the_eighth_moment_of_a_standard_normal():
    assert worth(theorem.fourth_moment, d=1, N=1, Sigma=[[1]]) == 105


def test_two_white_numbers_alike_in_one_token_or_two():
    # E (χ²₂)⁴ = 2·4·6·8
    assert worth(theorem.fourth_moment, d=2, N=1, Sigma=[[1, 0], [0, 1]]) == 384
    assert worth(theorem.fourth_moment, d=1, N=2, Sigma=[[1]]) == 384


def test_white_tokens_have_as_many_directions_as_dimensions():
    assert worth(theorem.spread, d=2, N=3, Sigma=[[5, 0], [0, 5]]) == fmpq(1, 3)
