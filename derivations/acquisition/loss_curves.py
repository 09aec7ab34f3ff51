r"""The loss of a language falls like a power of the time of training, which its verbs alone decide.

Copying is known already, with a strength m, and verb k of endlessly many has the frequency p k^{−(1+α)}. Each is
learned after a time of its own (`clocks`), and never completely: in the end d(1/ℓ)/dt → 2p for what a verb of
frequency p still costs, so that ℓ ≈ 1/(2pt), whatever the copying and the vocabulary. All verbs beyond the rank

    n(t) ∝ t^{1/(1+α)}

are at lower odds than y, for each y, and make p n^{−α}/α of the text. So at each level of the odds, and hence
altogether, what is left to learn falls like

    L(t) − L(∞) ∝ t^{−α/(1+α)}.

Source: derived here for softmax attention; the exponent is that of Michaud, Liu, Girit & Tegmark (arXiv 2303.13506) in
time, and for bigrams that of Kunstner & Bach (arXiv 2505.19227)
"""

from sympy import S, log, oo

from derivations.acquisition.clocks import alpha, m, n, p, t, verb_speed, verbs_known, x
from workbench import by, claim, given, large, recall, so
from workbench.calculus.rules import expand_large, gradient, over, substitute

odds = large("odds")
beyond = p * n ** (-alpha) / alpha


@claim(
    "rate",
    "lim d(1/ℓ)/dt",
    rivals={
        "one score moves": p,
        "both heads read alike": p / 2,
        "frequency forgotten": S(2) + 0 * p,
        "squared": 2 * p**2,
    },
)
def last_lessons():
    """Growth rate of the inverse loss of a verb when nearly all attention is on the right noun."""
    yield recall(verb_speed)
    yield by(substitute, "in the odds y = e^x", letters={x: log(odds)})
    yield by(over, "of (1 + y)/m, one over the cost", what=m / odds)
    yield by(expand_large, "late", large={odds: oo}, order=0)


@claim(
    "rate",
    "−d ln(L − L(∞))/d ln t",
    rivals={
        "number of verbs": 1 / (1 + alpha),
        "Zipf's exponent less one": alpha,
        "a verb at a time": S.One + 0 * alpha,
        "root of it": alpha / (2 * (1 + alpha)),
        "one head for all": 2 * alpha / (1 + 2 * alpha),
    },
    hypotheses=(2 * alpha > 1, alpha < 2),
)
def loss_exponent():
    """Exponent with which the loss above its limit falls with time, at any strength of copying."""
    left = beyond.subs(n, verbs_known.formula)
    yield given("of the text, all verbs beyond a rank", beyond)
    yield by(substitute, "the rank that passes some odds at time t", letters={n: verbs_known.formula})
    yield by(gradient, wrt=t)
    yield by(over, "relative to itself and to time", what=-left / t)
    yield so("whatever the odds", alpha / (1 + alpha))
