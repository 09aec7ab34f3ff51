r"""Softmax attention is the posterior of the place, and any other attention errs more by its distance from it.

The sequences of `attention_risk`. Given all tokens, the odds of two places are

    log p_i/p_j = s k*·(X_i − X_j)/γ² + (1 − 1/γ²)(|X_i|² − |X_j|²)/2,

at γ = 1 those of softmax at the temperature s. There a layer that reads Σ_ℓ ω_ℓ z_ℓ, z_ℓ = v*·X_ℓ, with any weights
ω of the scores errs, given the scores, by

    E[(y − Σ ω_ℓ z_ℓ)² | scores] = ε² + 1 − |p|² + |ω − p|².

So softmax is Bayes, and weights ω = ασ of another activation lose |p|² − (p·σ)²/|σ|² at the best scale α = p·σ/|σ|²:
nothing if and only if σ is proportional to softmax. Below p = r∘r/|r|²: r holds square roots of odds.

Source: Duranthon, Marion, Boyer, Loureiro & Zdeborová, Statistical advantage of softmax attention: insights from
single-location regression (ICLR 2026), Proposition 4.2; odds at other γ and the excess risk derived here
"""

from sympy import DiagMatrix, Identity, S

from derivations.single_location.attention_risk import L, d, epsilon, gamma, s
from workbench import E, by, claim, dot, form, gaussian, given, recall, scalar, so, tr, unit_vector, vector
from workbench.calculus.rules import expectation, gradient, minus, stationary_point, substitute

kstar = unit_vector("kstar", d)
first, second = vector("first", d), vector("second", d)  # two tokens
r, omega, sigma, alpha = vector("r", L), vector("omega", L), vector("sigma", L), scalar("alpha")
z, xi = gaussian("z", L), gaussian("xi", 1, cov=epsilon**2 * Identity(1))

found = form(r, DiagMatrix(omega), r) / dot(r, r)  # p·ω
sure = tr(DiagMatrix(r) ** 4) / dot(r, r) ** 2  # |p|²
shown = form(r, DiagMatrix(sigma), r) / dot(r, r)  # p·σ


def unlikely(token):
    """−2 log of the chance of this token at the place, over its chance elsewhere, without constants."""
    away = token - s * kstar
    return dot(away, away) / gamma**2 - dot(token, token)


def odds(steepness, lengths):
    """Log odds, from what multiplies scores and squared lengths."""
    return steepness * dot(kstar, first - second) + lengths * (dot(first, first) - dot(second, second)) / 2


@claim(
    "identity",
    "log p_i/p_j",
    rivals={
        "softmax for every noise": odds(s / gamma**2, S.Zero),
        "temperature s²": odds(s**2 / gamma**2, 1 - 1 / gamma**2),
        "noise for its square": odds(s / gamma, 1 - 1 / gamma),
        "noise of the place forgotten": odds(s, 1 - 1 / gamma**2),
    },
)
def posterior():
    """Posterior odds that one token rather than another is informative: at γ = 1 those of softmax attention."""
    yield given("the densities of two tokens, at the place and elsewhere", (unlikely(second) - unlikely(first)) / 2)
    yield so("collected", odds(s / gamma**2, 1 - 1 / gamma**2))


@claim(
    "expectation",
    "E[(y − Σ ω z)² | scores]",
    rivals={
        "the likeliest token's weight": epsilon**2 + 1 - 2 * found + found**2,
        "weights that sum to one": epsilon**2 + 2 - 2 * found,
        "one token counted": epsilon**2 + (1 - found) ** 2 + dot(omega, omega),
        "uniform place": epsilon**2 + 1 - 2 * tr(DiagMatrix(omega)) / L + dot(omega, omega),
    },
)
def risk():
    """Risk of any attention weights, when the scores give the posterior probability p of a token."""
    answer = form(z, DiagMatrix(r) ** 2, z) / dot(r, r)  # of which z is counted with probability p, squared
    meeting = dot(omega, z) * form(r, DiagMatrix(z), r) / dot(r, r)
    yield given("averaged over the place", E(answer - 2 * meeting + dot(omega, z) ** 2) + E(tr(xi) ** 2))
    yield by(expectation)
    yield so("collected", epsilon**2 + 1 - 2 * found + dot(omega, omega))


@claim(
    "expectation",
    "E[(y − Σ p z)² | scores]",
    rivals={
        "one minus the largest": epsilon**2 + 1 - sure**2,
        "uniform place": epsilon**2 + 1 - 1 / L + 0 * sure,
        "twice": epsilon**2 + 2 * (1 - sure),
        "as surely found": epsilon**2 + 0 * sure,
    },
)
def bayes_risk():
    """Bayes risk: one minus the probability that two draws from the posterior agree."""
    yield recall(risk)
    yield by(substitute, "the posterior itself", letters={omega: DiagMatrix(r) * r / dot(r, r)})
    yield so("collected", epsilon**2 + 1 - sure)


@claim(
    "identity",
    "E[(y − Σ ω z)² | scores] − E[(y − Σ p z)² | scores]",
    rivals={
        "difference of squares": dot(omega, omega) - sure,
        "half": (dot(omega, omega) - 2 * found + sure) / 2,
        "overlap once": dot(omega, omega) - found,
        "sign": dot(omega, omega) + 2 * found + sure,
    },
)
def excess():
    """Excess risk of attention weights over Bayes: their squared distance from the posterior."""
    yield recall(risk)
    yield by(minus, "above the Bayes risk", what=bayes_risk.formula)
    yield so("a square", dot(omega, omega) - 2 * found + sure)


@claim(
    "fixed point",
    "α",
    rivals={
        "weights that sum to one": 1 / tr(DiagMatrix(sigma)) + 0 * shown,
        "no scale": 1 + 0 * shown,
        "lengths not squared": shown / dot(sigma, sigma) ** 2,
        "of the posterior": shown / sure,
    },
)
def best_scale():
    """Best scale of the weights of another activation."""
    yield recall(excess)
    yield by(substitute, "other weights", letters={omega: alpha * sigma})
    yield so("by their scale", alpha**2 * dot(sigma, sigma) - 2 * alpha * shown + sure)
    yield by(gradient, wrt=alpha)
    yield by(stationary_point, wrt=alpha)
    yield so("collected", shown / dot(sigma, sigma))


@claim(
    "identity",
    "min_α E[(y − α Σ σ z)² | scores] − E[(y − Σ p z)² | scores]",
    rivals={
        "cosine not squared": sure - shown,
        "gain counted twice": sure - 2 * shown**2 / dot(sigma, sigma),
        "every activation alike": 0 * sure,
        "of weights that sum to one": sure - shown**2,
    },
)
def activation_gap():
    """Excess risk of another activation at its best scale: zero only where it is proportional to softmax."""
    yield recall(excess)
    yield by(substitute, "other weights at their best scale", letters={omega: best_scale.formula * sigma})
    yield so("collected", sure - shown**2 / dot(sigma, sigma))
