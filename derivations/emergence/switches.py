r"""A head switches from meanings to positions at once: between two thresholds it keeps what it began with.

As the positional share ω of its teacher grows, the positional point of `competitions` becomes stable at ω_p, the
better of the two at ω_g, and the only stable one at ω_s: there, at every d,

    H_MΘ b_M = H_MM b_Θ,    √H_ΘΘ b_M = √H_MM b_Θ,    H_ΘΘ b_M = H_MΘ b_Θ.

All b are affine in ω, so that b_M = c b_Θ at ω = f(0)/(f(0) − f(1)) with f = b_M − c b_Θ. Since det H < 0 the three
differ: training that begins positional stays so down to ω_p, training that begins semantic up to ω_s (a transition
of first order, with hysteresis). Below ω_p
training that begins positional waits at a plateau, which meanings leave at the rate σ²(ω_p − ω)(f(0) − f(1)) with
f = b_Θ − H_MΘ M*: the plateau lasts like 1/(ω_p − ω).

Source: derived here; the transition is that of Cui, Behrens, Krzakala & Zdeborová (arXiv 2402.03902), without softmax
"""

from sympy import ImmutableMatrix, Integer, sqrt

from derivations.emergence.competitions import (
    MM,
    TT,
    for_meanings,
    for_places,
    meanings_gain,
    places_gain,
    positional,
    positional_stability,
    semantic,
    semantic_stability,
)
from derivations.emergence.positions import (
    A,
    L,
    M,
    Q,
    Theta,
    d,
    energy_risk,
    epsilon,
    omega,
    rho,
    sigma,
)
from workbench import by, claim, dot, form, given, probability, recall, so, tr
from workbench.calculus.rules import crossing, gradient, over, paired

zero, one = Integer(0), Integer(1)
delta = probability("delta")
S, T, a = dot(epsilon, epsilon) / sigma**2, tr(A), form(epsilon, A, epsilon) / sigma**2
lead = for_places / sqrt(MM) - for_meanings / sqrt(TT)
second = ImmutableMatrix([0, 1, 0])


def only(omega_is, quantity):
    """A quantity under a teacher of meanings alone (0) or of positions alone (1)."""
    return quantity.xreplace({omega: omega_is})


def where(lead):
    """The ω at which a quantity affine in ω vanishes."""
    return only(zero, lead) / (only(zero, lead) - only(one, lead))


def endless(cost):
    """The ω at which b_M is this many b_Θ, for d → ∞."""
    meanings, places = L * (L + 2), L + S  # per (1 − ω)ρ
    return where((1 - omega) * rho * (places - cost * meanings) + omega * (T + a - cost * T))


def left(places, meanings):
    """The risk at these energies."""
    return energy_risk.formula.xreplace({M: places, Theta: meanings, Q: zero})


slowing = sigma**2 * (only(zero, meanings_gain) - only(one, meanings_gain))
MM_endless, MT_endless, TT_endless = L * (L + 2) + 2 * (L + 2) * S + S**2, (L + 2) * (L + S), L * (L + 2)
stronger = (d > 2, T > 0)  # and positions alone can win, so that there is a switch


@claim(
    "critical scale",
    "ω_p",
    rivals={
        "endless dimension": endless(MM_endless / MT_endless),
        "equal pulls": where(for_places - for_meanings),
        "the global switch": where(lead),
        "a continuous transition": where(places_gain),
    },
    hypotheses=(*stronger, only(one, meanings_gain) < 0),
)
def positional_threshold():
    """Share of positions below which a positional head is unstable (a transition): meanings enter."""
    yield recall(positional_stability)
    yield by(paired, "the bend along meanings", vector=second)
    yield so("what is missing from both", -2 * sigma**2 * meanings_gain)
    yield by(crossing, parameter=omega, value=where(meanings_gain))


@claim(
    "critical scale",
    "ω_g",
    rivals={
        "endless dimension": endless(sqrt(MM_endless / TT_endless)),
        "equal pulls": where(for_places - for_meanings),
        "as loud as each other": where(positional - semantic),
        "where meanings enter": where(meanings_gain),
        "where positions enter": where(places_gain),
    },
    hypotheses=(*stronger, only(one, for_places**2 * TT - for_meanings**2 * MM) > 0, only(one, for_places) > 0),
)
def global_switch():
    """Share of positions at which both fixed points have the same risk (a crossover)."""
    yield recall(energy_risk)
    yield given("at the positional point, less at the semantic one", left(positional, zero) - left(zero, semantic))
    yield so("the shares of both", for_meanings**2 / (2 * TT) - for_places**2 / (2 * MM))
    yield by(crossing, parameter=omega, value=where(lead))


@claim(
    "critical scale",
    "ω_s",
    rivals={
        "endless dimension": endless(MT_endless / TT_endless),
        "equal pulls": where(for_places - for_meanings),
        "the global switch": where(lead),
        "a continuous transition": where(meanings_gain),
    },
    hypotheses=(*stronger, only(one, places_gain) > 0),
)
def semantic_threshold():
    """Share of positions above which a semantic head is unstable (a transition): positions enter."""
    yield recall(semantic_stability)
    yield by(paired, "the bend along positions", vector=second)
    yield so("what is missing from both", -2 * sigma**2 * places_gain)
    yield by(crossing, parameter=omega, value=where(places_gain))


@claim(
    "rate",
    "λ/(ω_p − ω)",
    rivals={
        "by the whole gradient": 2 * slowing,
        "undisturbed growth": sigma**2 * (only(zero, for_meanings) - only(one, for_meanings)),
        "where positions enter": sigma**2 * (only(one, places_gain) - only(zero, places_gain)),
        "a semantic teacher's": sigma**2 * only(zero, meanings_gain),
    },
    hypotheses=positional_threshold.hypotheses,
)
def escape():
    """Growth rate of meanings at the positional point by ẇ = −½∇R, per unit of ω below the threshold."""
    yield recall(positional_stability)
    yield by(paired, "the bend along meanings", vector=second)
    yield so("what is missing from both", -2 * sigma**2 * meanings_gain)
    yield by(over, "half of it, along the negative gradient", what=-2)
    yield by(gradient, "the more positional the teacher, the slower", wrt=omega)
    yield by(over, "for each unit less", what=-1)
    yield so("whatever ω is", slowing)
