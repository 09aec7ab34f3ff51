r"""Entries whose own value decides whether they are missing: a layer trained at random masks may be harmful.

A number t = g + e is missing with a chance proportional to exp(−t²/2s²): values within s of the mean are the ones not
reported. Regression on the other entries answers g ~ N(0, u), and e ~ N(0, v) is what they do not tell. A layer trained
where missing does not depend on the value answers g. On the numbers that are missing, with τ = u + v,

    E (t − g)² = v − v²/(τ + s²),    and    E t² = τ − τ²/(τ + s²).

The mean is the better answer exactly where s² < v: where the window is narrower than what the others do not tell. The
best answer is shrunken, κg with κ = s²/(s² + v), and leaves v s²/(v + s²): knowing that the value was hidden is worth
as much as a measurement of it with variance s².

Source: the law of self-masking and its best answer are Le Morvan et al., NeuMiss (NeurIPS 2020), Prop. 2.2; the risks
and the critical window are derived here
"""

from sympy import Identity, S, exp, sqrt

from workbench import E, by, claim, gaussian, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import crossing, gradient, minus, stationary_point, substitute, tilting

u, v, s, kappa = positive("u"), positive("v"), positive("s"), scalar("kappa")
g, e = gaussian("g", 1, cov=u * Identity(1)), gaussian("e", 1, cov=v * Identity(1))

t, tau = tr(g) + tr(e), u + v
hidden = exp(-(t**2) / (2 * s**2))


def parabola(k):
    """What κ = k leaves of a number that was hidden: its variance then, and that of the answer."""
    within = tau - tau**2 / (tau + s**2)
    return within - 2 * k * u * s**2 / (tau + s**2) + k**2 * (u - u**2 / (tau + s**2))


@claim(
    "expectation",
    "R(κ)",
    rivals={
        "hidden at random": tau - 2 * kappa * u + kappa**2 * u + 0 * s,
        "others not narrowed": parabola(kappa) + kappa**2 * u**2 / (tau + s**2),
        "window of the number alone": (1 - kappa) ** 2 * u + v * s**2 / (v + s**2),
        "variances added instead of precisions": (tau + s**2) - 2 * kappa * u + kappa**2 * u,
    },
)
def risk():
    """Squared error of the answer κg on entries that hid themselves."""
    yield given("weighted by the chance of being hidden", E((t - kappa * tr(g)) ** 2 * hidden) / E(hidden))
    yield by(tilting)
    yield so("the window narrows the number and its answer", parabola(kappa))


@claim(
    "expectation",
    "R(1)",
    rivals={
        "hidden at random": v + 0 * s * u,
        "Bayes": v * s**2 / (v + s**2) + 0 * u,
        "narrowed as the number is": v - v * tau / (tau + s**2),
        "sign": v + v**2 / (tau + s**2),
    },
)
def risk_at_random():
    """Risk on entries that hid themselves of the layer trained on entries missing at random."""
    yield recall(risk)
    yield by(substitute, "trained on entries missing at random", letters={kappa: S.One})
    yield so("less than where nothing is selected", v - v**2 / (tau + s**2))


@claim(
    "critical scale",
    "s_c",
    rivals={
        "the deviation of the number": sqrt(tau),
        "the deviation of what the others tell": sqrt(u) + 0 * v,
        "twice the variance": sqrt(2 * v) + 0 * u,
        "the variance itself": v + 0 * u,
    },
)
def critical_window():
    """Window below which the mean is better than the layer trained on entries missing at random (a crossover)."""
    yield recall(risk_at_random)
    yield by(minus, "less what the mean leaves", what=risk.formula.xreplace({kappa: S.Zero}))
    yield so("factored", u * (v - s**2) / (tau + s**2))
    yield by(crossing, parameter=s)


@claim(
    "fixed point",
    "κ*",
    rivals={
        "trained at random": 1 + 0 * s * v * u,
        "window and rest exchanged": v / (s**2 + v) + 0 * u,
        "by the whole variance": s**2 / (s**2 + tau),
        "by standard deviations": s / (s + v) + 0 * u,
    },
)
def best_shrinkage():
    """Best multiple of the answer: the window adds its own term to the precision."""
    yield recall(risk)
    yield by(gradient, wrt=kappa)
    yield by(stationary_point, wrt=kappa)


@claim(
    "expectation",
    "R(κ*)",
    rivals={
        "trained at random": v - v**2 / (tau + s**2),
        "the mean": tau - tau**2 / (tau + s**2),
        "hidden at random": v + 0 * s * u,
        "variances added": v + s**2 + 0 * u,
    },
)
def least_risk():
    """Risk of the best answer: a window is worth as much as a measurement of the same variance."""
    yield recall(risk)
    yield by(substitute, "at the best shrinkage", letters={kappa: best_shrinkage.formula})
    yield so("precisions add", v * s**2 / (v + s**2))
