r"""What a model with few heads never learns, and how a fixed budget of training divides between heads and time.

A sentence of skill k asks for S x, x ~ N(0, 1), and the head of the skill answers R_k x. Half the squared error, over
N skills with heads (frequencies p) and M skills without (frequencies f), is

    L = ½ Σ_k p_k (S − R_k)² + ½ S² Σ_k f_k :

a skill that no head can learn costs half of its squared strength. Gradient flow takes R_k to S(1 − e^{−p_k t}). With
Zipf's frequencies p_k ∝ k^−σ, σ = 1 + α, what endlessly many heads have left to learn falls like r^−α, where r is the
rank with 2 p_r t = 1: in units of ½ S² p_1 it tends to Γ(α/σ) r^{−α}/σ, and r ∝ t^{1/σ}.

At a fixed budget of heads times time, λ times as many heads have 1/λ of the time, and what time has left unlearned
*grows* by λ^{α/σ}, while what is left for want of heads falls like λ^−α: only so is there a best number of heads.

Source: derived here for one linear layer; Nam, Fonseca, Lee, Mingard & Louis (arXiv 2404.17563), eq. 236 and 251,
against their eq. 240 and the sentence after Corollary 5
"""

from sympy import OneMatrix, S, Sum, exp, gamma, oo
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench import E, by, claim, count, dot, gaussian, given, index, large, positive, recall, size, so, tr, vector
from workbench.calculus.rules import expectation, flow, gradient, over, over_ranks, substitute

N, M, k = size("N"), size("M"), count("k")
strength, alpha, t, r = positive("strength"), positive("alpha"), positive("t"), large("r")
share, gain, more = positive("share"), positive("gain"), positive("more")
p, R, f = vector("p", N), vector("R", N), vector("f", M)
known, unknown = index("known", N), index("unknown", M)
x = tr(gaussian("x", 1))
sigma = 1 + alpha
tail = tr(OneMatrix(1, M) * f)


def loss_with(unlearned):
    """The loss with this number for what skills without heads cost."""
    heads = strength**2 * tr(OneMatrix(1, N) * p) - 2 * strength * dot(p, R) + tr(R.T * DiagMatrix(p) * R)
    return heads / 2 + unlearned


@claim(
    "expectation",
    "L",
    rivals={
        "as printed in arXiv 2404.17563, eq. 240": loss_with(strength**2 * tail),
        "skills without heads forgotten": loss_with(0),
        "strength not squared": loss_with(strength * tail / 2),
    },
)
def loss():
    """Half the squared error of a model on a language, where some skills have no head."""
    learned = N * dot(p, known) * (strength * x - dot(R, known) * x) ** 2
    yield given(
        "skills by their frequency, with and without heads", E(learned + M * dot(f, unknown) * strength**2 * x**2) / 2
    )
    yield by(expectation)
    yield so("collected", loss_with(strength**2 * tail / 2))


@claim(
    "flow",
    "R(t)",
    rivals={
        "twice as fast": strength * (1 - exp(-2 * share * t)),
        "frequency forgotten": strength * (1 - exp(-t)) + 0 * share,
        "at a constant speed": strength * share * t,
    },
)
def learned():
    """Gain of a skill's head under gradient flow, from a start that knows nothing."""
    yield given("half the squared error of one skill", share * (strength - gain) ** 2 / 2)
    yield by(gradient, wrt=gain)
    yield by(over, "downhill", what=-S.One)
    yield by(flow, unknown=gain, time=t, initial=S.Zero)
    yield so("towards the strength", strength * (1 - exp(-share * t)))


@claim(
    "rate",
    "lim r^α L(r)",
    rivals={
        "skills up to rank r known, none beyond": 1 / alpha,
        "half of it": gamma(alpha / sigma) / (2 * sigma),
        "Γ of the other exponent": gamma(1 / sigma) / sigma,
        "Γ of the next one": gamma(1 + alpha / sigma) / sigma,
    },
)
def unlearned():
    """Limit of the loss with infinitely many heads, times the power α of the number of learned ranks."""
    met = r**sigma / k**sigma  # 2 p_k t
    yield given("frequency times what is left, e^{−2 p_k t}, times 2 t", Sum(met * exp(-met), (k, 1, oo)))
    yield by(over_ranks, large=r)
    yield by(over, "per 2 t, and times r^α", what=r)
    yield so("by the exponent α/(1 + α) of time", gamma(alpha / sigma) / sigma)


@claim(
    "rate",
    "L(T/λ)/L(T)",
    rivals={
        "as printed in arXiv 2404.17563, after Corollary 5": more ** (-alpha / sigma),
        "exponent of the heads": more**alpha,
        "exponent of the rank": more ** (1 / sigma),
        "in proportion": more + 0 * alpha,
    },
)
def time_share():
    """Factor by which the loss due to time grows where λ times as many heads share a fixed budget."""
    after = unlearned.formula * r ** (-alpha)
    yield recall(unlearned)
    yield by(over, "as a function of the rank", what=r**alpha)
    yield by(substitute, "after 1/λ of the time", letters={r: r * more ** (-1 / sigma)})
    yield by(over, "against all of it", what=after)
    yield so("which grows", more ** (alpha / sigma))
