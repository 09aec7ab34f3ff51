r"""A topic is passed down a tree of phrases, and the words determine it if every phrase has enough branches.

A node of an s-ary tree carries a feature: the root's is N(0, 1), and every child has q times its parent's plus
fresh noise N(0, 1 − q²). A contrast between the branches at level ℓ is an eigenvector of the covariance of the
words (the leaves), of strength

    λ_ℓ = (1 − q²)((sq²)^ℓ − 1)/(sq² − 1).

What the words of ℓ levels say together has with the topic at the root the squared correlation R_ℓ, and

    R_{ℓ+1} = sq²R_ℓ/(1 + (s − 1)q²R_ℓ),      R_0 = 1.

Both change character at the Kesten–Stigum point sq² = 1: above it coarse contrasts outgrow fine ones without
bound, and endless sentences keep R* = (sq² − 1)/((s − 1)q²) of their topic; below it they forget it.

Source: Kesten & Stigum 1966 for the threshold; Saxe, McClelland & Ganguli (arXiv 1810.10531) for hierarchies
as data; spectrum, map and fixed points are derived here
"""

from sympy import Identity, OneMatrix, S, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    eigenvalue,
    form,
    gaussian,
    given,
    positive,
    probability,
    recall,
    scalar,
    size,
    so,
    spd,
    tr,
    vector,
)  # fmt: skip
from workbench.calculus.rules import (
    crossing,
    expectation,
    fixed_points,
    gradient,
    iterated,
    minus,
    on_eigenvectors,
    over,
    substitute,
)

d, s, ell = size("d"), size("s"), count("ell")
q, R = probability("q"), probability("R")
share, doubt = scalar("share"), positive("doubt")
v, C = vector("v", d), spd("C", d)
lam = eigenvalue("lam", C)
r = s * q**2  # what a level multiplies a contrast by

parents = gaussian("parents", d, cov=C)
fresh = gaussian("fresh", d, s, cov=(1 - q**2) * Identity(d))
topic = gaussian("topic", 1)
drift = gaussian("drift", s, cov=(1 - q**2) * Identity(s))
blur = gaussian("blur", s, cov=(1 / R - 1) * Identity(s))
one = OneMatrix(s, 1)


@claim(
    "expectation",
    "vᵀC₊v",
    rivals={
        "correlation counted once": s * q * form(v, C, v) + (1 - q**2) * form(v, Identity(d), v),
        "noise forgotten": r * form(v, C, v),
        "branches forgotten": q**2 * form(v, C, v) + (1 - q**2) * form(v, Identity(d), v),
    },
)
def handed_down():
    """The variance of a contrast v between phrases, seen in the s branches of each of them."""
    branches = q * parents * one.T + fresh
    yield given("v on the branches, each with weight 1/√s", E(tr(v.T * branches * one) ** 2) / s)
    yield by(expectation)


@claim(
    "spectrum",
    "λ_ℓ",
    rivals={
        "a pure power of sq²": (1 - q**2) * r**ell,
        "fresh noise of variance 1 − q": (1 - q) * (r**ell - 1) / (r - 1),
        "one level too many": (1 - q**2) * (r ** (ell + 1) - 1) / (r - 1),
        "as at the critical point": (1 - q**2) * ell,
    },
)
def strength():
    """Variance of the words between the branches of a phrase that is ℓ levels high."""
    yield recall(handed_down)
    yield by(on_eigenvectors, "for a contrast of strength λ", of=C, vectors={v: {lam: S.One}})
    yield by(iterated, "ℓ levels above words that agree", unknown=lam, times=ell, initial=S.Zero)
    yield so("collected", (1 - q**2) * (r**ell - 1) / (r - 1))


@claim(
    "expectation",
    "R₊",
    rivals={
        "drift of a branch forgotten": r * R / (1 + r * R),
        "correlation counted once": s * q * R / (1 + (s - 1) * q * R),
        "never saturating": r * R,
        "one branch": q**2 * R + 0 * s,
    },
)
def memory():
    """Reliability of the topic given s branches, each of reliability R for its own phrase."""
    said = one.T * (q * one * topic + drift + blur)
    yield given("squared correlation with the topic", E(tr(topic * said)) ** 2 / E(tr(said) ** 2))
    yield by(expectation)
    yield so("solved for the share", r * R / (1 + (s - 1) * q**2 * R))


@claim(
    "expectation",
    "R_ℓ",
    rivals={
        "fresh noise in the words alone": r**ell / (r**ell + 1 - q**2),
        "of a single word": q ** (2 * ell) + 0 * s,
        "one level too many": r ** (ell + 1) / (r ** (ell + 1) + (1 - q**2) * (r ** (ell + 1) - 1) / (r - 1)),
    },
)
def legible():
    """Reliability of the topic given all words of a sentence that is ℓ levels high."""
    after = 1 / memory.formula.xreplace({R: 1 / doubt})
    doubts = iterated(after, unknown=doubt, times=ell, initial=S.One)
    yield recall(memory)
    yield by(over, "1/R after a level", what=memory.formula**2)
    yield by(substitute, "in terms of the posterior variance before", letters={R: 1 / doubt})
    yield by(iterated, "ℓ levels above a topic that is seen", unknown=doubt, times=ell, initial=S.One)
    yield by(over, "and R is one over it", what=doubts**2)
    yield so("which is", r**ell / (r**ell + (1 - q**2) * (r**ell - 1) / (r - 1)))


@claim(
    "fixed point",
    "R*",
    rivals={
        "first moments": (s * q - 1) / ((s - 1) * q),
        "drift of a branch forgotten": (r - 1) / r,
    },
    hypotheses=(r > 1,),
)
def remembered():
    """Limit R* of the reliability of the topic in infinitely long sentences, above the Kesten–Stigum point."""
    yield recall(memory)
    yield by(minus, "unchanged by a level", what=R)
    yield by(fixed_points, "the only one between 0 and 1", unknowns=[R], hypotheses=[r > 1])
    yield so("which is", (r - 1) / ((s - 1) * q**2))


@claim("spectrum", "∂R₊/∂R at 0", rivals={"first moments": s * q, "stable always": 1 / r, "one branch": q**2 + 0 * s})
def hold():
    """Factor per level of a small correlation with the topic: forgetting is unstable where it exceeds one."""
    yield recall(memory)
    yield by(substitute, "any share", letters={R: share})
    yield by(gradient, wrt=share)
    yield by(substitute, "where the memory is zero", letters={share: S.Zero})


@claim(
    "spectrum",
    "∂R₊/∂R at R*",
    rivals={"growth, not return": r, "first moments": 1 / (s * q), "half as fast": 1 / sqrt(r)},
    hypotheses=(r > 1,),
)
def settling():
    """Factor per level of an excess of memory over R*."""
    yield recall(memory)
    yield by(gradient, wrt=R)
    yield by(substitute, "at the share that is kept", letters={R: remembered.formula})
    yield so("which is", 1 / r)


@claim(
    "critical scale",
    "q_c",
    rivals={"first moments: sq = 1": 1 / s, "fourth moments: sq⁴ = 1": s ** (-S.One / 4), "sq² = 2": sqrt(2 / s)},
)
def kesten_stigum():
    """Inheritance above which infinitely long sentences tell their topic (a transition, by Kesten and Stigum)."""
    yield recall(hold)
    yield by(minus, "the factor of a level for a small memory", what=S.One)
    yield by(crossing, parameter=q)
