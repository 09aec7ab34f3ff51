"""Hand cases for emergence.competitions: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import competitions as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

SWAP = [[0, 1], [1, 0]]
PAIR = {"d": 3, "L": 2, "sigma": 1, "rho": 1, "epsilon": [[1], [1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_where_no_position_is_told_nothing_competes():
    assert worth(theorem.competition, d=3, L=2, sigma=1, epsilon=[[0], [0]]) == 0


def test_a_semantic_head_is_as_loud_as_its_teacher_where_no_position_is_told():
    letters = {**PAIR, "A": SWAP, "omega": 0, "epsilon": [[0], [0]], "rho": fmpq(5, 4)}
    assert worth(theorem.semantic_point, **letters) == fmpq(5, 4)


def test_positions_quieten_a_semantic_head():
    # Θ* = ρ/(1 + S/(L(d + L + 3))) = 1/(1 + 2/16)
    assert worth(theorem.semantic_point, **PAIR, A=SWAP, omega=0) == fmpq(8, 9)


def test_a_positional_head_of_one_token_by_its_moments():
    # y = x, ŷ = M(1 + x₁)²(x + e): E y·ŷ = M(3 + 5 + 2) and E|ŷ|² = M²(76 + 2·10) in three dimensions
    letters = {"d": 3, "L": 1, "sigma": 1, "rho": 1, "A": [[1]], "epsilon": [[1]], "omega": 1}
    assert worth(theorem.positional_point, **letters) == fmpq(10, 96)


def test_a_semantic_teacher_alone_keeps_its_head_semantic():
    assert all(bend > 0 for bend in worth(theorem.semantic_stability, **PAIR, A=SWAP, omega=0).reshape(-1))


def test_a_semantic_teacher_alone_drives_its_head_from_positions():
    bends = worth(theorem.positional_stability, **PAIR, A=SWAP, omega=0).reshape(-1)
    assert bends[0] > 0 > bends[1]
