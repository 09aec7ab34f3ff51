r"""When the informative token has a large mean, the target of a sharp layer is unstable: key and value mix.

The setting of `attention_risk` in the limit of a far spike, s → ∞ at fixed λ and γ: for keys near k*
the weight erf(λ x·k) of the informative token is 1, up to an error of order exp(−λ²s²/(1+2λ²γ²)).
What is left of the risk at the target (k*, v*) is the clutter of the other tokens,
R = ε² + (L−1) ζ(0, λ), and key and value can trade against it: they turn to k = √(1−η²) k* + η v*,
v = √(1−θ²) v* + θ k*. The target is a minimum on the two spheres below

    λ_⊥ = ½ √(4/(1 − (L−1)γ²/(s²+γ²))² − 1)     ( = √3/2 when s/γ → ∞, for every L)

and a saddle above, although it is a minimum on the manifold for every λ. With the paper's
normalisation s² = d/2, γ² = 1/2 it is ½ √(4(d+1)²/(d+2−L)² − 1). And the layer at the target is
worse than predicting zero above λ_0 = √(S/(2(1−S))), S = sin(πγ²/(2(L−1))).

Source: derived here, for the model of Marion, Berthier, Biau & Boyer (ICLR 2025)
"""

from sympy import Identity, S, erf, pi, sin, sqrt

from workbench import E, by, claim, count, dot, gaussian, given, large, overlap, positive, recall, size, so, tr, vector
from workbench.calculus.rules import crossing, expectation, gradient, substitute

d, L = size("d"), count("L")
s = large("s")
gamma, lam, epsilon = positive("gamma"), positive("lam"), positive("epsilon")
kstar, vstar, k, v = (vector(name, d) for name in ("kstar", "vstar", "k", "v"))
eta, theta, p, r, step = (
    overlap(name) for name in ("eta", "theta", "p", "r", "step")
)  # turns are less than right angles

x = gaussian("x", d, mean=s * kstar, cov=gamma**2 * Identity(d))
y, z = gaussian("y", d), gaussian("z", d)
xi = gaussian("xi", 1, cov=epsilon**2 * Identity(1))
up, right = sqrt(1 - eta**2), sqrt(1 - theta**2)
turned = {  # k = up k* + η v*, v = right v* + θ k*
    **dict.fromkeys((dot(k, k), dot(v, v), dot(kstar, kstar), dot(vstar, vstar)), S.One),
    dot(kstar, vstar): S.Zero,
    dot(k, kstar): up,
    dot(v, vstar): right,
    dot(kstar, v): theta,
    dot(k, vstar): eta,
    dot(k, v): up * theta + eta * right,
}

noisy = (L - 1) * gamma**2 / (s**2 + gamma**2)
shadow = sin(pi * gamma**2 / (2 * (L - 1)))
C = 2 * lam / sqrt(pi * (1 + 2 * lam**2))
clutter = (L - 1) * C**2 * (2 / sqrt(1 + 4 * lam**2) + L - 2)
bend = 2 * ((p + r) ** 2 * clutter + r**2 * (s**2 + gamma**2) + 2 * (L - 1) * C * s * r * (p + r))
answer = -p * (clutter + (L - 1) * C * s) / (clutter + 2 * (L - 1) * C * s + s**2 + gamma**2)
answered = 2 * p**2 * (clutter * (s**2 + gamma**2) - (L - 1) ** 2 * C**2 * s**2)
answered /= clutter + 2 * (L - 1) * C * s + s**2 + gamma**2


def attended(token):
    """What one uninformative token adds to the prediction."""
    return erf(lam * dot(k, token)) * dot(v, token)


def threshold(ratio):
    """The λ at which √(1 + 4λ²) is this ratio."""
    return sqrt(ratio**2 - 1) / 2


@claim(
    "spectrum",
    "∇²R at (k*, v*), along (p, r)",
    rivals={
        "pairs of tokens forgotten": bend - 2 * (p + r) ** 2 * (L - 1) * (L - 2) * C**2,
        "correlation with the spike forgotten": bend - 4 * (L - 1) * C * s * r * (p + r),
        "sphere forgotten": bend - 2 * gamma**2 * r**2,
        "pairs counted (L − 1)²": bend + 2 * (p + r) ** 2 * (L - 1) * C**2,
    },
    regime=(lam > 1, lam < 1.5, gamma < 0.5),
)
def bending():
    """Second-order change of the risk at the target when the key turns at speed p to v* and the value at r to k*."""
    error = dot(vstar, x) + tr(xi) - dot(v, x)
    yield given(
        "the informative token has weight 1",
        E(error**2)
        - 2 * (L - 1) * E(error) * E(attended(y))
        + (L - 1) * E(attended(y) ** 2)
        + (L - 1) * (L - 2) * E(attended(y)) * E(attended(z)),
    )
    yield by(expectation)
    yield by(substitute, "k and v turned into each other's planes", letters=turned)
    yield by(substitute, "along a line of turns", letters={eta: p * step, theta: r * step})
    yield by(gradient, "once", wrt=step)
    yield by(gradient, "and again", wrt=step)
    yield by(substitute, "at the target", letters={step: S.Zero})
    yield so("collected", bend)


@claim(
    "fixed point",
    "r(p)",
    rivals={
        "sign": -answer,
        "noise of the spike forgotten": answer.xreplace({gamma: S.Zero}),
        "the value undoes the key": -p,
    },
    regime=(lam > 1, lam < 1.5, gamma < 0.5),
)
def answering_value():
    """Turn of the value that minimises the risk after a small turn p of the key."""
    yield recall(bending)
    yield by(gradient, wrt=r)
    yield by(crossing, "where the slope vanishes", parameter=r, value=answer)


@claim(
    "spectrum",
    "min over r of ∇²R at (k*, v*), along p",
    rivals={
        "a minimum for every λ": sqrt(answered**2),
        "the value does not answer": bend.xreplace({r: S.Zero}),
        "noise of the spike forgotten": answered.xreplace({gamma: S.Zero}),
    },
    regime=(lam > 0.9, lam < 1.1, gamma < 0.45),
)
def answered_bending():
    """Curvature of the risk at the target as the key turns to v* and the value follows: negative if λ is large."""
    yield recall(bending)
    yield by(substitute, "the value follows the key", letters={r: answering_value.formula})
    yield so("collected", answered)


@claim(
    "critical scale",
    "λ_⊥",
    rivals={
        "stable for every λ below 1": S.One + 0 * gamma,
        "L for L − 1": threshold(2 / (1 - L * gamma**2 / (s**2 + gamma**2))),
        "noise of the spike forgotten": threshold(S(2)),
        "sign of the correction": threshold(2 / (1 + noisy)),
    },
    hypotheses=((L - 2) * gamma**2 < s**2,),
    regime=(gamma < 0.5,),
)
def transverse_instability():
    """Inverse temperature λ above which the target is a saddle: key and value turn into each other (a transition)."""
    yield recall(answered_bending)
    yield by(crossing, parameter=lam, value=threshold(2 / (1 - noisy)))


@claim(
    "critical scale",
    "λ_⊥ as s/γ → ∞",
    rivals={
        "1/√2, where the weights' variance is 1": 1 / sqrt(2),
        "1 + 2λ² for 1 + 4λ²": sqrt(S(3) / 2),
        "one half": S.Half,
    },
)
def noiseless_instability():
    """This threshold without noise on the informative token: √3/2 for every spike and length (a transition)."""
    yield recall(transverse_instability)
    yield by(substitute, "no noise", letters={gamma: S.Zero})


@claim(
    "critical scale",
    "λ_0",
    rivals={
        "arcsin(λ²/(1+λ²))": sqrt(shadow / (1 - shadow)),
        "L for L − 1": sqrt(1 / (2 / sin(pi * gamma**2 / (2 * L)) - 2)),
        "small-λ law": gamma * sqrt(pi / (L - 1)) / 2,
    },
    hypotheses=(gamma**2 < (L - 1) * 0.9,),
    regime=(gamma**2 > 0.5 * (L - 1), gamma**2 < 0.6 * (L - 1), s > 12),
)
def worse_than_silence():
    """Inverse temperature λ above which the layer at the target is worse than predicting zero (a crossover)."""
    error = dot(vstar, x) - dot(v, x)
    silence = E(dot(vstar, x) ** 2)
    yield given("over predicting zero", E(error**2) + (L - 1) * E(attended(y) ** 2) - silence)
    yield by(expectation)
    yield by(substitute, "k and v turned into each other's planes", letters=turned)
    yield by(substitute, "at the target", letters={eta: S.Zero, theta: S.Zero})
    yield by(crossing, parameter=lam, value=sqrt(shadow / (2 * (1 - shadow))))
