"""Hand cases for emergence.skill_counts: what one can do on paper, compared exactly."""

import sympy as sp

from derivations.emergence import skill_counts as theorem
from derivations.emergence.courses import emergence_time, t
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_nine_times_the_patience_for_three_skills():
    # Zipf's frequencies with α = 1: 1, 1/4, 1/9
    assert worth(theorem.growth, alpha=1, x=9) == 3


def test_when_the_commonest_skill_emerges_one_skill_is_known():
    assert sp.simplify(theorem.skills_known.formula.xreplace({t: emergence_time.formula})) == 1
