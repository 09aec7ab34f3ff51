"""Hand cases for emergence.contexts: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import contexts as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_without_a_topic_the_critical_lengths_agree():
    assert worth(theorem.critical_context_of_a_topic, d=3, r=0) == worth(theorem.critical_context, d=3) == 4


def test_three_dimensions_bear_a_correlation_of_one_half():
    assert worth(theorem.critical_correlation, d=3) == fmpq(1, 2)
