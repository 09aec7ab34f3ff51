"""Hand cases for in_context.gate_memories: what one can do on paper, compared exactly."""

from sympy import Rational, log, simplify

from derivations.in_context import gate_memories as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_gate_that_halves_over_the_prompt_costs_three_halves_of_log_two():
    # (1 + ½)/(1 − ½) = 3
    formula = theorem.price_of_forgetting.formula.xreplace({theorem.kappa: log(2)})
    assert simplify(formula - Rational(3, 2) * log(2)) == 0


def test_without_noise_a_gate_in_d_dimensions_must_keep_d_of_d_plus_two():
    assert worth(theorem.shortest_memory, d=1, sigma=0) == Rational(1, 3)
    assert worth(theorem.shortest_memory, d=2, sigma=0) == HALF


def test_at_rate_one_half_two_examples_almost_do_in_one_dimension():
    # M(N) = 3(1 − 2⁻ᴺ)/(1 + 2⁻ᴺ) reaches c = 2 at 2⁻ᴺ = 1/5
    formula = theorem.half_explained.formula.xreplace({theorem.d: 1, theorem.sigma: 0, theorem.a: HALF})
    assert simplify(formula - log(5) / log(2)) == 0
