r"""Depth over a context with holes: the layers converge to the wrong imputer, and a diagonal mends it.

An endless context of examples x ~ N(0, Σ), whose entries are seen with chance q = 1 − p and read as zero otherwise,
has the second moment T = q²Σ + q(1 − q) diag Σ. Layers of linear attention (`depth`) that read it stop, for a query of
which F x is seen, at B_T F x with B_T = TFᵀ(FTFᵀ)⁻¹, and not at the conditional expectation B F x, B = ΣFᵀ(FΣFᵀ)⁻¹:
however deep, they leave

    tr (B_T − B) FΣFᵀ (B_T − B)ᵀ

more than Bayes. Where two of three entries of unit variance and correlation ρ are seen this is
2p²ρ²/((1 + ρ)(1 + qρ)²), and one layer that was trained at that missing rate leaves ρ² times as much: less. The context
tells its own cure, for x̃x̃ᵀ/q² + (1/q − 1/q²) diag x̃x̃ᵀ has the mean Σ.

Source: derived here; the cure is that of Lounici, Bernoulli 20 (2014) 1029
"""

from sympy import HadamardProduct, Identity, ImmutableMatrix, S
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.imputation.bayes import F, Sigma, d, imputer, m
from derivations.imputation.rate_shifts import trained_alike
from workbench import E, by, claim, gaussian, given, mask, probability, recall, second_moments, so, tr
from workbench.calculus.rules import expectation, over, substitute

p, rho = probability("p"), probability("rho")
q = 1 - p
x, example = gaussian("x", m, cov=Sigma), second_moments("example", m, cov=Sigma)
kept = DiagMatrix(mask("o", m, q)) * example

THREE = ImmutableMatrix([[1, rho, rho], [rho, 1, rho], [rho, rho, 1]])
TWO_OF_THREE = ImmutableMatrix([[0, 1, 0], [0, 0, 1]])
ALIKE = {Sigma: THREE, F: TWO_OF_THREE, d: S(2), m: S(3)}


def diag(A):
    """The diagonal part of a matrix."""
    return HadamardProduct(Identity(m), A)


def read(moment):
    """What layers converge to that read this second moment from the context."""
    return moment * F.T * (F * moment * F.T).inv()


def apart(B):
    """The excess over Bayes of answering B F x."""
    wrong = B - imputer.formula
    return tr(wrong * F * Sigma * F.T * wrong.T)


@claim(
    "expectation",
    "T",
    rivals={
        "holes only scale": q**2 * Sigma,
        "seen once": q * Sigma,
        "diagonal counted on top": q**2 * Sigma + q * diag(Sigma),
        "seen and missing exchanged": p**2 * Sigma + q * p * diag(Sigma),
    },
)
def context():
    """Second moment of an infinitely long context with holes, for data of any law."""
    yield given("the second moment of what is read", E(E(kept * kept.T, example), mask("o", m, q)))
    yield by(expectation)
    yield so("off the diagonal both must be seen", q**2 * Sigma + q * p * diag(Sigma))


@claim(
    "expectation",
    "E|x̂_∞ − E[x|y]|²",
    rivals={
        "depth is Bayes": 0 * apart(read(context.formula)),
        "read as q²Σ + qp": apart(read(q**2 * Sigma + q * p * Identity(m))),
        "ridge of dropout, weights not shrunken": apart(read(context.formula) / q),
        "measured in what is read": tr(
            (read(context.formula) - imputer.formula)
            * F
            * context.formula
            * F.T
            * (read(context.formula) - imputer.formula).T
        ),
    },
    hypotheses=(d <= m,),
)
def excess():
    """Excess risk over Bayes of infinitely many layers on a context with holes."""
    wrong = (read(context.formula) - imputer.formula) * F * x
    yield given("squared distance from the conditional expectation", E(tr(wrong * wrong.T)))
    yield by(expectation)
    yield so("as one trace", apart(read(context.formula)))


@claim(
    "expectation",
    "the same where two of three alike are seen",
    rivals={
        "one trained layer": 2 * p**2 * rho**4 / ((1 + rho) * (1 + q * rho) ** 2),
        "first order in the missing rate": 2 * p**2 * rho**2 / (1 + rho) ** 3,
        "one entry seen": p**2 * rho**2 / ((1 + rho) * (1 + q * rho) ** 2),
        "bias not squared": 2 * p * rho**2 / ((1 + rho) * (1 + q * rho)),
    },
)
def excess_of_three():
    """Excess risk of infinitely many layers on a context with holes, for three entries in closed form."""
    yield recall(excess)
    yield by(substitute, "two of three alike are seen", letters=ALIKE)
    yield so("in p and ρ", 2 * p**2 * rho**2 / ((1 + rho) * (1 + q * rho) ** 2))


@claim(
    "expectation",
    "one trained layer, as a share of that",
    rivals={
        "depth is better": 1 / rho**2 + 0 * p,
        "linear in the correlation": rho + 0 * p,
        "depends on the missing rate": rho**2 * (1 - p * rho) ** 2,
        "as good": 1 + 0 * p * rho,
    },
)
def against_one_layer():
    """Excess of one trained layer, as a share of that of infinitely many on a context with holes: below one."""
    weight = trained_alike.formula.xreplace({d: S(3)}).as_explicit()[0, 1]
    one = ImmutableMatrix([[weight, weight], [1, 0], [0, 1]])  # what is seen is kept
    yield given("the excess of one trained layer where two of three are seen", apart(one).xreplace(ALIKE))
    yield so("its weights are too large", 2 * p**2 * rho**4 / ((1 + rho) * (1 + q * rho) ** 2))
    yield by(over, "as a share of what depth leaves", what=excess_of_three.formula)
    yield so("the square of the correlation", rho**2)


@claim(
    "expectation",
    "Σ̂",
    rivals={
        "divided by q²": Sigma + (1 / q - 1) * diag(Sigma),
        "divided by q": q * Sigma + p * diag(Sigma),
        "diagonal taken off": Sigma - p * diag(Sigma),
        "not mended": q**2 * Sigma + q * p * diag(Sigma),
    },
)
def mended():
    """Second moment of a context with holes after its diagonal is corrected: the covariance itself."""
    told = E(E(kept * kept.T, example), mask("o", m, q))
    yield given("two weights", told / q**2 + (1 / q - 1 / q**2) * diag(told))
    yield by(expectation)
    yield so("no bias is left", Sigma)
