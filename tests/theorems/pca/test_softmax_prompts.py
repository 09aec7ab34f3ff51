"""Hand cases for pca.softmax_prompts: prompts of one and of two tokens."""

from flint import fmpq

from derivations.pca import softmax_prompts as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import value


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return value(claim.formula, as_point(claim.formula, **letters))


def test_a_prompt_of_one_token_is_returned_whatever_the_head():
    assert worth(theorem.risk_at_rest, d=1, L=1, Sigma=[[3]]) == 0
    assert worth(theorem.curvature_at_rest, d=1, L=1, Sigma=[[3]], lamda=1, alpha=3) == 0


def test_half_of_a_prompt_of_two_is_the_token_itself():
    # x − (x + y)/2 has the variance (1 + 1)/4
    assert worth(theorem.risk_at_rest, d=1, L=2, Sigma=[[1]]) == fmpq(1, 2)


def test_two_tokens_on_a_line_are_weighed_by_a_logistic_curve():
    # T = y + (x − y)/(1 + e^{−m²x(x−y)}), x − T ≈ (x − y)/2 − m²x(x − y)²/4:
    # R ≈ 1/2 − m² E x(x − y)³/4 = 1/2 − 6m²/4, since E x(x − y)³ = 3·2·1
    assert worth(theorem.curvature_at_rest, d=1, L=2, Sigma=[[1]], lamda=1, alpha=1) == -3


def test_the_first_axis_is_left_faster():
    letters = {"d": 2, "L": 3, "Sigma": [[4, 0], [0, 1]], "lamda": 1}
    first, second = (worth(theorem.curvature_at_rest, **letters, alpha=alpha) for alpha in (4, 1))
    assert first == -fmpq(8, 3) * 4 * (4 + fmpq(5, 3)) and second == -fmpq(8, 3) * (1 + fmpq(5, 3))
