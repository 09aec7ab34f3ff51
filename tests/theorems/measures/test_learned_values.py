"""Hand cases for measures.learned_values: one number per token, and two axes."""

from flint import fmpq

from derivations.measures import learned_values as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

LINE = {"d": 1, "Sigma": [[2]], "A": [[3]], "C": [[5]]}  # a token x of variance 2 reads 6x and shall read 5x


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_values_of_zero_leave_all_of_the_way_and_cost_nothing():
    assert worth(theorem.risk, V=[[0]], lamda=7, **LINE) == 25 * 2


def test_values_of_one_overshoot_by_one_and_cost_their_decay():
    assert worth(theorem.risk, V=[[1]], lamda=7, **LINE) == 2 + 7
    # d/dV [2(6V − 5)² + 7V²] at one
    assert worth(theorem.risk_gradient, V=[[1]], lamda=7, **LINE) == 24 + 14


def test_decay_shrinks_the_values():
    # 2·6·(6V − 5) + λV = 0
    assert worth(theorem.learned_values, lamda=8, **LINE) == fmpq(60, 80)
    assert worth(theorem.learned_values, lamda=48, **LINE) == fmpq(60, 120)


def test_one_step_for_two_axes_is_an_average():
    # tokens of variance 1 and 4 read x₁ and 4x₂ and shall read x₁ and 2x₂: (1 + 2·4·4)/(1 + 16·4)
    axes = {"d": 2, "Sigma": [[1, 0], [0, 4]], "A": [[1, 0], [0, 1]], "C": [[1, 0], [0, 2]]}
    assert worth(theorem.best_step, **axes) == fmpq(33, 65)
    assert worth(theorem.best_step, **LINE) == fmpq(5, 6)
