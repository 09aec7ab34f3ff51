"""Hand cases for in_context.deep_descents: one direction and one example, where S is χ² with one degree of freedom."""

from flint import fmpq

from derivations.in_context import deep_descents as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

MOMENTS = (1, 1, 3, 15, 105, 945, 10395, 135135, 2027025)  # E χ^{2k}


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def left(layers, eta):
    """E (1 − ηχ²)^{2L} by the binomial theorem."""
    total, chosen = fmpq(0), 1
    for k in range(2 * layers + 1):
        total += chosen * (-eta) ** k * MOMENTS[k]
        chosen = chosen * (2 * layers - k) // (k + 1)
    return total


def test_up_to_four_layers_on_one_example_of_one_direction():
    eta = fmpq(1, 5)
    assert worth(theorem.two_layers, d=1, N=1, eta=eta, C=[[3]], Lambda=[[2]]) == 6 * left(2, eta)
    assert worth(theorem.three_layers, d=1, N=1, eta=eta) == left(3, eta)
    assert worth(theorem.four_layers, d=1, N=1, eta=eta) == left(4, eta)


def test_the_best_pair_on_one_example_of_one_direction():
    # E S² a − E S³ b = E S, E S³ a − E S⁴ b = E S²: 3a − 15b = 1 and 15a − 105b = 3
    assert worth(theorem.best_pair, d=1, N=1).reshape(-1).tolist() == [fmpq(2, 3), fmpq(1, 15)]
    assert worth(theorem.least_risk, d=1, N=1) == 1 - fmpq(2, 3) + fmpq(1, 15) * 3


def test_a_step_of_zero_learns_nothing():
    assert worth(theorem.four_layers, d=3, N=2, eta=0) == 1
