"""Hand cases for imputation.any_masks: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.imputation import any_masks as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def mask(q):
    """The moments of a mask that shows its one entry with chance q."""
    return {"d": 1, "pi": [[q]], "C": [[q * (1 - q)]]}


def test_one_other_entry_is_trusted_as_if_it_were_always_seen():
    # E (3x + e − w o x)² with x of variance 2: 18 + 5 where it is missing, 2 (3 − w)² + 5 where it is seen
    letters = {"Sigma": [[2]], "b": [[3]], "v": 5, **mask(fmpq(1, 4))}
    assert worth(theorem.risk, w=[[1]], **letters) == fmpq(3, 4) * 23 + fmpq(1, 4) * 13
    assert worth(theorem.fixed_point, Sigma=[[2]], b=[[3]], **mask(fmpq(1, 4))) == [[3]]
    assert worth(theorem.least_risk, **letters) == fmpq(3, 4) * 23 + fmpq(1, 4) * 5


def test_two_entries_seen_both_or_neither_are_regressed_on_as_if_complete():
    together = {"d": 2, "pi": [[HALF], [HALF]], "C": [[fmpq(1, 4), fmpq(1, 4)], [fmpq(1, 4), fmpq(1, 4)]]}
    letters = {"Sigma": [[2, 1], [1, 3]], "b": [[1], [-2]], **together}
    assert worth(theorem.fixed_point, **letters).tolist() == [[1], [-2]]
    # bᵀΣb = 2 − 4 + 12 is explained where they are seen
    assert worth(theorem.least_risk, v=1, **letters) == 1 + HALF * 10


def test_two_entries_of_which_one_is_seen_are_regressed_on_one_at_a_time():
    either = {"d": 2, "pi": [[HALF], [HALF]], "C": [[fmpq(1, 4), -fmpq(1, 4)], [-fmpq(1, 4), fmpq(1, 4)]]}
    # Σb = (0, −5) over the variances 2 and 3
    w = worth(theorem.fixed_point, Sigma=[[2, 1], [1, 3]], b=[[1], [-2]], **either)
    assert w.tolist() == [[0], [-fmpq(5, 3)]]
