"""Hand cases for in_context.gated_states: what one can do on paper, compared exactly."""

from sympy import Rational

from derivations.in_context import gated_states as theorem
from workbench.exact.instances import as_point
from workbench.exact.values import evaluate

HALF = Rational(1, 2)


def worth(claim, **letters):
    """The closed form of a claim at these letters."""
    return evaluate(claim.formula, as_point(claim.formula, **letters))


def test_a_gate_that_is_shut_keeps_the_start_and_an_open_one_the_last_example():
    assert worth(theorem.many_examples, d=1, T=3, h=[[5]], w=[[1]], a=1, sigma=2) == 16
    # x²w + σxξ − w at w = 1, σ = 2: E(x² − 1)² + 4
    assert worth(theorem.many_examples, d=1, T=3, h=[[5]], w=[[1]], a=0, sigma=2) == 6


def test_two_examples_at_half_a_gate():
    # floor (1/3)(2·1 + 4) = 2; from a right start (1 − 1/16)·2
    assert worth(theorem.many_examples, d=1, T=2, h=[[1]], w=[[1]], a=HALF, sigma=2) == Rational(15, 8)


def test_the_floor_does_not_vanish_without_noise():
    assert worth(theorem.distance_kept, d=2, w=[[1], [0]], a=HALF, sigma=0) == 1
