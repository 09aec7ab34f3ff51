"""Hand cases for emergence.positions: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import positions as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

UNIT = {"sigma": 1, "rho": 1}
ALONE = {**UNIT, "L": 1, "A": [[1]], "epsilon": [[1]]}
PAIR = {**UNIT, "L": 2, "A": [[0, 1], [1, 0]], "epsilon": [[1], [-1]]}
PLANE = {"d": 2, "e": [[1], [0]], "k": [[0], [1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_silent_student_loses_all_that_a_positional_teacher_says():
    # y swaps two tokens: |y|²/d has the mean 2
    letters = {**PAIR, **PLANE, "omega": 1}
    assert worth(theorem.risk, **letters, w=[[0], [0]]) == 2


def test_a_silent_student_of_one_token_loses_its_fifth_powers():
    # y = t²x with t = x₂: E t⁴(t² + x₁²)/2 = (15 + 3)/2
    letters = {**ALONE, **PLANE, "omega": 0}
    assert worth(theorem.risk, **letters, w=[[0], [0]]) == 9


def test_where_no_position_is_told_a_student_with_the_weights_of_its_teacher_errs_nowhere():
    letters = {**PAIR, **PLANE, "omega": 0, "epsilon": [[0], [0]]}
    assert worth(theorem.risk, **letters, w=[[0], [1]]) == 0
    assert not worth(theorem.risk_gradient, **letters, w=[[0], [1]]).any()


def test_silence_is_a_point_of_rest():
    letters = {**PAIR, **PLANE, "omega": fmpq(1, 3)}
    assert not worth(theorem.risk_gradient, **letters, w=[[0], [0]]).any()


def test_one_token_read_along_its_position_by_a_silent_teacher():
    # d → ∞, one token: E s⁴ with s ~ N(1, 1), that is 1 + 6 + 3
    letters = {**ALONE, "A": [[0]], "omega": 1}
    assert worth(theorem.endless_risk, **letters, M=1, Theta=0, Q=0) == 10


def test_without_positions_the_teacher_itself_is_at_rest():
    letters = {**PAIR, "d": 3, "omega": 0, "epsilon": [[0], [0]], "M": 0, "Theta": 1, "Q": 0}
    slopes = worth(theorem.energy_gradient, **letters).reshape(-1)
    assert slopes[1] == 0 < slopes[0]
