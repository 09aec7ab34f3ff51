"""Hand cases for in_context.drifting_tasks: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import delta_rule, drifting_tasks
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_right_guess_falls_behind_by_what_the_task_walks():
    # d = 1, η = 1/3: kept 1 − 2/3 + 3/9 = 2/3; each example adds η²σ² + γ² = 1 + 4 for σ = 3, γ = 2
    found = worth(drifting_tasks.many_examples, d=1, T=2, v=[[1]], w=[[1]], eta=Rational(1, 3), sigma=3, gamma=2)
    assert found == 5 + Rational(2, 3) * 5


def test_a_task_that_stays_is_that_of_the_delta_rule():
    letters = {"d": 2, "T": 2, "v": [[1], [0]], "w": [[0], [3]], "eta": Rational(1, 8), "sigma": 2}
    assert worth(drifting_tasks.many_examples, gamma=0, **letters) == worth(delta_rule.many_examples, **letters)


def test_the_best_step_of_one_dimension():
    # γ(√(4σ² + 9γ²) − 3γ)/(2σ²) at γ = 8, σ = 5: 8·(26 − 24)/50
    assert worth(drifting_tasks.best_step, d=1, gamma=8, sigma=5) == Rational(8, 25)


def test_the_distance_kept_at_the_best_step_is_below_that_beside_it():
    beside = [worth(drifting_tasks.distance_kept, d=1, gamma=8, sigma=5, eta=Rational(k, 50)) for k in (15, 16, 17)]
    assert beside[1] < min(beside[0], beside[2])
