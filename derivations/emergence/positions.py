r"""Risk of a student head with positional and semantic weights, trained on a teacher that mixes both.

A sentence has L tokens x_ℓ ~ N(0, σ²I) in R^d. The token at place ℓ is read as x_ℓ + ε_ℓ e, with a unit vector e
for positions and a strength ε_ℓ of either sign. The teacher mixes a semantic attention, by scores t_ℓ = (√ρ/σ) k·x_ℓ
of variance ρ along a unit vector k ⊥ e, with a positional one, any fixed matrix A; the student is linear attention
with tied weights w, so that its scores are s_ℓ = w·(x_ℓ + ε_ℓ e):

    y_ℓ = Σ_m [(1 − ω) t_ℓ t_m + ω A_ℓm] x_m,      ŷ_ℓ = Σ_m s_ℓ s_m (x_m + ε_m e).

The mean squared error R per coordinate and unit σ² is, at every d, a quadratic form in three energies: q = σ²|w|²,
and the positional and semantic shares M = σ²(w·e)² and Θ = σ²(w·k)². With S = |ε|²/σ², T = tr A, a = εᵀAε/σ²,

    d R = c₀ + (L+2)(L(d+L+3) + S) q² + S((L+2)(2d+3L+9) + (L+5)S) qM + S²(d+2L+6+S) M²
             − 2((1−ω)ρL(d+2L+2) + ωT(d+L+1)) q − 2((1−ω)ρS(d+2L+2) + ω(a(d+1) + ST)) M
             − 2(1−ω)ρL(d(L+1) + L² + 3L + 4) Θ.

Source: derived here; without softmax, the model of Cui, Behrens, Krzakala & Zdeborová (arXiv 2402.03902)
"""

from sympy import Identity, ImmutableMatrix, oo, sqrt

from workbench import (
    E,
    by,
    claim,
    count,
    dot,
    form,
    gaussian,
    given,
    matrix,
    positive,
    probability,
    recall,
    size,
    so,
    tr,
    unit_vector,
    vector,
)
from workbench.calculus.rules import expand_large, expectation, gradient, partials, substitute

d, L = size("d"), count("L")
sigma, rho, omega = positive("sigma"), positive("rho"), probability("omega")
A, epsilon, w = matrix("A", L, L), vector("epsilon", L), vector("w", d)
e = unit_vector("e", d)
k = unit_vector("k", d, orthogonal_to=(e,))
o = unit_vector("o", d, orthogonal_to=(e, k))
M, Theta, Q = positive("M"), positive("Theta"), positive("Q")

x = gaussian("x", d, L, cov=sigma**2 * Identity(d))
read = x + e * epsilon.T
taught = x * ((1 - omega) * rho / sigma**2 * x.T * k * k.T * x + omega * A.T)
answered = read * read.T * w * w.T * read

S, T, a = dot(epsilon, epsilon) / sigma**2, tr(A), form(epsilon, A, epsilon) / sigma**2
energies = sigma**2 * dot(w, w), sigma**2 * dot(w, e) ** 2, sigma**2 * dot(w, k) ** 2
here = M + Theta + Q, M, Theta
room = (d > 2,)  # for a direction that is neither e nor k

of_qq = (L + 2) * (L * (d + L + 3) + S)  # what the student pays for q², qM and M²
of_qM = S * ((L + 2) * (2 * d + 3 * L + 9) + (L + 5) * S)
of_MM = S**2 * (d + 2 * L + 6 + S)
for_q = 2 * ((1 - omega) * rho * L * (d + 2 * L + 2) + omega * T * (d + L + 1))  # what its energies earn
for_M = 2 * ((1 - omega) * rho * S * (d + 2 * L + 2) + omega * (a * (d + 1) + S * T))
for_Theta = 2 * (1 - omega) * rho * L * (d * (L + 1) + L**2 + 3 * L + 4)
asked = (1 - omega) ** 2 * rho**2 * L * (L + 2) * (d + L + 3) + omega**2 * d * tr(A * A.T)
asked += 2 * omega * (1 - omega) * rho * T * (d + L + 1)


def error_at(q, M, Theta):
    """The closed form of the risk."""
    paid = of_qq * q**2 + of_qM * q * M + of_MM * M**2
    return (asked + paid - for_q * q - for_M * M - for_Theta * Theta) / d


def endless_at(q, M, Theta, cross=2):
    """The same for d → ∞."""
    said = (1 - omega) ** 2 * rho**2 * L * (L + 2) + 2 * omega * (1 - omega) * rho * T + omega**2 * tr(A * A.T)
    paid = L * (L + 2) * q**2 + cross * (L + 2) * S * q * M + S**2 * M**2
    earned = ((1 - omega) * rho * L + omega * T) * q + ((1 - omega) * rho * S + omega * a) * M
    return said + paid - 2 * earned - 2 * (1 - omega) * rho * L * (L + 1) * Theta


def bare_values(q, M, Theta):
    """The risk of a neighbour, whose values x_m do not tell their places."""
    more = S * q**2 * (L + 2) + S * ((L + 2) * (2 * L + 6) + (L + 5) * S) * q * M + S**2 * (2 * L + 6 + S) * M**2
    return error_at(q, M, Theta) - (more - 2 * ((1 - omega) * rho * S * (L + 1) + omega * (a + S * T)) * M) / d


@claim(
    "expectation",
    "R(w)",
    rivals={
        "endless dimension": endless_at(*energies),
        "places left out of the values": bare_values(*energies),
        "weights along e read no token": error_at(energies[0] - energies[1], *energies[1:]),
        "teacher not squared": error_at(*energies) - asked / d,
    },
)
def risk():
    """Risk of a student: squared error per coordinate, in units of a token's variance."""
    error = taught - answered
    yield given("the definition", E(tr(error * error.T)) / (d * sigma**2))
    yield by(expectation)
    yield so("a quadratic form in three energies", error_at(*energies))


def pull(of_qM=of_qM, factor=2):
    """The gradient of the risk, with these constants."""
    q, positional, _ = energies
    along_w = 2 * of_qq * q + of_qM * positional - for_q
    along_e = of_qM * q + 2 * of_MM * positional - for_M
    return factor * sigma**2 / d * (along_w * w + along_e * dot(w, e) * e - for_Theta * dot(w, k) * k)


@claim(
    "gradient",
    "∇R(w)",
    rivals={
        "factor 2 forgotten": pull(factor=1),
        "positions and meanings apart": pull(of_qM=0),
        "along the weights alone": 2 * sigma**2 / d * (2 * of_qq * energies[0] + of_qM * energies[1] - for_q) * w,
    },
)
def risk_gradient():
    """Gradient of the risk in the weights: along themselves, along positions and along meanings."""
    yield recall(risk)
    yield by(gradient, wrt=w)
    yield so("in three directions", pull())


@claim(
    "expectation",
    "R(M, Θ, Q)",
    rivals={
        "endless dimension": endless_at(*here),
        "places left out of the values": bare_values(*here),
        "weights along e read no token": error_at(Theta + Q, M, Theta),
        "weights along no vector read no token": error_at(M + Theta, M, Theta),
    },
    hypotheses=room,
)
def energy_risk():
    """The risk of weights with energies M in positions, Θ in meanings and Q in neither."""
    yield recall(risk)
    yield by(substitute, letters={w: (sqrt(M) * e + sqrt(Theta) * k + sqrt(Q) * o) / sigma})
    yield so("q is their sum", error_at(*here))


def pushes(of_qM=of_qM, for_Theta=for_Theta, double=2):
    """The slopes of the risk in the three energies, with these constants."""
    q = here[0]
    by_q = double * of_qq * q + of_qM * M - for_q
    return ImmutableMatrix([by_q + of_qM * q + double * of_MM * M - for_M, by_q - for_Theta, by_q]) / d


@claim(
    "gradient",
    "∇R(M, Θ, Q)",
    rivals={
        "each energy alone": pushes(of_qM=0),
        "squares not doubled": pushes(double=1),
        "meanings taught like noise": pushes(for_Theta=0),
    },
    hypotheses=room,
)
def energy_gradient():
    """Gradient of the risk in the energies: affine, as in competitive Lotka–Volterra equations."""
    yield recall(energy_risk)
    yield by(partials, wrt=(M, Theta, Q))
    yield so("affine", pushes())


@claim(
    "expectation",
    "R, d → ∞",
    rivals={
        "weights along e read no token": endless_at(Theta + Q, M, Theta),
        "positions and meanings meet once": endless_at(*here, cross=1),
        "one pairing of four scores": endless_at(*here) - 2 * L * here[0] ** 2,
        "teacher not mixed": endless_at(*here) - 2 * omega * (1 - omega) * rho * T,
    },
)
def endless_risk():
    """Limit of the risk as the embedding dimension grows: only scores remain."""
    yield recall(energy_risk)
    yield by(expand_large, large={d: oo}, order=0)
    yield so("collected", endless_at(*here))
