r"""What Bayes, k-means and a Gaussian mixture make of the same two clusters, and when k-means turns away from them.

Tokens lie around ±s c with spread γ along c and η across. The best guess of a token's cluster is its side, right with
probability (1 + erf(s/γ√2))/2. Two means, infinitely many samples: centres that part the clusters rest at

    m = s erf(s/γ√2) + γ √(2/π) e^{−s²/2γ²} > s

from the middle, at γ√(2/π) even where there is one cluster, s = 0; a mixture of two Gaussians of the right spread finds
s itself. A step of Lloyd's algorithm turns a small tilt φ of the line between the centres into 2η²f φ/m, where f is the
density of tokens on the border. So k-means leaves the clusters for the noise across above

    η_c² = γ² + √(π/2) γ s erf(s/γ√2) e^{s²/2γ²},

which grows faster than exponentially with the separation, while Bayes does not see η at all.

Source: derived here; for two means of one Gaussian see Pollard, IEEE Trans. Inf. Theory 28 (1982) 199
"""

from sympy import Identity, S, erf, exp, pi, sign, sqrt

from workbench import E, by, claim, gaussian, given, positive, recall, scalar, so, tr
from workbench.calculus.rules import crossing, expectation, gradient, minus, over, projecting, substitute

s, gamma, eta = positive("s"), positive("gamma"), positive("eta")
tilt = scalar("tilt")
g, z = gaussian("g", 1), gaussian("z", 1)
t, across = s + gamma * tr(g), eta * tr(z)  # a token of the cluster at s c
middle = gaussian("middle", 1, cov=gamma**2 * Identity(1))  # as it were of a cluster between both

apart = erf(s / (gamma * sqrt(2)))
faint = exp(-(s**2) / (2 * gamma**2))  # of the density on the border, against that at a centre
nearer, farther = (exp(side * s * tr(middle) / gamma**2) for side in (1, -1))  # likelihoods, against the middle's
vote = (nearer - farther) / (nearer + farther)  # what expectation maximisation gives a token, from centres at ±s
density = faint * (nearer + farther) / 2  # of tokens of both clusters, against that of one in the middle
centre = s * apart + gamma * sqrt(2 / pi) * faint
near = (s < 2 * gamma, gamma < 4 * s)


@claim(
    "expectation",
    "share of tokens on their side",
    rivals={
        "distance between the clusters": (1 + erf(sqrt(2) * s / gamma)) / 2,
        "spread not doubled": (1 + erf(s / gamma)) / 2,
        "as without overlap": 1 - faint / 2,
        "both sides counted": apart,
    },
    regime=near,
)
def bayes_rate():
    """Share of the tokens that the Bayes classifier of two clusters assigns to their own."""
    yield given("right on one side, wrong on the other", (1 + E(sign(t))) / 2)
    yield by(projecting)


@claim(
    "expectation",
    "m",
    rivals={
        "the clusters' own": s + 0 * gamma,
        "one cluster": gamma * sqrt(2 / pi) + 0 * s,
        "tokens on their side alone": s * (1 + apart) / 2 + gamma * faint / sqrt(2 * pi),
        "the root of the variance": sqrt(s**2 + gamma**2),
    },
    regime=near,
)
def k_means_centre():
    """Distance of the centres of k-means from the midpoint: larger than that of the clusters."""
    yield given("the mean on one side", E(t * sign(t)))
    yield by(projecting)
    yield so("of a folded Gaussian", centre)


@claim(
    "fixed point",
    "μ",
    rivals={
        "as k-means": centre,
        "the root of the variance": sqrt(s**2 + gamma**2),
        "shrunken by the spread": s**3 / (s**2 + gamma**2),
    },
    regime=near,
)
def mixture_centre():
    """Distance of the centres of a fitted mixture of two Gaussians from the midpoint: that of the clusters."""
    yield given(
        "a step of expectation maximisation from s: tokens of both clusters times their votes",
        E(tr(middle) * vote * density),
    )
    yield by(expectation)


@claim(
    "spectrum",
    "tilt after a step over tilt",
    rivals={
        "as of one cluster": eta**2 / gamma**2 + 0 * s,
        "density of one side": eta**2 * faint / (gamma * sqrt(2 * pi) * centre),
        "centres of the clusters": 2 * eta**2 * faint / (gamma * sqrt(2 * pi) * s),
        "deviation for variance": 2 * eta * faint / (gamma * sqrt(2 * pi) * centre),
    },
    regime=near,
)
def turning():
    """Factor by which a step of Lloyd's algorithm multiplies a small tilt of its centres off the clusters' axis."""
    yield given("where the centres are across when the border is tilted", E(across * sign(t + tilt * across)))
    yield by(projecting)
    yield by(gradient, wrt=tilt)
    yield by(substitute, "small tilts", letters={tilt: S.Zero})
    yield by(over, "per distance along", what=centre)
    yield so("the density on the border", sqrt(2 / pi) * eta**2 * faint / (gamma * centre))


@claim(
    "critical scale",
    "η_c",
    rivals={
        "as of one cluster": gamma + 0 * s,
        "the root of the variance along": sqrt(gamma**2 + s**2),
        "the separation": s + 0 * gamma,
        "not a root": gamma**2 + sqrt(pi / 2) * gamma * s * apart / faint,
    },
    regime=near,
)
def critical_width():
    """Width of the clusters above which k-means divides them across instead of from each other (a transition)."""
    yield recall(turning)
    yield by(minus, "against keeping the tilt", what=S.One)
    yield by(crossing, parameter=eta, value=sqrt(gamma**2 + sqrt(pi / 2) * gamma * s * apart / faint))
