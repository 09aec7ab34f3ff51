r"""Escape time of a rank-one head from its plateau: proportional to λ⁻² and to 1/v₀.

A head of `rank_one_heads` on a mode with eigenvalue α moves as v̇ = α²v² − α³γ_α v⁵, whatever others have learned.
From a fraction x₀ of its final strength to a larger one, x, it needs

    t = (αγ_α)^⅓/α² · [F(x) − F(x₀) − 1/x + 1/x₀],    F(x) = ∫ x dx/(1 − x³),

and so from v₀ → 0 it waits for 1/(α²v₀): neither prompt length nor noise delays it, and heads that start alike learn
the modes one by one, λ₁ > λ₂ > … . Merged keys and queries wait for log 1/v₀ (`merged_head`).

Source: Zhang, Singh, Latham & Saxe, Training dynamics of in-context learning in linear attention (ICML
2025), Eq. 21; passage time and wait are derived here
"""

from sympy import Rational, S, atan, log, oo, sqrt

from derivations.in_context.one_layer import Lambda, N, alpha, sigma
from derivations.in_context.rank_one_heads import gamma, growth, reached, v
from workbench import by, claim, large, positive, probability, recall, so, tr
from workbench.calculus.rules import crossing, expand_large, flow, over, passage_time, substitute

p, rest, time = positive("p"), positive("rest"), positive("time")
strength = positive("strength")  # to which heads on other modes have learned theirs: it makes no difference
start, end = probability("start"), probability("end")  # fractions of the final strength
n = large("n")


def clock(x):
    """F(x) − 1/x."""
    turn = atan((2 * x + 1) / sqrt(3)) / sqrt(3)
    return -1 / x - log(1 - x) / 3 + log(1 + x + x**2) / 6 - turn


def time_between(factor):
    """The passage time, with this number for γ."""
    return (alpha * factor) ** Rational(1, 3) / alpha**2 * (clock(end) - clock(start))


@claim(
    "flow",
    "t(x)",
    rivals={
        "finite prompt forgotten": time_between(1),
        "trace term forgotten": time_between(1 + 1 / N),
        "white inputs": time_between(1 + (1 + tr(Lambda) + sigma**2) / N),
        "noise forgotten": time_between(gamma.xreplace({sigma: S.Zero})),
        "no ceiling": (alpha * gamma) ** Rational(1, 3) / alpha**2 * (1 / start - 1 / end),
        "rate one": time_between(gamma) / 2,
        "one over the eigenvalue": time_between(gamma) * alpha,
        "logarithmic wait": log(end / start) / alpha**2,
    },
    hypotheses=(start < end,),
)
def learning_time():
    """Time in which a head grows on its mode from one fraction of its final strength to a larger one."""
    yield recall(growth)
    yield by(substitute, "in units of the final strength", letters={v: end * reached})
    yield by(over, what=reached)
    yield so("a speed without letters, but for the scale", alpha**2 * reached * (end**2 - end**5))
    yield by(passage_time, unknown=end, initial=start)
    yield so("simplified", time_between(gamma))


@claim(
    "rate",
    "lim v₀ t",
    rivals={
        "one over the eigenvalue": 1 / alpha,
        "slower by the finite prompt": gamma / alpha**2,
        "rate one": 1 / (2 * alpha**2),
        "that of the third power": 1 / alpha**3,
        "logarithmic wait": S.Zero * alpha,
    },
)
def escape_time():
    """Escape time from the start v₀ = 1/n, in units of n."""
    yield recall(growth)
    yield by(substitute, "p = n v", letters={v: p / n})
    yield by(over, "in units n of time", what=1 / n**2)
    yield by(expand_large, "from ever smaller starts", large={n: oo}, order=0)
    yield by(over, "so 1/p, which is 1 at the start, changes at the rate −ṗ/p²", what=-(p**2))
    yield by(flow, "1/p reaches zero", unknown=rest, time=time, initial=S.One)
    yield by(crossing, parameter=time)
