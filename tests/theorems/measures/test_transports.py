"""Hand cases for measures.transports: one number per token."""

from flint import fmpq

from derivations.measures import transports as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    value = evaluate(claim.formula, as_point(claim.formula, d=1, **{name: [[x]] for name, x in letters.items()}))
    return value.tolist()[0][0] if hasattr(value, "tolist") else value


def test_a_layer_without_scores_leaves_all_of_the_way():
    # tokens of variance 2 shall move by 3x
    assert worth(theorem.risk, Sigma=2, A=0, C=3) == 18
    assert worth(theorem.risk_gradient, Sigma=2, A=0, C=3) == -24


def test_wider_tokens_need_smaller_scores():
    assert worth(theorem.learned_scores, Sigma=2, C=3) == fmpq(3, 2)


def test_learned_scores_leave_nothing_of_the_way():
    assert worth(theorem.risk, Sigma=2, A=fmpq(3, 2), C=3) == 0
    assert worth(theorem.risk_gradient, Sigma=2, A=fmpq(3, 2), C=3) == 0
