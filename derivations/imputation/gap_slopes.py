r"""How the gap between one layer and Bayes opens as entries begin to go missing.

At a small missing rate p the layer of `one_layer` and Bayes both leave the conditional variances 1/Ω_ii of single
missing entries, Ω = Σ⁻¹. The layer then loses, summed over the entries and to first order in p,

    Σ_i Σ_{j≠i} (Ω_ij/Ω_ii)² Σ_jj,

what the weights of complete data owe to entries that are not seen. Bayes loses less, for it regresses anew on what is
left. For d entries of unit variance and correlation ρ, per missing entry,

    layer  (d − 1)ρ²/(1 + (d − 2)ρ)²,      Bayes  (d − 1)ρ²(1 − ρ)/((1 + (d − 2)ρ)(1 + (d − 3)ρ)),
    gap    (d − 1)(d − 2)ρ⁴/((1 + (d − 2)ρ)²(1 + (d − 3)ρ)).

Between two entries there is no gap, for one regression serves all masks.

Source: derived here; one masked entry at a time is pseudo-likelihood (Besag, J. R. Stat. Soc. B 36 (1974) 192)
"""

from sympy import Identity, OneMatrix, S

from derivations.imputation.one_layer import Omega, Sigma, W, d, diag, hollow, p, pseudo_likelihood, risk
from derivations.imputation.rate_shifts import r, rho, shifted_gain
from workbench import by, claim, given, recall, so, tr
from workbench.calculus.rules import gradient, minus, over, substitute

weights = diag(Omega).inv() * Omega


def spread(A, variances):
    """What hollow weights A owe to entries with these variances that are not seen."""
    return tr(hollow(A) * variances * hollow(A).T)


@claim(
    "expectation",
    "ΣR_i′(0)",
    rivals={
        "covariances too": spread(weights, Sigma),
        "unit variances": spread(weights, Identity(d)),
        "what an entry explains of the others": spread(weights.T, diag(Sigma)),
        "Bayes, each entry left out anew": spread(weights, diag(Omega).inv()),
    },
)
def layer_slope():
    """Derivative of the trained layer's risk in the missing rate, at zero: its weights are those of complete data."""
    yield recall(risk)
    yield by(over, "per missing entry, summed over the entries", what=p)
    yield by(gradient, "at fixed weights: where they are trained the risk is level in them", wrt=p)
    yield by(substitute, "rare holes", letters={p: S.Zero})
    yield by(substitute, "weights of complete data", letters={W: pseudo_likelihood.formula})
    yield so("only variances enter", spread(weights, diag(Sigma)))


def explained(k):
    """What k others explain of an entry that is alike: ρ² 1ᵀΣ⁻¹1."""
    one = OneMatrix(k, 1)
    return rho**2 * tr(one.T * ((1 - rho) * Identity(k) + rho * one * one.T).inv() * one)


SEVERAL = (d > 2,)
by_layer = (d - 1) * rho**2 / (1 + (d - 2) * rho) ** 2
by_bayes = (d - 1) * rho**2 * (1 - rho) / ((1 + (d - 2) * rho) * (1 + (d - 3) * rho))


@claim(
    "expectation",
    "Bayes risk, its slope at p = 0",
    rivals={
        "one layer": by_layer,
        "one entry alone": (d - 1) * rho**2,
        "for one other entry": by_bayes / (d - 1),
        "as if one entry more were known": by_bayes.xreplace({d: d + 1}),
    },
    hypotheses=SEVERAL,
)
def bayes_slope():
    """Derivative of the Bayes risk of a missing entry in the missing rate of the others, at zero."""
    yield given("one of the d − 1 others is missing as well", (d - 1) * (explained(d - 1) - explained(d - 2)))
    yield so("in ρ", by_bayes)


@claim(
    "expectation",
    "g′(0)",
    rivals={
        "one layer is Bayes": 0 * rho * d,
        "second order in the correlation": (d - 1)
        * (d - 2)
        * rho**2
        / ((1 + (d - 2) * rho) ** 2 * (1 + (d - 3) * rho)),
        "pairs counted once": (d - 1) * (d - 2) * rho**4 / (2 * (1 + (d - 2) * rho) ** 2 * (1 + (d - 3) * rho)),
        "at the other end of the missing rate": (d - 1) * (d - 2) * rho**4 / (1 + rho),
    },
    hypotheses=SEVERAL,
)
def gap_slope():
    """Derivative of the gap between one layer and Bayes in the missing rate, at zero."""
    yield recall(shifted_gain)
    yield by(substitute, "used where it is trained", letters={r: p})
    yield by(gradient, wrt=p)
    yield by(substitute, "rare holes", letters={p: S.Zero})
    yield so("one layer", by_layer)
    yield by(minus, "less Bayes", what=bayes_slope.formula)
    yield so("factored", (d - 1) * (d - 2) * rho**4 / ((1 + (d - 2) * rho) ** 2 * (1 + (d - 3) * rho)))
