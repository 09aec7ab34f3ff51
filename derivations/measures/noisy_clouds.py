r"""Noise, decay and attention: below a critical noise a cloud comes to rest, above it every cloud explodes.

Tokens of a round cloud N(0, sI) are moved by what they read, by a decay towards zero and by noise,

    dx = v T(x) dt − κ x dt + √(2D) dW,      T(x) = a Σ x,      ṡ = 2v a s² − 2κ s + 2D.

While 4vaD < κ² there are two resting variances (κ ± √(κ² − 4vaD))/(2va): the smaller one is reached, from beyond the
larger one clouds explode. At D_c = κ²/(4va) the two meet and vanish. Where 4vaD = κ² + w² a cloud that begins as a
point has the variance s after the depth

    t = [arctan((2va s − κ)/w) + arctan(κ/w)]/w,

most of which it spends near κ/(2va), where it used to rest: its life, less than π/w, grows without bound as w → 0.

Source: derived here, for the covariance flow of Castin, Ablin, Carrillo & Peyré (arXiv 2501.18322); what two resting
points leave behind that have met is in Strogatz, Nonlinear Dynamics and Chaos, ch. 4
"""

from sympy import Identity, ImmutableMatrix, S, atan, log, sqrt

from derivations.measures import flows
from workbench import by, claim, positive, recall, so, unit_vector
from workbench.calculus.rules import (
    crossing,
    fixed_points,
    gradient,
    minus,
    paired,
    passage_time,
    stationary_point,
    substitute,
)  # fmt: skip

d = flows.d
a, v, kappa, D, variance, w = (positive(name) for name in ("a", "v", "kappa", "D", "variance", "w"))
c = unit_vector("c", d)
I = Identity(d)

calm = 4 * v * a * D < kappa**2
root = sqrt(kappa**2 - 4 * v * a * D)
well = (4 * v * a * D < 0.8 * kappa**2,)


def rests(shift, of=2 * v * a):
    """Two resting variances, apart by this number."""
    return ImmutableMatrix([[(kappa + shift) / of, (kappa - shift) / of]])


@claim(
    "flow",
    "ṡ",
    rivals={
        "decay counted once": 2 * v * a * variance**2 - kappa * variance + 2 * D,
        "noise counted once": 2 * v * a * variance**2 - 2 * kappa * variance + D,
        "as for the mean": v * a * variance**2 - kappa * variance + D,
        "first order in the variance": 2 * v * a * variance - 2 * kappa * variance + 2 * D,
    },
)
def velocity():
    """Velocity of the variance of a round cloud under attention, decay and noise."""
    yield recall(flows.covariance_velocity)
    yield by(substitute, "a round cloud", letters={flows.Sigma: variance * I, flows.A: a * I, flows.V: v * I})
    yield by(paired, "along any axis", vector=c * c.T)
    yield by(minus, "decay takes, and noise gives", what=2 * kappa * variance - 2 * D)


@claim(
    "fixed point",
    "{s : ṡ = 0}",
    rivals={
        "noise counted once": rests(sqrt(kappa**2 - 2 * v * a * D)),
        "no noise": rests(kappa),
        "decay counted once": rests(sqrt(kappa**2 - 16 * v * a * D), 4 * v * a),
        "first order in the noise": ImmutableMatrix([[kappa / (v * a) - D / kappa, D / kappa]]),
    },
    hypotheses=(calm,),
    regime=(16 * v * a * D < 0.8 * kappa**2,),
)
def resting_variances():
    """The two stationary variances of a cloud under weak noise."""
    yield recall(velocity)
    yield by(fixed_points, unknowns=[variance], hypotheses=[calm])


@claim(
    "spectrum",
    "∂ṡ/∂s at the smaller one",
    rivals={
        "decay alone": -2 * kappa + 0 * v * a * D,
        "half of it": -root,
        "at the larger one": 2 * root,
        "noise counted once": -2 * sqrt(kappa**2 - 2 * v * a * D),
    },
    hypotheses=(calm,),
    regime=well,
)
def return_rate():
    """Rate of return of a cloud to the smaller stationary variance: it vanishes at the critical noise."""
    yield recall(velocity)
    yield by(gradient, wrt=variance)
    yield by(substitute, "at the smaller resting variance", letters={variance: (kappa - root) / (2 * v * a)})
    yield so("a root", -2 * root)


@claim(
    "fixed point",
    "argmin ṡ",
    rivals={
        "the smaller resting variance": rests(root)[1],
        "decay against attention": kappa / (v * a),
        "decay counted once": kappa / (4 * v * a),
        "values forgotten": kappa / (2 * a),
    },
    regime=well,
)
def slowest_variance():
    """Variance at which its velocity is least, whatever the noise: half-way between the two stationary ones."""
    yield recall(velocity)
    yield by(gradient, wrt=variance)
    yield by(stationary_point, wrt=variance)


@claim(
    "critical scale",
    "D_c",
    rivals={
        "noise counted once": kappa**2 / (2 * v * a),
        "decay in place of its square": kappa / (4 * v * a),
        "where the variance turns": kappa / (2 * v * a),
        "scores against decay": kappa**2 / (v * a),
    },
)
def critical_noise():
    """Critical noise at which both stationary variances vanish and every cloud explodes (a transition)."""
    yield recall(velocity)
    yield by(substitute, "at the variance that changes least", letters={variance: slowest_variance.formula})
    yield by(crossing, parameter=D)


@claim(
    "critical scale",
    "κ_c",
    rivals={
        "noise counted once": sqrt(2 * v * a * D),
        "attention alone": 2 * v * a + 0 * D,
        "a root forgotten": 4 * v * a * D,
        "scores counted twice": 2 * a * sqrt(v * D),
    },
)
def critical_decay():
    """Critical decay below which noise makes every cloud explode (a transition)."""
    yield recall(velocity)
    yield by(substitute, "at the variance that changes least", letters={variance: slowest_variance.formula})
    yield by(crossing, parameter=kappa)


def lived(late, early):
    """The depth with these angles after and before the variance that changes least."""
    return (late + early) / w


late, early = atan((2 * v * a * variance - kappa) / w), atan(kappa / w)


@claim(
    "flow",
    "t(s)",
    rivals={
        "after the turn alone": lived(late, 0),
        "before it twice": lived(early, early) + 0 * late,
        "half as fast": 2 * lived(late, early),
        "exponential": log(1 + 2 * v * a * variance / kappa) / w,
    },
    regime=(2 * v * a * variance > kappa, w < 2 * kappa, kappa < 4 * w, w < 4, v * a * variance < 4 * w),
)
def life():
    """Depth at which a cloud that began as a point reaches a variance, where noise is stronger than critical."""
    yield recall(velocity)
    yield by(substitute, "beyond the critical noise", letters={D: (kappa**2 + w**2) / (4 * v * a)})
    yield by(passage_time, unknown=variance, initial=S.Zero)
    yield so("before and after the slowest place", lived(late, early))
