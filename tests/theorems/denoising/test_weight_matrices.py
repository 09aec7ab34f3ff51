"""Hand cases for denoising.weight_matrices: one token on a line, and two axes."""

from flint import fmpq

from derivations.denoising import weight_matrices as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

LINE = {"d": 1, "Sigma": [[1]], "v": 1, "L": 1}
AXES = {"d": 2, "Sigma": [[1, 0], [0, 2]], "v": 1, "L": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_on_a_line_keys_and_values_are_one_strength():
    # x̂ = θX²(x + n): R = 1 − 2θ E X² + θ² E X⁴ (1 + v) = 1 − 2θ + 6θ²
    assert worth(theorem.key_risk, Theta=[[1]], **LINE) == worth(theorem.value_risk, V=[[1]], **LINE) == 5
    assert worth(theorem.key_slope, Theta=[[1]], **LINE) == worth(theorem.value_slope, V=[[1]], **LINE) == 10
    assert worth(theorem.learned_keys, **LINE) == worth(theorem.learned_values, **LINE) == fmpq(1, 6)
    assert worth(theorem.key_least, **LINE) == fmpq(5, 6)


def test_without_weights_the_whole_query_is_lost():
    zero = [[0, 0], [0, 0]]
    assert worth(theorem.key_risk, Theta=zero, **AXES) == worth(theorem.value_risk, V=zero, **AXES) == 1 + 2


def test_one_token_on_two_axes_gives_each_axis_its_own_keys():
    # E|X|²X₁² = 3 + 2 and E|X|²X₂² = 12 + 2; queries have variances 2 and 3: 1/(5·2) and 4/(14·3)
    keys = worth(theorem.learned_keys, **AXES)
    assert keys.tolist() == [[fmpq(1, 10), 0], [0, fmpq(2, 21)]]
    assert worth(theorem.key_least, **AXES) == 3 - fmpq(1, 10) - fmpq(8, 21)


def test_one_token_on_two_axes_gives_each_axis_its_own_values():
    # E X₁²(X₁z₁ + X₂z₂)² = 3·2 + 2·3 and E X₂²(X₁z₁ + X₂z₂)² = 2·2 + 12·3: 1/12 and 4/40
    values = worth(theorem.learned_values, **AXES)
    assert values.tolist() == [[fmpq(1, 12), 0], [0, fmpq(1, 10)]]
