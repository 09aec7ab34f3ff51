r"""How fast training fills holes from every start, and how many entries to hide for it to be fastest.

The layer of `one_layer` fills each entry in from d > 1 others, all of unit variance and correlation ρ and hidden with
probability p = 1 − q. Its risk is a paraboloid; along each row it bends like 2pq[(1 − qρ)I + qρ11ᵀ], so for all weights

    |∇R|² ≥ 2μ (R − R*),    μ = 2pq(1 − qρ)

(Polyak and Łojasiewicz), with equality where a row is off by a contrast of the others. Gradient flow hence comes to
the trained layer from every start, R − R* ≤ e^{−2μt}(R_0 − R*), and from hardly any start faster. As hidden entries
teach and seen ones are read, μ vanishes at both ends. It is largest where a share

    q = (1 + ρ − √(1 − ρ + ρ²))/(3ρ)

is seen: half for entries that know little of each other, a third for those that know all. However many entries there
are, more than half should be hidden, and at most two thirds.

Source: derived here; the inequality is that of Polyak, USSR Comput. Math. Math. Phys. 3 (1963) 864
"""

from sympy import Identity, OneMatrix, S, sqrt

from derivations.imputation.any_masks import C, Sigma, d, pi, risk, w
from workbench import by, claim, dot, probability, recall, so, vector
from workbench.calculus.rules import crossing, gradient, hessian, over, paired, substitute

p, rho = probability("p"), probability("rho")
q = 1 - p
h, g = vector("h", d), vector("g", d)
SEVERAL = (d > 1,)

ALIKE = (1 - rho) * Identity(d) + rho * OneMatrix(d, d)
others = {Sigma: ALIKE, C: p * q * Identity(d), pi: q * OneMatrix(d, 1)}
contrast = g - OneMatrix(d, d) * g / d


@claim(
    "inequality",
    "inf |∇R|²/(2(R − R*))",
    rivals={
        "entries that know nothing of each other": 2 * p * q + 0 * rho,
        "masks taken as complete": 2 * p * q * (1 - rho),
        "factor 2 of the curvature forgotten": p * q * (1 - q * rho),
        "the hidden entry read as well": 2 * p * (1 - q * rho),
        "the largest curvature": 2 * p * q * (1 + (d - 1) * q * rho),
        "the seen and the hidden exchanged": 2 * p * q * (1 - p * rho),
    },
    hypotheses=SEVERAL,
)
def steepness():
    """Lower bound of the squared gradient by the excess risk (Polyak–Łojasiewicz): no other stationary point."""
    yield recall(risk)
    yield by(hessian, "the bend of a row of weights", wrt=w, direction=h)
    yield by(paired, "along the row", vector=h)
    yield by(substitute, "others alike, hidden one by one", letters=others)
    yield by(substitute, "along a contrast", letters={h: contrast})
    yield by(over, "per squared length, as often as the entry is hidden", what=dot(contrast, contrast) / p)
    yield so("only their own variance enters", 2 * p * q * (1 - q * rho))


@claim(
    "critical scale",
    "p*",
    rivals={
        "one half": S.Half + 0 * rho,
        "two thirds": S(2) / 3 + 0 * rho,
        "the seen and the hidden exchanged": (1 + rho - sqrt(1 - rho + rho**2)) / (3 * rho),
        "linear in the correlation": S.Half + rho / 6,
    },
    hypotheses=SEVERAL,
)
def fastest_rate():
    """Share of hidden entries at which training converges fastest from all starts (a level of a smooth curve)."""
    yield recall(steepness)
    yield by(gradient, wrt=p)
    yield by(crossing, parameter=p)
    yield so("collected", 1 - (1 + rho - sqrt(1 - rho + rho**2)) / (3 * rho))
