r"""Attention over a context is one step down the energy of an associative memory, which stores clusters in a window.

An endless context ½N(m, Γ) + ½N(−m, Γ) is the memory of the energy

    U(z) = |z|²/2α − (1/β) log E e^{β X·z},      z − α∇U(z) = α E[X e^{βX·z}]/E[e^{βX·z}]:

one step of length α down U is softmax attention at inverse temperature β and value weight α. For round clusters, Γ =
γ²I and m = s c, the middle is a minimum below β_c = 1/(α(γ² + s²)) and attention collapses to it. The vote between
clusters is bounded, so far from them the energy is that of one Gaussian, which has no bottom above β_r = 1/(αγ²).
Between the two both clusters are stored; a single Gaussian, s = 0, never is, since its window is closed.

Source: Smart, Bietti & Sengupta, In-context denoising with one-layer transformers (arXiv 2502.05164), Eq. 16 and 17,
for the energy; the window of clusters with a spread is derived here
"""

from sympy import Identity, Rational, S, ZeroMatrix, exp, log, tanh

from workbench import E, by, claim, dot, given, mixture, positive, recall, scalar, size, so, spd, unit_vector, vector
from workbench.calculus.rules import crossing, expectation, gradient, paired, substitute

d = size("d")
alpha, beta_, gamma, s = (positive(name) for name in ("alpha", "beta", "gamma", "s"))
u = scalar("u")
m, z = vector("m", d), vector("z", d)
c = unit_vector("c", d)
Gamma = spd("Gamma", d)
I = Identity(d)

half = Rational(1, 2)
X = mixture("X", d, [(half, m, Gamma), (half, -m, Gamma)])
vote = tanh(beta_ * dot(m, z))
mild = (beta_**2 * dot(z, Gamma * z) < 1, beta_**2 * dot(m, z) ** 2 < 1)


@claim(
    "gradient",
    "∇U(z)",
    rivals={
        "temperature forgotten": z / alpha - Gamma * z - m * tanh(dot(m, z)),
        "divided by the temperature": z / alpha - beta_ * Gamma * z - beta_ * m * vote,
        "spread forgotten": z / alpha - m * vote,
        "as if one Gaussian": z / alpha - beta_ * (Gamma + m * m.T) * z,
    },
    regime=mild,
)
def energy_slope():
    """Gradient of the energy in the token: the token minus what attention returns."""
    yield given("energy", dot(z, z) / (2 * alpha) - log(E(exp(beta_ * dot(z, X)))) / beta_)
    yield by(expectation)
    yield by(gradient, wrt=z)
    yield so("the token less the output of attention", z / alpha - beta_ * Gamma * z - m * vote)


@claim(
    "spectrum",
    "U″ at the middle, along c",
    rivals={
        "the spread forgotten": 1 / alpha - beta_ * s**2 + 0 * gamma,
        "the cluster's variance alone": 1 / alpha - beta_ * gamma**2 + 0 * s,
        "distance between the clusters": 1 / alpha - beta_ * (gamma**2 + 4 * s**2),
    },
)
def middle_curvature():
    """Curvature of the energy at the midpoint of round clusters, along their axis: negative when they are stored."""
    yield recall(energy_slope)
    yield by(substitute, "a token on the axis of round clusters", letters={Gamma: gamma**2 * I, m: s * c, z: u * c})
    yield by(paired, "along the axis", vector=c)
    yield by(gradient, wrt=u)
    yield by(substitute, "in the middle", letters={u: S.Zero})
    yield so("the total variance counts", 1 / alpha - beta_ * (gamma**2 + s**2))


@claim(
    "critical scale",
    "β_c",
    rivals={
        "the spread forgotten": 1 / (alpha * s**2) + 0 * gamma,
        "the spread alone": 1 / (alpha * gamma**2) + 0 * s,
        "the distance between the clusters": 1 / (alpha * (gamma**2 + 4 * s**2)),
        "the value weight forgotten": 1 / (gamma**2 + s**2) + 0 * alpha,
    },
)
def storing():
    """Inverse temperature above which attention stores clusters, and below which it collapses them (a transition)."""
    yield recall(middle_curvature)
    yield by(crossing, parameter=beta_)


@claim(
    "critical scale",
    "β_r",
    rivals={
        "divided by the temperature": alpha / gamma**2,
        "the value weight forgotten": 1 / gamma**2 + 0 * alpha,
        "the standard deviation": 1 / (alpha * gamma),
        "half of the energy": 2 / (alpha * gamma**2),
    },
)
def runaway():
    """Inverse temperature above which the energy of a Gaussian cluster is unbounded below (a divergence)."""
    yield recall(energy_slope)
    yield by(
        substitute, "one round cluster in the middle", letters={Gamma: gamma**2 * I, m: ZeroMatrix(d, 1), z: u * c}
    )
    yield by(paired, "along any axis", vector=c)
    yield by(gradient, wrt=u)
    yield by(crossing, parameter=beta_)
