"""Hand cases for denoising.skips: one token on a line, and two axes."""

from flint import fmpq

from derivations.denoising import skips as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

LINE = {"d": 1, "Sigma": [[1]], "v": 1}
AXES = {"d": 2, "Sigma": [[1, 0], [0, 2]], "v": 1}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_skip_of_one_leaves_the_noise():
    assert worth(theorem.risk, t=1, theta=0, L=3, **AXES) == 2


def test_one_token_on_a_line_answers_with_its_square():
    # x̂ = (t + θX²)(x + n): R = 1 − 2(t + θ) + 2(t² + 2tθ + 3θ²)
    assert worth(theorem.risk, t=1, theta=1, L=1, **LINE) == 9
    assert worth(theorem.risk_slopes, t=1, theta=1, L=1, **LINE).tolist() == [[6], [14]]


def test_the_skip_gives_way_to_attention():
    # variances 1 and 2, queries of variance 2 and 3: (3 − θ(2 + 6))/5
    assert worth(theorem.best_skip, theta=0, **AXES) == fmpq(3, 5)
    assert worth(theorem.best_skip, theta=1, **AXES) == -1
    assert worth(theorem.critical_strength, **AXES) == fmpq(3, 8)


def test_alike_axes_need_no_attention():
    alike = {**AXES, "Sigma": [[3, 0], [0, 3]]}
    assert worth(theorem.best_pair, L=2, **alike).tolist() == [[fmpq(3, 4)], [0]]


def test_one_token_on_two_axes():
    # E|X|²X₁² = 5 and E|X|²X₂² = 14, so tr MB = 10 + 42 = 52: 5t + 8θ = 3 and 8t + 52θ = 5
    assert worth(theorem.best_pair, L=1, **AXES).tolist() == [[fmpq(116, 196)], [fmpq(1, 196)]]
