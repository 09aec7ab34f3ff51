"""Hand cases for clustering.identity_layers: one token, and none but centroids."""

from flint import fmpq

from derivations.clustering import identity_layers as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

PLANE = {"d": 2, "mu0": [[1], [0]], "mu1": [[0], [1]]}


def worth(claim, **letters):
    """The closed form of a claim at these letters: an exact number, or an array of them."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_single_token_is_stretched_by_its_squared_length():
    # T(x) = 2λ|x|²x: E|x|²x = (1 + (d + 2)σ²)μ, which is 5μ at d = 2, σ = 1
    assert worth(theorem.mean_output, L=1, lamda=1, sigma=1, **PLANE).reshape(-1).tolist() == [10, 0]
    assert worth(theorem.unbiased_strength, L=1, sigma=1, d=2) == fmpq(1, 10)


def test_a_single_token_varies_by_its_sixth_moment():
    # with s = |x|², x = μ + (g, h): E s³ = 1 + 18 + 72 + 48 at d = 2, σ = 1
    assert worth(theorem.conditional_variance, L=1, lamda=1, sigma=1, d=2) == 4 * 139 - 100


def test_two_noiseless_tokens_differ_by_whether_they_are_alike():
    # T = λ(1 + [alike])μ: half of the prompts give λ, half 2λ
    assert worth(theorem.mean_output, L=2, lamda=1, sigma=0, **PLANE).reshape(-1).tolist() == [fmpq(3, 2), 0]
    assert worth(theorem.conditional_variance, L=2, lamda=1, sigma=0, d=2) == fmpq(1, 4)


def test_endless_prompts_keep_the_noise_of_the_plane():
    # T(x) = λ(P + 2σ²I)x at λ = 1/3, σ = 1: the two coordinates of the plane keep variance one, the third has (2/3)²
    assert worth(theorem.endless_variance, lamda=fmpq(1, 3), sigma=1, d=3) == 2 + fmpq(4, 9)
