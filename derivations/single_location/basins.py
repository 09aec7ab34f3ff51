r"""From almost every start on the manifold training finds the informative token; a straight line decides the sign.

The flow of `reduced_flow` for key and value that do not mix. Of its five rest points (`rest_points`) three can be
left: so gradient flow from almost every pair of overlaps ends at (k*, v*) or at its mirror image (−k*, −v*), which
predict the same. Near (0, 0), where random starts in many dimensions begin, the ratio of the overlaps moves by

    ṁ = (4γ²c′/√π)(1 + (2c/√π) m − m²),        m = ν/κ,

and two values of it rest: m₊ = c/√π + √(1 + c²/π), along which all starts leave, and m₋ = c/√π − √(1 + c²/π), the line
of starts that go to the saddle. Starts above that line find the target, those below its mirror image: a key that is
wrong costs less than a value that is wrong, since −1 < m₋ < 0. Off the manifold none of this holds (`swaps`).

Source: Marion, Berthier, Biau & Boyer, Attention layers provably solve single-location regression (ICLR 2025),
Theorem 5 (projected descent, on the manifold); flow and line derived here
"""

from sympy import S, erf, pi, sqrt

from derivations.single_location.attention_risk import L, gamma, gentle, kappa, lam, nu, s
from derivations.single_location.reduced_flow import c, key_flow, narrow, steep, value_flow
from derivations.single_location.rest_points import rest_points, saddle_rates, target_rates, wrong_value_rates
from workbench import assumed, by, claim, given, recall, scalar, so, vector
from workbench.calculus.rules import gradient, over, solved_by, substitute

m, start = scalar("m"), vector("start", 2)
STABLE = (
    "Łojasiewicz (1963): gradient flow of an analytic function on a compact manifold converges to a rest point; "
    "Shub, Global Stability of Dynamical Systems (1987), Theorem III.7: hardly any start ends where a direction leaves"
)


def line(half):
    """The ratio that only the returning starts keep, from half of what the waiting key adds."""
    return half - sqrt(1 + half**2)


@claim(
    "fixed point",
    "m₋",
    rivals={
        "nullcline taken as flat": -S.One + 0 * c,
        "1 + 4λ²γ² forgotten": line(steep / sqrt(pi)),
        "slope 2c/√π": line(2 * c / sqrt(pi)),
        "variance λ²γ² for 2λ²γ²": line(c * narrow / steep / sqrt(pi)),
        "key for value": 1 / line(c / sqrt(pi)),
        "the line along which starts leave": -1 / line(c / sqrt(pi)),
    },
    regime=gentle,
)
def dividing_line():
    """Ratio of value to key that separates small starts that find the target from those that find its mirror image."""
    yield recall(key_flow)
    yield recall(value_flow)
    yield given("how far the value strays from m κ", value_flow.formula - m * key_flow.formula)
    yield by(substitute, "on that line", letters={nu: m * kappa})
    yield by(gradient, "per overlap", wrt=kappa)
    yield by(substitute, "small starts", letters={kappa: S.Zero})
    yield by(over, "in units of the value's rate", what=4 * gamma**2 * steep / sqrt(pi))
    yield so("collected", 1 + 2 * c / sqrt(pi) * m - m**2)
    yield by(solved_by, "the negative root", wrt=m, value=line(c / sqrt(pi)))


@claim(
    "flow",
    "lim κ_t ν_t, almost every start",
    rivals={
        "held where it begins": S.Zero * c,
        "the right key with the wrong value": -S.One + 0 * c,
        "the key rests where it waits": erf(c),
        "the value is as unsure as the key": erf(steep) ** 2,
        "one token in L": 1 / L,
    },
    regime=(*gentle, lam * s < 1),
)
def almost_every_start():
    """Limit of gradient flow on the manifold from almost every start: aligned key and value, both of the same sign."""
    yield recall(rest_points)
    yield recall(saddle_rates)
    yield recall(wrong_value_rates)
    yield recall(target_rates)
    yield given("key times value", kappa * nu)
    yield by(substitute, "at (k*, v*), and as much at its mirror image", letters={kappa: S.One, nu: S.One})
    yield assumed("hardly any start ends at a rest point that can be left", S.One, reference=STABLE)
