"""Hand cases for imputation.decays: two entries, where each has one weight."""

from flint import fmpq

from derivations.imputation import decays as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)
PAIR = {"d": 2, "Sigma": [[1, HALF], [HALF, 1]], "p": HALF}  # one is missing and the other seen with chance 1/4


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_each_weight_of_a_pair_is_pulled_by_its_error_and_its_decay():
    # d/dw [(1 − w + w²)/4 + λw²] at w = 1, λ = 3; an idle weight feels decay alone
    slopes = worth(theorem.decayed_gradient, W=[[5, 1], [1, 0]], lamda=3, **PAIR)
    assert slopes.tolist() == [[30, fmpq(25, 4)], [fmpq(25, 4), 0]]


def test_decay_of_a_quarter_halves_the_weights_of_a_pair():
    # (2w − 1)/4 + 2λw = 0
    assert worth(theorem.decayed_layer, lamda=fmpq(1, 4), **PAIR).tolist() == [[0, fmpq(1, 4)], [fmpq(1, 4), 0]]
    assert worth(theorem.decayed_layer, lamda=fmpq(3, 4), **PAIR).tolist() == [[0, fmpq(1, 8)], [fmpq(1, 8), 0]]


def test_an_entry_alone_has_no_weight():
    assert worth(theorem.decayed_layer, d=1, Sigma=[[3]], p=HALF, lamda=2) == 0


def test_weights_of_two_on_a_pair_should_be_four_times_as_soft():
    # the best weight is ρ = 1/2 whatever the masks; then (1 − 1/4)/4 is left twice, and 2/4 where both are missing
    loud = {"W": [[7, 2], [2, 9]], **PAIR}
    assert worth(theorem.best_multiple, **loud) == fmpq(1, 4)
    assert worth(theorem.least_risk, **loud) == fmpq(3, 8) + HALF
