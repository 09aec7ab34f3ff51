r"""Layers of linear attention descend in context: the exact risk of up to four of them on prompts of any length.

Each layer moves what is left of the answers, r_i ← r_i − (1/N) Σ_k r_k x_kᵀAx_i, the query's as those of the examples:
it takes a step of gradient descent, w ← w + A (1/N) Σ_k (y_k − wᵀx_k) x_k, preconditioned by A. With A = ηΛ⁻¹ the
layers see no covariance: of tasks w ~ N(0, C), L of them leave

    R_L = tr(CΛ) φ_L(η),    φ_L = E tr(1 − ηS)^{2L}/d,    S = ZZᵀ/N,

where Z holds N white inputs. With m_k = E tr S^k/d every φ_L is a polynomial in η, and for two layers with steps of
their own the best sum and product of these solve a linear system.

Source: Ahn, Cheng, Daneshmand & Sra (NeurIPS 2023), Lemma 1 (layers as descent); the risks at finite N and the best
pair of steps are derived here
"""

from sympy import Identity, ImmutableMatrix, S

from derivations.in_context.one_layer import C, Lambda, N, d
from workbench import E, by, claim, gaussian, given, probability, recall, scalar, so, tr
from workbench.calculus.rules import expectation, fixed_points, partials, substitute

eta = probability("eta")  # a step: endless prompts need none above one
a, b = scalar("a"), scalar("b")  # sum and product of the steps of two layers
X, Z = gaussian("X", d, N, cov=Lambda), gaussian("Z", d, N)
I = Identity(d)

m2 = 1 + (d + 1) / N
m3 = 1 + 3 * (d + 1) / N + (d**2 + 3 * d + 4) / N**2
m4 = 1 + 6 * (d + 1) / N + (6 * d**2 + 17 * d + 21) / N**2 + (d**3 + 6 * d**2 + 21 * d + 20) / N**3
gentle = eta * (N + 3 * d + 3) < N  # steps that few prompts make explode
short = (N * d < 7,)  # for cubature over a prompt, to the power 4L


def two_with(m2, m3, m4):
    """The share that two layers leave, with these moments."""
    return 1 - 4 * eta + 6 * eta**2 * m2 - 4 * eta**3 * m3 + eta**4 * m4


@claim(
    "expectation",
    "R_2",
    rivals={
        "endless prompts": tr(C * Lambda) * (1 - eta) ** 4,
        "two prompts": tr(C * Lambda) * (1 - 2 * eta + eta**2 * m2) ** 2,
        "moments of one direction": tr(C * Lambda) * two_with(1 + 2 / N, 1 + 6 / N + 8 / N**2, 1 + 12 / N),
        "covariance seen twice": tr(C * Lambda * Lambda) * two_with(m2, m3, m4),
        "one layer of twice the step": tr(C * Lambda) * (1 - 4 * eta + 4 * eta**2 * m2),
    },
    regime=(gentle, *short),
)
def two_layers():
    """Risk of two layers preconditioned by the inverse covariance: it does not depend on the covariance."""
    left = I - eta * X * X.T * Lambda.inv() / N
    yield given("what is left of the task, at a query", E(tr(C * left * left * Lambda * left.T * left.T)))
    yield by(expectation)
    yield so("by the moments of white prompts", tr(C * Lambda) * two_with(m2, m3, m4))


def of_layers(layers):
    """What so many layers leave of a direction, before averaging."""
    return E(tr((I - eta * Z * Z.T / N) ** (2 * layers))) / d


@claim(
    "expectation",
    "φ_3",
    rivals={
        "endless prompts": (1 - eta) ** 6 + 0 * d * N,
        "three prompts": (1 - 2 * eta + eta**2 * m2) ** 3,
        "two layers": two_with(m2, m3, m4),
    },
    regime=(gentle, N * d < 11),
)
def three_layers():
    """Risk of three layers on white prompts, as a share of the variance."""
    yield given("a power of what one step leaves", of_layers(3))
    yield by(expectation)


@claim(
    "expectation",
    "φ_4",
    rivals={
        "endless prompts": (1 - eta) ** 8 + 0 * d * N,
        "four prompts": (1 - 2 * eta + eta**2 * m2) ** 4,
        "two prompts of two layers": two_with(m2, m3, m4) ** 2,
    },
    regime=(gentle, N * d < 11),
)
def four_layers():
    """Risk of four layers on white prompts, as a share of the variance."""
    yield given("a power of what one step leaves", of_layers(4))
    yield by(expectation)


def pair(top, product, below):
    """A sum and a product of steps as fractions over the same determinant."""
    return ImmutableMatrix([top / below, product / below])


determinant = m2 * m4 - m3**2


@claim(
    "fixed point",
    "(η₁ + η₂, η₁η₂)",
    rivals={
        "each layer at the best step of one": ImmutableMatrix([2 / m2, 1 / m2**2]),
        "endless prompts": ImmutableMatrix([S(2), S.One]) + 0 * ImmutableMatrix([d, N]),
        "sum and product exchanged": pair(m2**2 - m3, m4 - m2 * m3, determinant),
        "one moment lower": pair(m3 - m2, m2 - 1, m3 - m2**2),
    },
    regime=short,
)
def best_pair():
    """Trained steps of two layers, by their sum and product: they are not equal."""
    left = I - a * Z * Z.T / N + b * Z * Z.T * Z * Z.T / N**2
    yield given("what two steps leave of a direction, squared", E(tr(left * left)) / d)
    yield by(expectation)
    yield by(partials, wrt=(a, b))
    yield by(fixed_points, unknowns=(a, b))
    yield so("by the moments of white prompts", pair(m4 - m2 * m3, m3 - m2**2, determinant))


@claim(
    "expectation",
    "φ_2 at the best pair",
    rivals={
        "one layer": (d + 1) / (N + d + 1),
        "one layer, twice": ((d + 1) / (N + d + 1)) ** 2,
        "gain counted once": 1 - (m4 - m2 * m3) / determinant,
    },
    regime=short,
)
def least_risk():
    """Risk of two layers with their best steps, as a share of the variance."""
    left = I - a * Z * Z.T / N + b * Z * Z.T * Z * Z.T / N**2
    best = best_pair.formula
    yield recall(best_pair)
    yield given("what two steps leave of a direction, squared", E(tr(left * left)) / d)
    yield by(expectation)
    yield by(substitute, "at these steps", letters={a: best[0], b: best[1]})
    yield so("the gain, once", 1 - (m4 - m2 * m3 - m2 * (m3 - m2**2)) / determinant)
