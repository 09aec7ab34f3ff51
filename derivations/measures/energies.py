r"""The energy of prompts varies, more so the fewer directions their tokens have.

A prompt X of N tokens from N(0, Σ) has the energy tr XXᵀ = Σ |x_k|², of mean N tr Σ. With t_k = tr Σ^k,

    E (tr XXᵀ)⁴ = N⁴t₁⁴ + 12 N³ t₁²t₂ + 12 N² t₂² + 32 N² t₁t₃ + 48 N t₄,

and from prompt to prompt the energy varies by 2t₂/(N t₁²) of its squared mean: as if tokens had t₁²/t₂ white
directions.

Source: derived here; Letac & Massam (2004) for all invariant moments of Wishart matrices
"""

from workbench import E, by, claim, count, gaussian, given, size, so, spd, tr
from workbench.calculus.rules import expectation, minus

d, N = size("d"), count("N")
Sigma = spd("Sigma", d)
X = gaussian("X", d, N, cov=Sigma)
energy = tr(X * X.T)
t1, t2, t3, t4 = (tr(Sigma**k) for k in (1, 2, 3, 4))


def fourth(factor):
    """The fourth moment, over this factor."""
    return (N**4 * t1**4 + 12 * N**3 * t1**2 * t2 + 12 * N**2 * t2**2 + 32 * N**2 * t1 * t3 + 48 * N * t4) / factor


@claim(
    "expectation",
    "E (tr XXᵀ)⁴",
    rivals={
        "as printed in the vignette of wishmom 1.1.0, wishmom_sym(4)": fourth(N),
        "squares of the second moment": (N**2 * t1**2 + 2 * N * t2) ** 2,
        "tokens that do not meet": fourth(1) - 32 * N**2 * t1 * t3 + 32 * N * t1 * t3,
        "mean alone": N**4 * t1**4,
    },
)
def fourth_moment():
    """Mean fourth power of the energy of a prompt."""
    yield given("the definition", E(energy**4))
    yield by(expectation)
    yield so("collected", fourth(1))


@claim(
    "expectation",
    "Var tr XXᵀ/(E tr XXᵀ)²",
    rivals={
        "by the number of tokens alone": 2 / N + 0 * t1,
        "by the dimension": 2 / (N * d),
        "trace of the square for its inverse share": 2 * t1**2 / (N * t2),
        "complex tokens": t2 / (N * t1**2),
    },
)
def spread():
    """Relative variance of the energy of prompts: as if tokens had (tr Σ)²/tr Σ² white directions."""
    yield given("second moment over the squared mean", E(energy**2) / E(energy) ** 2)
    yield by(expectation)
    yield by(minus, what=1)
    yield so("two over tokens times directions", 2 * t2 / (N * t1**2))
