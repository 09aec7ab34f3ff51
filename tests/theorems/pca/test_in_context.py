"""Hand cases for pca.in_context: one dimension, one degree of freedom, no spike."""

from flint import fmpq

from derivations.pca import finite_prompt
from derivations.pca import in_context as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import value

V = [[3, 1], [1, 2]]
MU = [[1], [fmpq(1, 2)]]


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    found = value(claim.formula, as_point(claim.formula, **letters))
    return found.tolist() if hasattr(found, "tolist") else found


def test_on_a_line_with_one_degree_of_freedom_the_risk_is_the_sixth_moment():
    # Σ = z²: E z²(1 − λz²)² = 1 − 2·3λ + 15λ²
    assert worth(theorem.risk, d=1, n=1, V=[[1]], lamda=fmpq(1, 5), mu=[[1]]) == fmpq(2, 5)


def test_at_rest_the_risk_is_the_mean_variance():
    assert worth(theorem.risk, d=2, n=7, V=V, lamda=1, mu=[[0], [0]]) == 35


def test_in_context_and_from_tokens_are_one_theorem():
    for n in (1, 2, 5, 40):
        finite = worth(finite_prompt.risk, d=2, L=n, Sigma=V, lamda=fmpq(1, 3), mu=MU)
        assert worth(theorem.duality, d=2, n=n, V=V, lamda=fmpq(1, 3), mu=MU) == n * finite
        assert worth(theorem.risk, d=2, n=n, V=V, lamda=fmpq(1, 3), mu=MU) == n * finite


def test_the_released_closed_form_of_the_length_on_the_spike_is_the_same():
    # d = 1: V = τ = 1, α² = (n + 2)/(λ(n + 2)(n + 4)), so n = 5 and λ = 1 give 1/9
    assert worth(theorem.spike_length, d=1, n=5, xi=fmpq(3, 5), theta=fmpq(16, 25), lamda=1).contains(fmpq(1, 3))


def test_without_a_spike_nothing_distinguishes_its_direction():
    letters = {"d": 3, "n": 4, "xi": 1, "theta": 0, "lamda": 1}
    assert worth(theorem.curvature_across_spike, **letters) == 0 == worth(theorem.escape_from_sphere, **letters)


def test_the_weakest_spike_is_found_and_its_orthogonal_sphere_left():
    letters = {"d": 9, "n": 1, "xi": 1, "theta": fmpq(1, 10**6), "lamda": 1}
    assert worth(theorem.curvature_across_spike, **letters) > 0 > worth(theorem.escape_from_sphere, **letters)


def test_on_a_line_the_critical_step_is_that_of_the_quartic():
    # E z² − 6λr² + 15λ²r⁴ at r² = 1/(5λ): R'' = 24λ
    assert worth(theorem.critical_step, d=1, n=1, xi=fmpq(3, 5), theta=fmpq(16, 25), lamda=1) == fmpq(1, 12)
