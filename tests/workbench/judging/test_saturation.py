"""Saturated functions: two sides that agree only where a function is as good as constant were not compared."""

import pytest
import sympy as sp
from flint import fmpq

from workbench import check
from workbench.exact.instances import draw, ends_of
from workbench.judging.saturation import saturated
from workbench.language.laws import gaussian
from workbench.language.letters import positive, scalar

FAR = {
    "a step beyond the hypotheses": "E[step(z + t)] = 1 where t > 60",
    "a kink beyond the hypotheses": "E[relu(z + t)] = t where t > 60",
    "an error function": "erf(t) = 1 where t > 30",
    "the square of one": "E[erf(z + 30)^2] = 1",
    "a chance": "P[z > 40] = 0",
    "a term that rounds away": "E[z^2] = 2 - erf(50)",
    "a tangent beside a letter": "E[exp(t*z)] = exp(t**2/2) + 1 - tanh(1000 + t**2)",
    "a reciprocal": "1/t = 0 where t > 10**30",
}
HOPELESS = {
    "a tangent under a mean": "E[tanh(t + z)] = 1 where t > 100",
    "a steep tangent": "E[tanh(100*z + 10**5)] = 1",
    "a chance far out": "P[z > 400] = 0",
    "a count that no sample reaches": "P[k <= 30] = 1 where k ~ Poisson(lam), lam < 1",
}


@pytest.mark.parametrize("what", FAR)
def test_what_more_digits_tell_apart_is_refuted(what):
    answer = check(FAR[what])
    assert answer.status == "refuted" and answer.witness, answer.reason


@pytest.mark.parametrize("what", HOPELESS)
def test_what_no_digits_tell_apart_is_undecided_and_says_why(what):
    answer = check(HOPELESS[what])
    assert answer.status == "undecided" and "as good as constant" in answer.reason


@pytest.mark.parametrize(
    "statement",
    [
        "E[relu(t + z)] = t*Phi(t) + exp(-t**2/2)/sqrt(2*pi) where t > 50",
        "E[erf(t + g*z)] = erf(t/sqrt(1 + 2*g**2)) where t > 40",
        "E[t*z**2] = t where t > 10**9",
    ],
)
def test_right_statements_far_out_are_supported(statement):
    assert check(statement).status == "supported"


def test_a_function_is_saturated_where_it_is_so_at_every_point():
    t, z = scalar("t"), sp.Trace(gaussian("z", 1, 1))
    near, far = {t: fmpq(1, 2)}, {t: fmpq(90)}
    assert saturated([far], sp.erf(t)) == "erf(t)" and not saturated([far, near], sp.erf(t))
    assert saturated([far], sp.Max(t + z, 0)) and not saturated([near], sp.Max(t + z, 0))
    assert not saturated([far], sp.Abs(t) + z) and not saturated([], sp.erf(t))


def test_numbers_are_drawn_beyond_what_bounds_them_alone():
    t, g = scalar("t"), positive("g")
    said = (t > 10**12, g < sp.Rational(1, 10**9))
    assert ends_of(said) == {t: (fmpq(10**12), None), g: (fmpq(0), fmpq(1, 10**9))}
    point = draw([t, g], hypotheses=said)
    assert point[t] > 10**12 and 0 < point[g] < fmpq(1, 10**9)
