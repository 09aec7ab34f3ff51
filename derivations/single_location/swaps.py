r"""A stationary point with swapped roles: the key reads the answer, and the value overlaps with the place.

The setting of `attention_risk`. Off the manifold, at small λ, the layer is almost bilinear,
T ≈ (2λ/√π) Σ (X_ℓ·k)(X_ℓ·v), and does not know which of its two vectors is the key. So there is a second
solution: k = v* and v = θ k* + √(1−θ²) u, with u orthogonal to k* and v*. With q = 1 + 2λ²γ² and
ζ₀(g) = ζ(0, g) = (2/π) arcsin(2g²/(1+2g²)) its risk is

    R(θ) = ε² + γ²(1 + ζ₀(λγ)) − 4λγ²sθ/√(πq) + s²θ² ζ₀(λγ) + (L−1) ζ₀(λ).

The value leans by θ_s = 2λγ²/(√(πq) s ζ₀(λγ)), and for spikes s below s_c = 2λγ²/(√(πq) ζ₀(λγ)) it
points straight to the place. There R = ε² + γ²(1 + ζ₀(λγ)) − 4λ²γ⁴/(πq ζ₀(λγ)) + (L−1) ζ₀(λ). Training that
starts nearby ends there, and where 1 − erf(λs) is larger than about 2λγ/√π it leaves less risk than the
target (k*, v*), which is the least only on the manifold.

Source: derived here, for the model of Marion, Berthier, Biau & Boyer (ICLR 2025)
"""

from sympy import S, asin, pi, sqrt

from derivations.single_location.attention_risk import (
    L,
    epsilon,
    eta,
    gamma,
    gentle,
    kappa,
    lam,
    mild,
    nu,
    q,
    q4,
    rho,
    risk,
    s,
    theta,
    zeta_at_0,
)
from derivations.single_location.rest_points import at_target, target_risk
from workbench import by, claim, given, large, overlap, recall, so
from workbench.calculus.rules import crossing, gradient, substitute

n = large("n")  # how many times its noise the place is away
p, r, step = (overlap(name) for name in ("p", "r", "step"))
up, right = sqrt(1 - p**2 * step**2), sqrt(1 - r**2 * step**2)

blank = 2 / pi * asin(2 * lam**2 * gamma**2 / q)  # ζ₀(λγ)
pull = 2 * lam * gamma**2 / sqrt(pi * q)
others = (L - 1) * zeta_at_0
swapped = epsilon**2 + gamma**2 * (1 + blank) - 2 * pull * s * theta + s**2 * theta**2 * blank + others
settled = epsilon**2 + gamma**2 * (1 + blank) - pull**2 / blank + others
gap = (settled - at_target).xreplace({gamma: s / n})
lean, C = pull / (s * blank), 2 * lam / sqrt(pi * (1 + 2 * lam**2))
tilt = p * lean + r  # how fast key and value meet
zeta_bend = 8 / (pi * q * sqrt(q4))  # of ζ(t, λγ) at t = 0
bend = 2 * (
    pull * s * (lean * p**2 * (1 + 2 * lam**2 * s**2 / q) - 2 * p * r + 4 * lam**2 * gamma**2 * p * tilt / q)
    + lam**2 * zeta_bend * ((s**2 * lean**2 + gamma**2) * s**2 * p**2 / 2 + 2 * gamma**2 * s**2 * lean * p * tilt)
    + lam**2 * zeta_bend * gamma**4 * tilt**2
    + (L - 1) * tilt**2 * C**2 * (2 / sqrt(1 + 4 * lam**2) + L - 2)
    + 2 * (L - 1) * C * pull * tilt * (s**2 * lean * p / gamma**2 + tilt)
)
leans = (16 * q < 5 * (2 * lam * s) ** 2,)  # enough for θ_s < 1, since π < 16/5


@claim(
    "expectation",
    "R(v*, θ k* + √(1−θ²) u)",
    rivals={
        "correlation of answer and weight forgotten": swapped + 2 * pull * s * theta,
        "variance λ²γ² for 2λ²γ²": swapped.xreplace(
            {blank: 2 / pi * asin(lam**2 * gamma**2 / (q - lam**2 * gamma**2))}
        ),
        "noise of the place forgotten": swapped - gamma**2 * blank,
        "L noise tokens": swapped + zeta_at_0,
    },
    regime=mild,
)
def swapped_risk():
    """Risk of a layer whose key reads the answer while its value overlaps with the place."""
    yield recall(risk)
    yield by(substitute, "the key along the answer", letters={kappa: S.Zero, nu: S.Zero, rho: S.Zero, eta: S.One})
    yield so("collected", swapped)


@claim(
    "fixed point",
    "θ_s",
    rivals={
        "bilinear layer": sqrt(pi) / (2 * lam * s),
        "variance λ²γ² for 2λ²γ²": 2 * lam * gamma**2 / sqrt(pi * (1 + lam**2 * gamma**2)) / (s * blank),
        "all of the second moment of the place": pull * s / (blank * (s**2 + gamma**2)),
        "a value that points straight to the place": S.One + 0 * gamma,
    },
    hypotheses=leans,
    regime=mild,
)
def leaning_value():
    """Overlap of the best value with the place behind a swapped key: smaller for a farther place."""
    yield recall(swapped_risk)
    yield by(gradient, wrt=theta)
    yield by(crossing, "where the slope vanishes", parameter=theta)
    yield so("collected", lean)


@claim(
    "critical scale",
    "s_c",
    rivals={
        "bilinear layer": sqrt(pi) / (2 * lam),
        "variance λ²γ² for 2λ²γ²": 2 * lam * gamma**2 / sqrt(pi * (1 + lam**2 * gamma**2)) / blank,
        "γ for γ²": pull / (gamma * blank),
    },
    regime=(lam > 0.5, *mild),
)
def straight_value():
    """Spike below which the best swapped value points straight to the place (a transition)."""
    yield recall(swapped_risk)
    yield by(gradient, wrt=theta)
    yield by(substitute, "a value that points straight to the place", letters={theta: S.One})
    yield by(crossing, parameter=s)
    yield so("collected", pull / blank)


@claim(
    "spectrum",
    "∇²R at the swap, along (p, r)",
    rivals={
        "sphere forgotten": bend - 2 * pull * s * lean * (p**2 + r**2),
        "a maximum": -bend,
        "pairs of tokens forgotten": bend - 2 * tilt**2 * (L - 1) * (L - 2) * C**2,
        "key and value turn without meeting": bend.xreplace({tilt: S.Zero}),
    },
    hypotheses=leans,
    regime=gentle,
)
def swapped_bending():
    """Second-order change of the risk at swapped roles, as the key turns at speed p to k* and the value at r to v*."""
    turned = {kappa: p * step, eta: up, nu: r * step, theta: right * theta, rho: step * (p * right * theta + r * up)}
    yield recall(risk)
    yield by(substitute, "key and value turned back to their roles", letters=turned)
    yield by(gradient, "once", wrt=step)
    yield by(gradient, "and again", wrt=step)
    yield by(substitute, "at the swap", letters={step: S.Zero})
    yield by(substitute, "at the best value", letters={theta: leaning_value.formula})
    yield so("collected", bend)


@claim(
    "expectation",
    "R(swapped)",
    rivals={
        "gain counted twice": settled - pull**2 / blank,
        "γ² for γ⁴": settled + pull**2 / blank * (1 - 1 / gamma**2),
        "as good as a layer without attention": epsilon**2 + gamma**2 + others,
    },
    hypotheses=leans,
    regime=mild,
)
def settled_risk():
    """Risk of a swapped layer at its best value, which does not depend on the distance of the place."""
    yield recall(swapped_risk)
    yield by(substitute, "at the best value", letters={theta: leaning_value.formula})
    yield so("collected", settled)


@claim(
    "identity",
    "R(swapped) − R(k*, v*), noise s/n",
    rivals={
        "the target is the least for every λ": sqrt(gap**2),
        "the two are equally good": 0 * gap,
        "the target's weight is 1": (settled - epsilon**2 - others).xreplace({gamma: s / n}),
    },
    hypotheses=(16 * (1 + 2 * (lam * s / n) ** 2) < 5 * (2 * lam * s) ** 2,),
    regime=(lam < 1, lam * s < 1.1),
)
def swap_against_target():
    """Risk of a swapped layer minus the target's, where the place is n noise widths away: negative for small λ."""
    yield recall(settled_risk)
    yield recall(target_risk)
    yield given("the difference", settled_risk.formula - target_risk.formula)
    yield by(substitute, "by the noise", letters={gamma: s / n})
