r"""Positional and semantic energies in one head follow competitive Lotka–Volterra equations: one excludes the other.

Gradient flow on the risk of `positions` moves the energies M and Θ of the weights in proportion to themselves,

    Ṁ ∝ M (b_M − H_MM M − H_MΘ Θ),    Θ̇ ∝ Θ (b_Θ − H_MΘ M − H_ΘΘ Θ),    det H < 0 for all sentences,

so that no mixture is stable. Training ends positional, at M* = b_M/H_MM, or semantic, at Θ* = b_Θ/H_ΘΘ: two points
of rest, stable as long as what the other species would earn there is negative. With S = |ε|²/σ², T = tr A and
a = εᵀAε/σ² they are, for d → ∞ (the claims hold at every d),

    M* = ((1−ω)ρ(L+S) + ω(T+a)) / (L(L+2) + 2(L+2)S + S²),    Θ* = (1−ω)ρ + ωT/(L(L+2)).

Source: derived here, for the model of Cui, Behrens, Krzakala & Zdeborová (arXiv 2402.03902) without softmax
"""

from sympy import ImmutableMatrix, Integer, sqrt

from derivations.emergence.positions import (
    A,
    L,
    M,
    Q,
    Theta,
    d,
    energy_gradient,
    energy_risk,
    epsilon,
    of_MM,
    of_qM,
    of_qq,
    omega,
    rho,
    room,
    sigma,
)
from workbench import by, claim, dot, form, recall, scalar, so, tr
from workbench.calculus.rules import crossing, gradient, paired, partials, spectrum, substitute

zero = Integer(0)
S, T, a = dot(epsilon, epsilon) / sigma**2, tr(A), form(epsilon, A, epsilon) / sigma**2
g, h, r = scalar("g"), scalar("h"), scalar("r")  # weights along e, along k and along neither
in_weights = {M: sigma**2 * g**2, Theta: sigma**2 * h**2, Q: sigma**2 * r**2}

MM, MT, TT = 2 * (of_qq + of_qM + of_MM) / d, (2 * of_qq + of_qM) / d, 2 * of_qq / d
for_noise = 2 * ((1 - omega) * rho * L * (d + 2 * L + 2) + omega * T * (d + L + 1)) / d
for_places = 2 * ((1 - omega) * rho * (L + S) * (d + 2 * L + 2) + omega * ((T + a) * (d + 1) + (L + S) * T)) / d
for_meanings = 2 * ((1 - omega) * rho * L * (L + 2) * (d + L + 3) + omega * T * (d + L + 1)) / d
endless = {  # the same for d → ∞
    "MM": 2 * (L * (L + 2) + 2 * (L + 2) * S + S**2),
    "MT": 2 * (L + 2) * (L + S),
    "TT": 2 * L * (L + 2),
    "places": 2 * ((1 - omega) * rho * (L + S) + omega * (T + a)),
    "meanings": 2 * ((1 - omega) * rho * L * (L + 2) + omega * T),
}
positional, semantic = for_places / MM, for_meanings / TT
meanings_gain = for_meanings - MT * positional  # what meanings would earn where positions rule
places_gain = for_places - MT * semantic
det = -(S**2) / d**2 * (S**2 * (L**2 + 6 * L + 17) + (L + 2) * (8 * d**2 + 24 * d * (L + 3)))
det -= S**2 / d**2 * (L + 2) * (L + 3) * ((L + 3) * (L + 18) + 2 * S * (L + 11))
det -= S**2 / d**2 * 16 * d * S * (L + 2)
divide = (TT * for_places - MT * for_meanings) / det


@claim(
    "identity",
    "det H",
    rivals={
        "endless dimension": endless["MM"] * endless["TT"] - endless["MT"] ** 2,
        "no competition": MM * TT,
        "a mixture is stable": -det,
        "score without positions": TT * 2 * of_MM / d,
    },
    hypotheses=room,
)
def competition():
    """Determinant of the competition matrix: negative for every sentence, so interaction exceeds self-limitation."""
    yield recall(energy_gradient)
    yield by(paired, "meanings eliminated", vector=ImmutableMatrix([TT, -MT, zero]))
    yield so("only M is left", (MM * TT - MT**2) * M - TT * for_places + MT * for_meanings)
    yield by(gradient, "what is left grows with M by the determinant", wrt=M)
    yield so("negative", det)


@claim(
    "fixed point",
    "M*",
    rivals={
        "endless dimension": endless["places"] / endless["MM"],
        "weights along e read no token": (for_places - for_noise) / (2 * of_MM / d),
        "factor 2 of a square forgotten": 2 * positional,
        "positions read no meanings": 2 * omega * ((T + a) * (d + 1) + (L + S) * T) / (d * MM),
    },
    hypotheses=(*room, for_places > 0),
)
def positional_point():
    """Squared norm M* of a purely positional head at its fixed point."""
    yield recall(energy_gradient)
    yield by(substitute, "no meanings", letters={Theta: zero, Q: zero})
    yield by(paired, "the slope in M", vector=ImmutableMatrix([1, 0, 0]))
    yield by(crossing, parameter=M, value=positional)


@claim(
    "fixed point",
    "Θ*",
    rivals={
        "endless dimension": endless["meanings"] / endless["TT"],
        "as loud as its teacher": rho + 0 * T,
        "factor 2 of a square forgotten": 2 * semantic,
        "positions unseen": semantic.xreplace({S: zero}),
    },
    hypotheses=(*room, for_meanings > 0),
)
def semantic_point():
    """Squared norm Θ* of a purely semantic head at its fixed point, which the unused positions reduce."""
    yield recall(energy_gradient)
    yield by(substitute, "no positions", letters={M: zero, Q: zero})
    yield by(paired, "the slope in Θ", vector=ImmutableMatrix([0, 1, 0]))
    yield by(crossing, parameter=Theta, value=semantic)


def bends(own, *others):
    """The Hessian's eigenvalues at a point: what the one that rules pulls itself back by, and what the others lack."""
    return ImmutableMatrix([4 * sigma**2 * own, *(-2 * sigma**2 * other for other in others)])


@claim(
    "spectrum",
    "spec ∇²R(M*)",
    rivals={
        "meanings cannot enter": bends(for_places, for_noise - MT * positional, for_noise - MT * positional),
        "no competition": bends(for_places, for_meanings, for_noise),
        "in energies": bends(for_places / 2, meanings_gain, for_noise - MT * positional),
        "one determinant": bends(for_places, -det / MM * positional, for_noise - MT * positional),
    },
    hypotheses=(*room, for_places > 0),
)
def positional_stability():
    """Eigenvalues of the Hessian at the positional fixed point: stable where the semantic one is positive."""
    yield recall(energy_risk)
    yield by(substitute, "in weights", letters=in_weights)
    yield by(partials, wrt=(g, h, r))
    yield by(spectrum, unknowns=(g, h, r), at={g: g, h: zero, r: zero})
    yield by(substitute, "at rest", letters={g: sqrt(positional) / sigma})
    yield so("its own, that of meanings, and of neither", bends(for_places, meanings_gain, for_noise - MT * positional))


@claim(
    "spectrum",
    "spec ∇²R(Θ*)",
    rivals={
        "no competition": bends(for_meanings, for_places, for_noise),
        "in energies": bends(for_meanings / 2, places_gain, for_noise - for_meanings),
        "noise unseen": bends(for_meanings, places_gain, for_noise),
        "endless competition": bends(for_meanings, for_places - endless["MT"] * semantic, for_noise - for_meanings),
    },
    hypotheses=(*room, for_meanings > 0),
)
def semantic_stability():
    """Eigenvalues of the Hessian at the semantic fixed point: stable where the positional one is positive."""
    yield recall(energy_risk)
    yield by(substitute, "in weights", letters=in_weights)
    yield by(partials, wrt=(h, g, r))
    yield by(spectrum, unknowns=(h, g, r), at={g: zero, h: h, r: zero})
    yield by(substitute, "at rest", letters={h: sqrt(semantic) / sigma})
    yield so("its own, that of positions, and of neither", bends(for_meanings, places_gain, for_noise - for_meanings))


@claim(
    "fixed point",
    "M where both rest",
    rivals={
        "determinant positive": -divide,
        "no competition": positional,
        "half of the positional point": positional / 2,
        "of meanings": (MM * for_meanings - MT * for_places) / det,
    },
    hypotheses=(*room, places_gain < 0, for_meanings > 0),
)
def mixed_point():
    """The mixed fixed point, where both derivatives vanish: a saddle by `competition`."""
    yield recall(energy_gradient)
    yield by(paired, "meanings eliminated", vector=ImmutableMatrix([TT, -MT, zero]))
    yield so("only M is left", (MM * TT - MT**2) * M - TT * for_places + MT * for_meanings)
    yield by(crossing, parameter=M, value=divide)
