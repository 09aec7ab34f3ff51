"""Hand cases for the chapter `emergence`: what one can do on paper, compared exactly."""

from flint import fmpq

from derivations.emergence import losses
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_one_token_in_one_dimension():
    # ŷ = w x₁² W x with moments 1, 3 of x₁², x₁⁴: E(wx − w x₁² W x)² = 1 − 2W + 3W²
    letters = {"D": 1, "d": 1, "N": 1, "lamda": 1, "s": 1, "B": [[1]], "R": [[1]]}
    assert worth(losses.skill_loss, W=[[1]], **letters) == 2
    assert worth(losses.skill_loss, W=[[fmpq(1, 3)]], **letters) == fmpq(2, 3)


def test_the_best_weight_of_one_token_is_one_third():
    assert worth(losses.trained_block, d=1, N=1, lamda=1, s=1, R=[[1]]) == [[fmpq(1, 3)]]
    assert worth(losses.floor, d=1, N=1, lamda=1, s=1, R=[[1]]) == fmpq(2, 3)
