"""Flows by hand: training curves of linear networks and attention, and the blow-up of Gaussian measures."""

import re
from dataclasses import replace

import pytest
from flint import arb
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Expr, Inverse, Rational, atan, cbrt, diff, exp, log, sqrt, symbols

from workbench.calculus.critical.critical_points import jacobian_spectrum
from workbench.calculus.critical.flows import check_flow, check_riccati_flow, flow, passage_time, riccati_flow
from workbench.calculus.critical.radicals import vanishes
from workbench.calculus.errors import CalculusError, NoClosedForm
from workbench.calculus.points import points
from workbench.exact.values import enclosed, evaluate
from workbench.language.letters import count, matrix, positive, scalar, size, spd, symmetric

t, v, v0, a, b = (positive(name) for name in ("t", "v", "v_0", "a", "b"))
s, lam = positive("s"), positive("lambda")
d, N = size("d"), count("N")
D = count("D")
Sigma, Start = spd("Sigma", d), spd("Sigma_0", d)
A = matrix("A", d, d)


def test_the_two_layer_mode_is_a_sigmoid():
    """u̇ = 2u(s − u): Saxe, McClelland, Ganguli."""
    found = flow(2 * v * (s - v), v, t, v0)
    expected = s * exp(2 * s * t) / (exp(2 * s * t) - 1 + s / v0)
    assert found.kind == "logistic"
    assert found.solution is not None and vanishes(found.solution - expected)
    assert not vanishes(found.solution - expected.subs(t, t / 2))  # rate s instead of 2s


def test_merged_key_queries_follow_the_paper():
    """ṡ = 2s(√D − a s), σ = s/√D, s(0) = w²: eq. (10) of Zhang et al. 2025."""
    w = positive("w")
    rate = 1 + (1 + D) / N
    found = flow(2 * v * (sqrt(D) - rate * v), v, t, w**2)
    growth = exp(2 * sqrt(D) * t)
    paper = sqrt(D) * growth / (rate * (growth - 1) + sqrt(D) / w**2)
    assert vanishes(found.solution - paper)
    for wrong in (1, 1 + D / N):
        careless = sqrt(D) * growth / (wrong * (growth - 1) + sqrt(D) / w**2)
        assert not check_flow(replace(found, solution=careless))


def test_separate_key_queries_have_only_an_implicit_solution():
    """A t = I(v) − I(v₀), I(v) = −1/v + B^(1/3)F(B^(1/3)v), with A = λ², B = λγ."""
    gamma = positive("gamma")
    found = flow(lam**2 * v**2 - lam**3 * gamma * v**5, v, t, v0)
    assert found.kind == "implicit" and found.solution is None
    root = cbrt(lam * gamma)
    x = root * v
    F = -log(1 - x) / 3 + log(1 + x + x**2) / 6 - atan((2 * x + 1) / sqrt(3)) / sqrt(3)
    paper = (-1 / v + root * F) / lam**2
    assert check_flow(replace(found, clock=paper))
    assert not check_flow(replace(found, clock=paper * lam))
    assert not check_flow(replace(found, clock=(-1 / v + F) / lam**2))


def test_the_clock_of_an_implicit_flow_measures_the_escape():
    found = flow(v**2 - v**5, v, t, Rational(1, 10))
    time = enclosed(found.time_to(Rational(1, 2)), {})
    # 1/v₀ − 1/v = 8, and ∫ v dv/(1 − v³) from v₀ to v lies between (v² − v₀²)/2 = 0.12 and 8/7 of it
    assert time > arb("8.12") and time < 8 + arb("0.12") * 8 / 7
    assert found.time_to(Rational(1, 10)) == 0


def test_a_residual_network_of_depth_n_is_a_power_of_its_mode():
    """u̇ = n u^(2−2/n)(s − u) for n = 2 and the pure power v̇ = a v³."""
    found = flow(a * v**3, v, t, v0)
    assert vanishes(found.solution - 1 / sqrt(v0**-2 - 2 * a * t))
    assert vanishes(found.blow_up - 1 / (2 * a * v0**2))
    assert not check_flow(replace(found, blow_up=1 / (a * v0**2)))


def test_a_linear_flow_relaxes_exponentially():
    found = flow(a - b * v, v, t, v0)
    assert vanishes(found.solution - (a / b + (v0 - a / b) * exp(-b * t)))
    assert not check_flow(replace(found, solution=a / b + (v0 - a / b) * exp(-2 * b * t)))
    assert not check_flow(replace(found, solution=a / b + (v0 + a / b) * exp(-b * t)))


def test_a_bernoulli_flow_is_a_root_of_a_linear_one():
    found = flow(a * v - b * v**3, v, t, v0)
    assert found.kind == "Bernoulli"
    assert check_flow(found)
    assert not check_flow(replace(found, solution=exp(a * t) / (b / a * (exp(2 * a * t) - 1) + v0**-2)))


def test_growth_without_saturation_blows_up():
    found = flow(a * v + b * v**2, v, t, v0)
    assert vanishes(found.blow_up - log(1 + a / (b * v0)) / a)


def test_distance_attention_grows_without_blowing_up():
    """σ̇ = 4vkqσ²/(1+2k²σ): −1/σ + 2k² ln σ = 4vkq t + const."""
    k = positive("k")
    found = flow(a * v**2 / (1 + 2 * k**2 * v), v, t, v0)
    assert check_flow(replace(found, clock=(-1 / v + 2 * k**2 * log(v)) / a))
    assert found.blow_up is None


def test_gaussian_tokens_follow_the_riccati_equation_without_commuting():
    """Σ(t) = (Σ₀⁻¹ − t(A+Aᵀ))⁻¹ for V = I and any A."""
    rhs = Sigma * A * Sigma + Sigma * A.T * Sigma
    found = riccati_flow(rhs, Sigma, t, Start)
    expected = Inverse(Inverse(Start) - t * (A + A.T))
    assert all((evaluate(found.solution - expected, p) == 0).all() for p in points([expected], "riccati", 3))


@pytest.mark.parametrize(
    "wrong",
    [
        Inverse(Inverse(Start) - t * A),
        Inverse(Inverse(Start) + t * (A + A.T)),
        Inverse(Start - t * (A + A.T)),
        Start,
    ],
)
def test_a_careless_riccati_solution_is_refused(wrong):
    rhs = Sigma * (A + A.T) * Sigma
    found = riccati_flow(rhs, Sigma, t, Start)
    assert check_riccati_flow(rhs, Sigma, found)
    assert not check_riccati_flow(rhs, Sigma, replace(found, solution=wrong))


def test_imputation_by_depth_is_a_riccati_flow_of_a_mask():
    """A = −B/2 gives Σ(t) = (Σ₀⁻¹ + tB)⁻¹."""
    B = symmetric("B", d)
    found = riccati_flow(-(Sigma * B * Sigma), Sigma, t, Start)
    expected = Inverse(Inverse(Start) + t * B)
    assert all((evaluate(found.solution - expected, p) == 0).all() for p in points([expected], "mask", 3))


def test_the_blow_up_time_is_the_inverse_top_eigenvalue():
    found = riccati_flow(Sigma * (A + A.T) * Sigma, Sigma, t, Start)
    sigma0, rate = positive("sigma_0"), positive("r")
    assert found.blow_up(sigma0, rate) == 1 / (sigma0 * rate)
    mode = flow(rate * v**2, v, t, sigma0)
    assert vanishes(mode.blow_up - found.blow_up(sigma0, rate))


@pytest.mark.parametrize(
    "rhs", [t * v, v - v, matrix("B", d, d), sqrt(v), exp(v), v**7 - v - 1, (v**5 - v - 1) / (v + 1)]
)
def test_an_equation_without_closed_form_is_refused(rhs):
    with pytest.raises(CalculusError):
        flow(rhs, v, t, v0)


@pytest.mark.parametrize("rhs", [A * Sigma + Sigma * A.T, Sigma * A * Sigma + A, Sigma * Sigma * Sigma, A])
def test_a_riccati_equation_with_a_drift_is_refused(rhs):
    with pytest.raises(NoClosedForm):
        riccati_flow(rhs, Sigma, t, Start)


def test_the_relaxation_rate_is_the_jacobian_at_the_limit():
    (rate,) = [value for value, _ in jacobian_spectrum([a * v - b * v**2], [v], {v: a / b})]
    assert rate == -a


positives = st.fractions(min_value=Rational(1, 4), max_value=3, max_denominator=4).map(
    lambda f: Rational(f.numerator, f.denominator)
)


def moves(rhs: Expr, power: int, start: Rational) -> bool:
    """Whether the first Taylor coefficients of the solution are those of the equation."""
    found = flow(rhs, v, t, start)
    solution = found.solution
    slope, second = solution.diff(t).subs(t, 0), solution.diff(t, 2).subs(t, 0)
    expected = rhs.subs(v, start), (rhs * rhs.diff(v)).subs(v, start)
    return vanishes(slope - expected[0]) and vanishes(second - expected[1]) and power > 0


@settings(max_examples=20, deadline=None)
@given(positives, positives, positives, st.integers(2, 4))
def test_random_bernoulli_flows_start_as_their_equation_says(growth, damping, start, power):
    assert moves(growth * v - damping * v**power, power, start)


@settings(max_examples=10, deadline=None)
@given(positives, positives, st.integers(1, 3))
def test_random_power_flows_start_as_their_equation_says(growth, start, power):
    assert moves(growth * v ** (power + 1), power, start)


def test_ordinary_symbols_serve_as_well():
    x, y = symbols("x y", positive=True)
    assert flow(x * y, y, t, v0).solution.free_symbols == {x, t, v0}


TIMED = (4 * v * (1 - v) * (a - 2 * b * v), v**2 * (1 - v), a * v**2 - b * v**4, v**2 + a, (1 - v**2) / (1 + a * v))


@pytest.mark.parametrize("rhs", TIMED)
def test_the_time_of_a_flow_whether_or_not_its_solution_is_closed(rhs):
    time = passage_time(rhs, v, v0)
    assert time.subs(v, v0) == 0
    assert vanishes(diff(time, v) * rhs - 1)
    assert not vanishes(diff(2 * time, v) * rhs - 1)


def test_the_time_is_right_on_both_sides_of_a_fixed_point():
    m, start = scalar("m"), scalar("m_0")
    time = passage_time(1 - m, m, start)  # m − 1 decays like exp(−t)
    assert time.subs({start: 3, m: 2}) == log(4) / 2 and time.subs({start: -1, m: 0}) == log(4) / 2


@pytest.mark.parametrize("rhs, start, says", [
    (v**5 + v + a, v0, "has no primitive"), (v**2 + scalar("c"), v0, "the sign of 4*c"),
    (exp(v), v0, "not an autonomous rational"), (v**2, v + 1, "holds v itself"),
])  # fmt: skip
def test_a_time_without_a_closed_form_is_refused(rhs, start, says):
    with pytest.raises(NoClosedForm, match=re.escape(says)):
        passage_time(rhs, v, start)
