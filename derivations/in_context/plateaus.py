r"""However long the prompt, a delta rule that reads noisy answers keeps an error: its plateau, for any covariance.

The layer of `delta_rule` with keys x ~ N(0, Λ). The second moment of its error e = w − v settles on

    S* = ησ²/(2(1 − κ)) (I − ηΛ)⁻¹,        κ = (η/2) tr Λ(I − ηΛ)⁻¹,

and the answer to a fresh key is wrong by E(x·e)² = tr ΛS* = σ²κ/(1 − κ) beyond the noise, as long as κ < 1. There is
no plateau above: for keys with a variance α in m directions and β in n others the mean squares of the two parts of the
error grow together as soon as η exceeds the smaller root of

    (m + n + 2)αβ η² − ((m + 2)α + (n + 2)β) η + 2 = 0,

although each would stay below its own 2/((m + 2)α) or 2/((n + 2)β).

Source: derived here; κ < 1 is the condition of Horowitz & Senne (1981) and Feuer & Weinstein (1985) for least mean
squares with Gaussian inputs
"""

from sympy import Identity, Rational, sqrt

from derivations.in_context.delta_rule import Lambda, S, d, eta, sigma, spread
from workbench import by, claim, dot, gaussian, given, positive, recall, size, so, top_eigenvalue, tr, vector
from workbench.calculus.rules import critical_rate as rate_lost
from workbench.calculus.rules import minus, paired, recursion, stationary_point

m, n = size("m"), size("n")
alpha, beta, r, s = positive("alpha"), positive("beta"), positive("r"), positive("s")
sigma_1 = top_eigenvalue("sigma_1", Lambda)
one, other = vector("one", m), vector("other", n)
strong, weak = gaussian("strong", m, cov=alpha * Identity(m)), gaussian("weak", n, cov=beta * Identity(n))

damped = (Identity(d) - eta * Lambda).inv()
kappa = eta / 2 * tr(Lambda * damped)
settles = (eta * sigma_1 < 1, kappa < 1)
calm = (eta * sigma_1 < Rational(1, 2), kappa < Rational(1, 4))  # for a run that settles soon, with light tails


@claim(
    "fixed point",
    "S*",
    rivals={
        "as if keys were their covariance": eta * sigma**2 / 2 * damped,
        "small steps": eta * sigma**2 / 2 * Identity(d) + 0 * Lambda,
        "inverse covariance": eta * sigma**2 / (2 * (1 - kappa)) * Lambda.inv(),
        "half of the fourth moment": eta * sigma**2 / (1 - kappa) * (2 * Identity(d) - eta * Lambda).inv(),
    },
    hypotheses=settles,
)
def plateau():
    """Second moment of the error in the limit of many examples."""
    yield recall(spread)
    yield by(minus, "as it was before the example", what=S)
    yield by(stationary_point, wrt=S)
    yield so("by one number", eta * sigma**2 / (2 * (1 - kappa)) * damped)


@claim(
    "expectation",
    "E(x·e)²",
    rivals={
        "small steps": eta * sigma**2 / 2 * tr(Lambda),
        "pole forgotten": kappa * sigma**2,
        "the noise as well": sigma**2 / (1 - kappa),
        "isotropic keys": sigma**2 * eta * d / (2 - (d + 2) * eta) + 0 * tr(Lambda),
    },
    hypotheses=settles,
    regime=calm,
)
def excess():
    """Excess risk on a fresh key in the limit of many examples, beyond the noise of the answers."""
    yield recall(plateau)
    yield by(paired, "for a fresh key", vector=Lambda)
    yield so("by one number", sigma**2 * kappa / (1 - kappa))


answer = strong.T * one + weak.T * other
stretched = (m + 2) * alpha + (n + 2) * beta
root = sqrt(stretched**2 - 8 * (m + n + 2) * alpha * beta)


@claim(
    "critical scale",
    "η_c",
    rivals={
        "as for one variance, their average": 2 * (m + n) / ((m + n + 2) * (m * alpha + n * beta)),
        "the first keys alone": 2 / ((m + 2) * alpha) + 0 * n * beta,
        "length of the key for its law": 2 / (m * alpha + n * beta),
        "the other root": (stretched + root) / (2 * (m + n + 2) * alpha * beta),
    },
    regime=(m + n < 6,),
)
def two_variances():
    """Step above which errors grow, for keys with one variance in m directions and another in n (a transition)."""
    learned = {one: one - eta * strong * answer, other: other - eta * weak * answer}
    yield given("the squared error in the first directions", dot(one, one))
    squares = {r: dot(one, one), s: dot(other, other)}
    yield by(recursion, "by the means before: r of it, s of that in the others", update=learned, means=squares)
    yield by(rate_lost, unknowns=(r, s), parameter=eta)
    yield so("the smaller root", (stretched - root) / (2 * (m + n + 2) * alpha * beta))
