r"""Prompt length below which a layer of linear attention is worse than predicting zero, for any weights.

The setting of `one_layer`, with any merged weights U instead of the trained ones: on prompts of
length M the risk is R_M(U) = R_∞(U) + (1/M)·(what the prompt's own randomness adds), so a layer
that helps on endless prompts (2 tr(UᵀΛCΛ) > tr(UᵀΛCΛUΛ)) harms below a critical length M_c(U).

Source: derived here; the trained white case is the claim one_layer.critical_length
"""

from derivations.in_context.one_layer import C, Lambda, M, N, U, d, risk, sigma
from workbench import by, claim, recall, tr
from workbench.calculus.rules import crossing, minus, substitute

signal = 2 * tr(U.T * Lambda * C * Lambda) - tr(U.T * Lambda * C * Lambda * U * Lambda)
clutter = tr(U.T * (Lambda * C * Lambda + (tr(Lambda * C) + sigma**2) * Lambda) * U * Lambda)


@claim(
    "critical scale",
    "M_c(U)",
    rivals={
        "noise forgotten": clutter.xreplace({sigma: 0 * d}) / signal,
        "tokens treated as independent of themselves": (tr(Lambda * C) + sigma**2)
        * tr(U.T * Lambda * U * Lambda)
        / signal,
        "sign of the correction": (clutter - 2 * tr(U.T * Lambda * C * Lambda * U * Lambda)) / signal,
        "trace term forgotten": tr(U.T * Lambda * C * Lambda * U * Lambda) / signal,
        "gain counted once": clutter / (signal - tr(U.T * Lambda * C * Lambda)),
    },
    hypotheses=(signal > 0,),
    regime=(6 * signal > clutter, clutter > 2 * signal),
)
def critical_length():
    """Prompt length below which the layer with weights U is worse than predicting zero (a crossover)."""
    yield recall(risk)
    yield by(substitute, "tested at length M", letters={N: M})
    yield by(minus, "gain over predicting zero", what=tr(C * Lambda))
    yield by(crossing, parameter=M)
