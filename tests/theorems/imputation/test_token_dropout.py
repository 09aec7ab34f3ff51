"""Hand cases for imputation.token_dropout: what one can do on paper."""

import torch
from flint import arb, fmpq

from derivations.imputation import token_dropout as theorem
from numerics.imputation.token_dropout import attended
from workbench.exact.instances import as_point
from workbench.exact.rings import Balls
from workbench.exact.values import evaluate

HALF = fmpq(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters, in balls."""
    return evaluate(claim.formula, as_point(claim.formula, **letters), Balls())


def test_a_query_that_meets_no_variance_is_answered_by_nothing_along_it():
    found = worth(theorem.answer, d=2, p=HALF, Sigma=[[0, 0], [0, 3]], w=[[1], [0]])
    assert all(entry == 0 for entry in found.reshape(-1))


def test_at_the_critical_length_seen_and_missing_tokens_weigh_the_same():
    # p = 4/5 and fᵀΣf = 2: (1/5) e^{a²} = 4/5
    length = worth(theorem.half_length, p=fmpq(4, 5), d=1, Sigma=[[2]], f=[[1]])
    assert length.overlaps(arb(4).log().sqrt())


class Fixed:
    """A draw that always says one."""

    def normal(self, name, *shape):
        return torch.ones(shape)


def test_a_zero_weighs_one_and_says_nothing():
    value, mass, whole, all_seen = attended(torch.tensor([[4.0]]), torch.zeros(1), 0.75, Fixed())
    assert (value.tolist(), float(mass), whole.tolist(), float(all_seen)) == ([0.5], 1.0, [2.0], 1.0)
