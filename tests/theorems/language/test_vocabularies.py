"""Hand cases for language.vocabularies: σ = 2, where Γ(1/2) = √π, and texts short enough to count."""

import numpy as np
import pytest
import sympy as sp
from flint import arb, fmpq

from derivations.language import vocabularies as theorem
from numerics.language.sentences import coined, noun
from numerics.language.texts import zipf_ranks
from workbench.calculus.asymptotics.ranks import sum_over_ranks
from workbench.calculus.errors import NoClosedForm
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters, as a ball."""
    return arb(evaluate(claim.formula, as_point(claim.formula, **letters), Balls()))


def test_with_inverse_squares_the_prefactor_is_the_root_of_pi():
    assert worth(theorem.vocabulary, alpha=1, r=100).overlaps(100 * arb.pi().sqrt() - fmpq(1, 2))
    assert worth(theorem.once, alpha=1, r=100).overlaps(50 * arb.pi().sqrt())


def test_a_text_of_ten_thousand_words():
    # r = √(10⁴/ζ(2)); the sum over words gives 137.6994, and without −½ one would say 138.1977.
    r = (arb(10**4) / (arb.pi() ** 2 / 6)).sqrt()
    assert (arb.pi().sqrt() * r - fmpq(1, 2)).overlaps(arb("137.6977 +/- 0.002"))


def test_how_long_and_how_many_undo_each_other():
    rank = worth(theorem.needed, alpha=1, words=12)
    assert (rank * arb.pi().sqrt() - fmpq(1, 2)).overlaps(arb(12))


def test_half_of_the_words_occur_once_when_sigma_is_two():
    assert worth(theorem.share_of_once, alpha=1).overlaps(arb(1) / 2)
    assert worth(theorem.scaling_law, alpha=1).overlaps(arb(1) / 2)
    assert worth(theorem.scaling_law, alpha=fmpq(1, 3)).overlaps(arb(1) / 4)


def test_a_sum_that_does_not_vanish_with_its_argument_is_refused():
    k, r = theorem.k, theorem.r
    with pytest.raises(NoClosedForm, match="vanish with t"):
        sum_over_ranks(sp.Sum(1 + sp.exp(-(r**2) / k**2), (k, 1, sp.oo)))
    with pytest.raises(NoClosedForm, match="over one rank"):
        sum_over_ranks(r)


def test_words_that_occur_twice_by_the_same_rule():
    # Σ t²e^−t/2 = r Γ(2 − 1/σ)/(2σ), at σ = 2: r √π/8.
    k, r = theorem.k, theorem.r
    found = sum_over_ranks(sp.Sum(r**4 / k**4 * sp.exp(-(r**2) / k**2) / 2, (k, 1, sp.oo)))
    assert sp.simplify(found - r * sp.sqrt(sp.pi) / 8) == 0


def test_ranks_are_drawn_by_inverse_transform():
    # ζ(2) = π²/6: rank 1 below 6/π² = 0.6079, rank 2 below 0.7599.
    assert zipf_ranks(np.array([0.6, 0.61, 0.75, 0.77]), 2.0).tolist() == [1, 2, 2, 3]


def test_nouns_of_different_ranks_differ():
    names = {noun(rank, bright) for rank in range(1, 300) for bright in (True, False)}
    assert len(names) == 598 and coined(45) != coined(1)
