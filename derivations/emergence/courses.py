r"""Training dynamics of one skill in one head: a long plateau at a saddle, then a fast transition.

A head with read-out v and key–query weights U = (u/√d) I answers ŷ = v βᵀUx. It is trained on the loss of
`losses` for a skill of frequency p and rule 1, with N independent tokens, by d(v, u)/dt = −½ p ∇L. To know nothing is
a saddle, to know the skill is stable, and from a balanced start the gain g = vu grows by the logistic law

    ġ = 2 p g (λ²√d − cλ³ g),    c = 1 + (d + 1)/N,

from g₀ towards g* = √d/(cλ). It passes half of that, and the skill emerges, at the critical time

    t_p = ln(g*/g₀ − 1)/(2 p λ²√d).

Not every metric sees it: as long as the block is aligned, the squared correlation of answers with the truth is 1/c
at every gain. Of a block U that is not, it is (tr U)²/(c d |U|²): turning towards I is seen, growing along I is not.

Source: g(t) is eq. 10 of Zhang, Singh, Latham & Saxe (arXiv 2501.16265); emergence times of skills follow Nam,
Fonseca, Lee, Mingard & Louis (arXiv 2404.17563, eq. 40), here for attention
"""

from sympy import Identity, ImmutableMatrix, Rational, S, exp, log, sqrt

from derivations.emergence.losses import B, D, G, I, N, R, W, beta, d, lamda, s, skill_loss, w, x
from workbench import E, by, claim, dot, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, flow, minus, over, paired, partials, spectrum, substitute

p = positive("p")
v, u = scalar("v"), scalar("u")
g, g0, a, t = positive("g"), positive("g0"), positive("a"), positive("t")

c = (N + d + 1) / N
known = sqrt(d) / (c * lamda)  # the gain at which training ends
rate = p * lamda**2 * sqrt(d)
late = 2 * g0 * lamda * (N + d + 1) < N  # so little is known at first that the skill emerges later


def logistic(final, rate):
    """The logistic course from g0 to its final value."""
    return final / (1 + (final / g0 - 1) * exp(-rate * t))


def field(c, factor):
    """The training of read-out and key–query weights, with these constants."""
    drive = factor * p * lamda**2 * (sqrt(d) - c * lamda * u * v)
    return ImmutableMatrix([u * drive, v * drive])


@claim(
    "gradient",
    "(v̇, u̇)",
    rivals={
        "descent on the whole loss": field(c, 2),
        "endless context": field(1, 1),
        "one dimension": ImmutableMatrix([u, v]) * p * lamda**2 * (1 - c * lamda * u * v),
        "one token too few": field(1 + d / N, 1),
    },
)
def training():
    """Velocity of read-out and key–query weights of a head under training on a skill of frequency p."""
    yield recall(skill_loss)
    yield by(substitute, "one head, in the coordinates of the skill", letters={W: G, B: I, D: d})
    yield by(substitute, "independent tokens and the rule 1", letters={R: Identity(N), s: S.One})
    yield by(substitute, "key–query weights of length u, aligned", letters={G: v * u / sqrt(d) * I})
    yield by(over, "half of it, downhill, as often as the skill is met", what=-2 / p)
    yield by(partials, wrt=(v, u))
    yield so("both vanish together", field(c, 1))


@claim(
    "spectrum",
    "spec at (0, 0)",
    rivals={
        "flat": ImmutableMatrix([0 * p, 0 * p]),
        "stable": ImmutableMatrix([-rate, -rate]),
        "dimension counted twice": ImmutableMatrix([-rate * sqrt(d), rate * sqrt(d)]),
        "slowed by the context": ImmutableMatrix([-rate / c, rate / c]),
    },
)
def ignorance():
    """Eigenvalues at zero weights: a saddle, whose growth rate does not depend on the context length."""
    yield recall(training)
    yield by(spectrum, unknowns=(v, u), at={v: S.Zero, u: S.Zero})


@claim(
    "fixed point",
    "g*",
    rivals={
        "endless context": sqrt(d) / lamda,
        "one token too few": sqrt(d) * N / (lamda * (N + d)),
        "dimension forgotten": known / sqrt(d),
    },
)
def knowledge():
    """Gain g* at the end of training, from any start."""
    yield recall(training)
    yield by(paired, "the read-out's part", vector=ImmutableMatrix([1, 0]))
    yield by(substitute, "with the gain g = vu", letters={v: g / u})
    yield so("which has one factor for the gain", u * p * lamda**2 * (sqrt(d) - c * lamda * g))
    yield by(crossing, parameter=g)


@claim(
    "spectrum",
    "spec at (a, g*/a)",
    rivals={
        "isolated": ImmutableMatrix([-2 * rate, -2 * rate]),
        "saddle": ImmutableMatrix([0 * p, c * p * lamda**3 * (a**2 + known**2 / a**2)]),
        "balanced": ImmutableMatrix([0 * p, -2 * rate]),
        "endless context": ImmutableMatrix([0 * p, -p * lamda**3 * (a**2 + d / (a * lamda) ** 2)]),
    },
)
def mastery():
    """Eigenvalues at the trained head: stable across the curve vu = g*, neutral along it."""
    yield recall(training)
    yield by(spectrum, unknowns=(v, u), at={v: a, u: known / a})
    yield so("with the gain of knowledge", ImmutableMatrix([0, -c * p * lamda**3 * (a**2 + known**2 / a**2)]))


@claim(
    "flow",
    "g(t)",
    rivals={
        "one factor trained": logistic(known, rate),
        "dimension counted twice": logistic(known, 2 * rate * sqrt(d)),
        "endless context": logistic(sqrt(d) / lamda, 2 * rate),
        "one token too few": logistic(sqrt(d) * N / (lamda * (N + d)), 2 * rate),
        "without a plateau": known + (g0 - known) * exp(-2 * rate * t),
    },
    hypotheses=(late,),
)
def emergence():
    """Gain of a head at time t of its training, from a balanced start."""
    yield recall(training)
    yield by(paired, "what v and u do to their product", vector=ImmutableMatrix([u, v]))
    yield by(substitute, "from a balanced start", letters={v: sqrt(g), u: sqrt(g)})
    yield so("logistic growth", 2 * rate * g * (1 - g / known))
    yield by(flow, unknown=g, time=t, initial=g0)
    yield so("an S in time", logistic(known, 2 * rate))


@claim(
    "critical scale",
    "t_p",
    rivals={
        "one factor trained": log(known / g0 - 1) / rate,
        "dimension counted twice": log(known / g0 - 1) / (2 * rate * sqrt(d)),
        "half of the rule": log(sqrt(d) / (lamda * g0) - 1) / (2 * rate),
        "no memory of the start": log(2) / (2 * rate),
    },
    hypotheses=(late,),
)
def emergence_time():
    """Time at which a skill of frequency p has half of its final gain (a half-time)."""
    yield recall(emergence)
    yield by(over, "as a share of what will be known", what=known)
    yield by(minus, "beyond one half", what=Rational(1, 2))
    yield by(crossing, parameter=t, hypotheses=(late,))
    yield so("a delay", log(known / g0 - 1) / (2 * rate))


@claim(
    "identity",
    "corr²",
    rivals={
        "rising with the gain": (g / known) ** 2 / c,
        "nothing lost": 0 * d + S.One,
        "one token too few": N / (N + d),
        "correlation itself": sqrt(1 / c),
    },
)
def correlation():
    """Correlation of aligned answers with the truth: the same at every gain, so it does not show learning."""
    truth, answer = dot(w, x), dot(beta, G * x)
    yield given("the definition, for any block U", E(truth * answer) ** 2 / (E(truth**2) * E(answer**2)))
    yield by(expectation)
    yield by(substitute, "independent tokens", letters={R: Identity(N)})
    yield so("it differs between blocks", tr(G) ** 2 / (c * d * tr(G * G.T)))
    yield by(substitute, "the aligned block, of any length but zero", letters={G: u / sqrt(d) * I})
    yield so("the gain has cancelled", 1 / c)
