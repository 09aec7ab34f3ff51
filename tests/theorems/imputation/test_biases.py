"""Hand cases for imputation.biases: one entry, and two of which one may be missing."""

from flint import fmpq

from derivations.imputation import biases as theorem
from derivations.imputation import one_layer
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

PAIR = {"d": 2, "Sigma": [[1, 0], [0, 1]], "mu": [[1], [2]], "p": fmpq(1, 3)}
COPY = [[0, 1], [0, 0]]  # the first entry is answered by the second


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_an_entry_alone_is_answered_by_its_mean():
    alone = {"d": 1, "Sigma": [[3]], "mu": [[5]], "W": [[7]], "p": fmpq(1, 4)}
    assert worth(theorem.risk, b=[[4]], **alone) == fmpq(3 + 1, 4)
    assert worth(theorem.risk_slope, b=[[4]], **alone) == [[fmpq(-1, 2)]]
    assert worth(theorem.best_bias, **alone) == [[5]]
    assert worth(theorem.least_risk, **alone) == fmpq(3, 4)


def test_a_copied_mean_is_answered_two_times_in_three():
    # the second entry, of mean 2, is seen with chance 2/3
    assert worth(theorem.best_bias, W=COPY, **PAIR).tolist() == [[fmpq(-1, 3)], [2]]


def test_the_second_mean_makes_the_copy_waver():
    # the copy is N(2, 1) with chance 2/3 and 0 else: variance (2/3)·5 − (4/3)² = 14/9; missing with chance 1/3
    assert worth(theorem.least_risk, W=COPY, **PAIR) == fmpq(1, 3) * (2 + fmpq(14, 9))


def test_centred_entries_need_no_bias():
    centred = {**PAIR, "mu": [[0], [0]], "W": [[4, 1], [2, 5]]}
    assert worth(theorem.best_bias, **centred).tolist() == [[0], [0]]
    letters = {name: centred[name] for name in ("d", "Sigma", "W", "p")}
    assert worth(theorem.least_risk, **centred) == worth(one_layer.risk, **letters)
