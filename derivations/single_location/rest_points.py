r"""On the manifold the flow has five stationary points, and only the target and its mirror image are stable.

The flow of `reduced_flow`, κ̇ = 2γ² A(κ) (1 − κ²) [ν − erf(cκ)] and ν̇ = 2γ² (1 − ν²) erf(c′κ), vanishes at

    (1, 1) and (−1, −1)     the target and its mirror image, with rates −4γ²A(1)(1 − erf c) and −4γ² erf c′;
    (1, −1) and (−1, 1)     the right key with the wrong value: 4γ²A(1)(1 + erf c) and 4γ² erf c′;
    (0, 0)                  the saddle where random starts begin: 2γ²A(0)(−c/√π ± √(1 + c²/π));

and nowhere else: ν = ±1 would need erf(cκ) = ±1 unless κ = ±1, and erf(c′κ) = 0 leaves κ = 0, where the key
rests at ν = 0 only. At the target the risk is ε² + γ²[1 − 2 erf c′ + ζ(λs, λγ)] + (L−1) ζ(0, λ).

Source: Marion, Berthier, Biau & Boyer, Attention layers provably solve single-location regression
(ICLR 2025), Section 4; the rates derived here
"""

from sympy import ImmutableMatrix, S, asin, erf, pi, sqrt

from derivations.single_location.attention_risk import L, bell, epsilon, gamma, gentle, kappa, lam, nu, s, zeta_at_0
from derivations.single_location.reduced_flow import c, key_flow, narrow, risk_on_manifold, steep, value_flow
from workbench import by, claim, given, recall, so, zeta_erf
from workbench.calculus.rules import fixed_points, spectrum, substitute


def from_start(steep, c):
    """Rates at (0, 0)."""
    leaving = sqrt(1 + c**2 / pi)
    return 4 * gamma**2 * steep / sqrt(pi) * ImmutableMatrix([-c / sqrt(pi) - leaving, -c / sqrt(pi) + leaving])


def to_target(steep, c):
    """Rates at (1, 1)."""
    return -ImmutableMatrix([4 * gamma**2 * steep * bell(steep) * (1 - erf(c)), 4 * gamma**2 * erf(steep)])


def both_flows():
    """The flow of both overlaps, as a column."""
    yield recall(key_flow)
    yield recall(value_flow)
    yield given("the flow of both overlaps", ImmutableMatrix([key_flow.formula, value_flow.formula]))


rates_at_start, rates_at_target = from_start(steep, c), to_target(steep, c)
rates_at_wrong_value = -to_target(steep, -c)
zeta_at_target = zeta_erf(lam * s, lam * gamma)
at_target = epsilon**2 + gamma**2 * (1 - 2 * erf(steep) + zeta_at_target) + (L - 1) * zeta_at_0


@claim(
    "fixed point",
    "{(κ, ν) : κ̇ = ν̇ = 0}",
    rivals={
        "the key rests where it waits": ImmutableMatrix([[0, -1, -1, 1, 1], [0, -1, -erf(c), erf(c), 1]]),
        "a blank key rests at any value": ImmutableMatrix([[0, -1, 0, 0, 1], [0, -1, -1, 1, 1]]),
        "the value is as unsure as the key": ImmutableMatrix([[0, -1, -1, 1, 1], [0, -1, 0, 0, 1]]),
    },
    regime=gentle,
)
def rest_points():
    """Stationary points of both overlaps: the start, the target, its mirror image, two wrong values; no others."""
    yield from both_flows()
    yield by(fixed_points, unknowns=(kappa, nu))


@claim(
    "spectrum",
    "rates at (0, 0)",
    rivals={
        "nullcline taken as flat": from_start(steep, S.Zero),
        "1 + 4λ²γ² forgotten": from_start(steep, steep),
        "sign of the nullcline": from_start(steep, -c),
        "variance λ²γ² for 2λ²γ²": from_start(narrow, c * narrow / steep),
        "held from all sides": from_start(steep, c)[0] * ImmutableMatrix([1, 1]),
    },
    regime=gentle,
)
def saddle_rates():
    """Eigenvalues at the random start: one direction grows exponentially, the other decays."""
    yield from both_flows()
    yield by(spectrum, unknowns=(kappa, nu), at={kappa: S.Zero, nu: S.Zero})
    yield so("collected", rates_at_start)


@claim(
    "spectrum",
    "rates at (1, 1)",
    rivals={
        "rates of the angles": rates_at_target / 2,
        "the value taken as wrong": to_target(steep, -c),
        "1 + 4λ²γ² forgotten": to_target(steep, steep),
        "variance λ²γ² for 2λ²γ²": to_target(narrow, c * narrow / steep),
        "sphere forgotten, so flat": 0 * rates_at_target,
    },
    regime=gentle,
)
def target_rates():
    """Eigenvalues at the target (k*, v*): negative on the manifold for every λ."""
    yield from both_flows()
    yield by(spectrum, unknowns=(kappa, nu), at={kappa: S.One, nu: S.One})
    yield so("collected", rates_at_target)


@claim(
    "spectrum",
    "rates at (1, −1)",
    rivals={
        "the value taken as right": -to_target(steep, c),
        "the key holds": ImmutableMatrix([-1, 1]).multiply_elementwise(rates_at_wrong_value),
        "1 + 4λ²γ² forgotten": -to_target(steep, -steep),
    },
    regime=gentle,
)
def wrong_value_rates():
    """Eigenvalues at the right key with the wrong value (k*, −v*): both are positive."""
    yield from both_flows()
    yield by(spectrum, unknowns=(kappa, nu), at={kappa: S.One, nu: -S.One})
    yield so("collected", rates_at_wrong_value)


@claim(
    "expectation",
    "R(k*, v*)",
    rivals={
        "weight of the informative token is 1": epsilon**2 + (L - 1) * zeta_at_0,
        "square of the mean weight": at_target.xreplace({zeta_at_target: erf(steep) ** 2}),
        "arcsin(λ²/(1+λ²))": at_target + (L - 1) * (2 / pi * asin(lam**2 / (1 + lam**2)) - zeta_at_0),
        "L noise tokens": at_target + zeta_at_0,
        "variance λ²γ² for 2λ²γ²": at_target.xreplace({erf(steep): erf(lam * s / sqrt(1 + lam**2 * gamma**2))}),
    },
    regime=gentle,
)
def target_risk():
    """Risk at the target: the informative token's weight deficit, and the contribution of the other tokens."""
    yield recall(risk_on_manifold)
    yield by(substitute, "at the target", letters={kappa: S.One, nu: S.One})
    yield so("collected", at_target)
