r"""Copying from the context and recall from the weights compete for the same errors; many classes favour copying.

The layer of `memories` copies with the gain g, and recalls each of K classes with the gain h, where training moves

    ġ = 2a g ε,    ḣ = (2ρ/K) h ε,    ε = 1 − g − h.

Each point of the line g + h = 1 is at rest, and stable. Which of them ends a training is decided by what it never
changes, (K/ρ) ln h − (1/a) ln g: from g₀ and h₀ the memory is at h₀e^(ρt/(aK)) when the copy has grown by t e-folds.
Half of every answer is copied, and half recalled, after a training that began from

    g_c = ½(2h₀)^(aK/ρ),    or on    K_c = (ρ/a) ln(2g₀)/ln(2h₀)

classes: with more of them the layer copies, with fewer it recalls.

Source: derived here; that many classes favour learning in context is the finding of Chan et al. (arXiv 2205.05055)
and Reddy (arXiv 2312.03002); races of attention-based circuits: Nguyen & Reddy (arXiv 2412.00104)
"""

from sympy import ImmutableMatrix, S, exp, log

from derivations.emergence.memories import K, a, copying, eps, g, h, recalling, rho
from workbench import by, claim, given, positive, probability, recall, so
from workbench.calculus.rules import crossing, flow, minus, over, spectrum, substitute

t, g0, h0 = positive("t"), probability("g0"), probability("h0")
z = rho * t / (a * K)  # e-folds of the memory


@claim(
    "manifold",
    "d((K/ρ) ln h − (1/a) ln g)",
    rivals={
        "classes forgotten": 2 * eps * (1 / K - 1),
        "loudness forgotten": 2 * eps * (rho - a),
        "difference of the gains": 2 * eps * (rho * h / K - a * g),
        "sum, not difference": 4 * eps,
    },
)
def kept():
    """Conserved quantity of the race: the difference of the logarithms of both gains, each over its own rate."""
    yield recall(recalling)
    yield by(over, "e-folds of the memory", what=rho * h / K)
    yield by(minus, "and of the copy", what=copying.formula / (a * g))
    yield so("zero", 0)


@claim(
    "fixed point",
    "h*",
    rivals={"all by itself": S.One + 0 * g, "a share for each class": (1 - g) / K, "squared": 1 - g**2},
)
def rest():
    """Gain of the memory at the end of training: one minus the gain of copying."""
    yield recall(recalling)
    yield by(crossing, parameter=h)


@claim(
    "spectrum",
    "spec at (g, 1 − g)",
    rivals={
        "isolated": ImmutableMatrix([-2 * rho * (1 - g) / K, -2 * a * g]),
        "a saddle": ImmutableMatrix([0, 2 * a * g - 2 * rho * (1 - g) / K]),
        "met in every sentence": ImmutableMatrix([0 * K, -2 * a * g - 2 * rho * (1 - g)]),
        "one factor trained": ImmutableMatrix([0, -a * g - rho * (1 - g) / K]),
    },
)
def stability():
    """Eigenvalues at every end of the race: stable across the line g + h = 1, neutral along it."""
    yield given("the race", ImmutableMatrix([copying.formula, recalling.formula]))
    yield by(spectrum, unknowns=(g, h), at={g: g, h: 1 - g})
    yield so("one of them zero", ImmutableMatrix([0, -2 * a * g - 2 * rho * (1 - g) / K]))


@claim(
    "flow",
    "h(t)",
    rivals={
        "classes forgotten": h0 * exp(rho * t / a) + 0 * K,
        "saturating": h0 / (h0 + (1 - h0) * exp(-rho * t / (a * K))),
        "loudness forgotten": h0 * exp(t / K) + 0 * a * rho,
        "speeds exchanged": h0 * exp(a * t / (rho * K)),
    },
    regime=(g0 * (1 + t + t**2) + h0 * (1 + z + z**2) < 1, 2 * t < 3, 2 * z < 3),  # so far it comes: eˣ < 1 + x + x²
)
def head_start():
    """Gain of the memory at the time at which the gain of copying has grown by a factor e^t."""
    yield recall(recalling)
    yield by(over, "in e-folds of the copy", what=copying.formula / g)
    yield by(flow, unknown=h, time=t, initial=h0)


@claim(
    "critical scale",
    "g_c",
    rivals={
        "even start": h0 + 0 * K * rho * a,
        "even start, met in one of K": h0 / K + 0 * a * rho,
        "no half": h0 ** (a * K / rho),
        "speeds exchanged": (2 * h0) ** (rho / (a * K)) / 2,
        "classes forgotten": (2 * h0) ** (a / rho) / 2 + 0 * K,
    },
    hypotheses=(2 * h0 < 1,),
    regime=(a * K < 3 * rho, rho < 2 * a * K, 4 * h0 < 1),
)
def critical_start():
    """Initial gain of copying above which it ends as half of all answers (a level): a power of the other start."""
    yield recall(head_start)
    yield by(substitute, "when half is copied", letters={t: -log(2 * g0)})
    yield by(minus, "against the other half", what=S.Half)
    yield by(crossing, parameter=g0)
    yield so("collected", (2 * h0) ** (a * K / rho) / 2)
