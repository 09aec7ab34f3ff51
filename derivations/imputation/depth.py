r"""Deep linear attention imputes like Bayes: every layer is one step of an iteration towards it.

x ~ N(0, Σ) is seen through y = F x, of d ≤ m entries (rows of the identity, for a mask). A layer of linear
attention over a long context reads Σ, and with residual connections it moves a state a and reads out an answer,

    a ← a + η (y − FΣFᵀ a),        x̂ = ΣFᵀ a,

starting from a = 0. The step stops where x̂ is the conditional expectation; after L layers (Neumann)

    x̂_L = ΣFᵀ (I − (I − ηS)^L) S⁻¹ y,    E|x̂_L − E[x|y]|² = tr ΣFᵀ S⁻¹ (I − ηS)^{2L} FΣ,    S = FΣFᵀ.

An error along an eigenvector of S shrinks by 1 − ηλ per layer. Eigenvalues of Σ_oo lie between those of Σ
(Cauchy), so one step size serves all masks that hide entry i exactly when η < 2/λ_max(Σ_{−i,−i}), and all masks that
hide anything below the smallest of these steps: 2/(1 + (d − 2)ρ) where all entries are alike. A complete vector, for
which the bound is 2/λ_max(Σ), leaves nothing to fill in.

With a single layer that knows the mask, the answer for missing entries is η Σ_mo x_o, and the best η is a
ratio of two sums over pairs and triples of different entries.

Source: Le Morvan, Josse, Moreau, Scornet & Varoquaux, NeuMiss networks (NeurIPS 2020), eq. 6–7 and Prop. 3.1;
the exact excess and the best step are derived here
"""

from sympy import HadamardProduct, Identity, MatPow, OneMatrix, S, ZeroMatrix
from sympy.matrices.expressions.diagonal import DiagMatrix

from derivations.imputation import bayes
from derivations.imputation.bayes import F, Sigma, d, m, x
from workbench import (
    E,
    by,
    claim,
    count,
    eigenvalue,
    gaussian,
    given,
    mask,
    matrix,
    positive,
    probability,
    recall,
    so,
    spd,
    top_eigenvalue,
    tr,
    vector,
)  # fmt: skip
from workbench.calculus.rules import (
    along_eigenvectors,
    crossing,
    expectation,
    gradient,
    iterated,
    minus,
    stationary_point,
    substitute,
)

L, eta, p, rho = count("L"), positive("eta"), probability("p"), probability("rho")
y, a = vector("y", d), vector("a", d)
I, seen = Identity(d), F * Sigma * F.T
left_after = MatPow(I - eta * seen, L)

C, A, H, Y = spd("C", d), matrix("A", d, d), matrix("H", d, d), matrix("Y", d, d)
lamda, mu, top = eigenvalue("lamda", C), eigenvalue("mu", C), top_eigenvalue("top", C)

z, o = gaussian("z", d, cov=C), DiagMatrix(mask("o", d, 1 - p))
D = HadamardProduct(I, C)
pairs = tr(C * C) - tr(D * D)  # Σ C_ij² over i ≠ j
weighted = tr(D * C * C) - tr(D * D * D)  # Σ C_ij² C_jj over i ≠ j
triples = tr(C * C * C) - 3 * tr(D * C * C) + 2 * tr(D * D * D)  # Σ C_ij C_jk C_ki over different i, j, k


@claim(
    "fixed point",
    "a*",
    rivals={"one layer": eta * y, "covariance not inverted": seen * y, "the read-out's inverse": (F * F.T).inv() * y},
    hypotheses=(d <= m,),
)
def fixed_point():
    """Limit of the layers: read out by ΣFᵀ, this is the conditional expectation."""
    yield given("what a layer adds", eta * (y - seen * a))
    yield by(stationary_point, wrt=a)


@claim(
    "flow",
    "a_L",
    rivals={
        "one layer more": (I - left_after * (I - eta * seen)) * seen.inv() * y,
        "what is left to do": left_after * seen.inv() * y,
        "one large step": L * eta * y,
        "converged": seen.inv() * y,
    },
    hypotheses=(d <= m,),
)
def state():
    """State after L layers; the read-out ΣFᵀ turns it into the answer."""
    yield given("one layer", a + eta * (y - seen * a))
    yield by(iterated, unknown=a, times=L, initial=ZeroMatrix(d, 1))
    yield so("a geometric series", (I - left_after) * seen.inv() * y)


@claim(
    "expectation",
    "E|x̂_L − E[x|y]|²",
    rivals={
        "error not squared": tr(Sigma * F.T * seen.inv() * left_after * F * Sigma),
        "one layer fewer": tr(Sigma * F.T * seen.inv() * left_after * MatPow(I - eta * seen, L - 1) * F * Sigma),
        "read-out forgotten": tr(seen.inv() * left_after * left_after),
    },
    hypotheses=(d <= m,),
)
def excess():
    """Excess risk of L layers over Bayes, on average over data."""
    error = Sigma * F.T * state.formula.xreplace({y: F * x}) - bayes.imputer.formula * F * x
    yield given("squared distance from the conditional expectation", E(tr(error * error.T)))
    yield by(expectation)
    yield so("as one trace", tr(Sigma * F.T * seen.inv() * left_after * left_after * F * Sigma))


@claim(
    "spectrum",
    "spec of a layer",
    rivals={
        "growth": 1 + eta * lamda,
        "two layers": (1 - eta * lamda) ** 2,
        "step forgotten": 1 - lamda,
        "one over the condition number": lamda / top,
    },
)
def contraction():
    """Factor by which one layer stretches an error of its state along eigenvectors of Σ, without holes."""
    yield given("one layer, on several states at once", A + eta * (Y - C * A))
    yield by(substitute, "an error in the state", letters={A: A + H})
    yield by(minus, "what it becomes", what=A + eta * (Y - C * A))
    yield by(along_eigenvectors, direction=H, eigenvalues={C: (lamda, mu)})


@claim(
    "critical scale",
    "η_c",
    rivals={
        "gradient descent's safe step": 1 / top,
        "mean eigenvalue": 2 * d / tr(C),
        "the largest variance": 4 / tr(C),
        "twice too long": 4 / top,
    },
)
def critical_step():
    """Step above which depth diverges under some mask with one more hidden entry, C the others (a transition)."""
    yield recall(contraction)
    yield by(substitute, "the steepest direction", letters={lamda: top})
    yield by(minus, "flipped without shrinking", what=-S.One)
    yield by(crossing, parameter=eta)


@claim(
    "critical scale",
    "η_c of entries alike",
    rivals={
        "complete vectors": 2 / (1 + (d - 1) * rho),
        "two entries hidden": 2 / (1 + (d - 3) * rho),
        "gradient descent's safe step": 1 / (1 + (d - 2) * rho),
        "mean eigenvalue": 2 + 0 * rho * d,
    },
    hypotheses=(d > 1,),
)
def critical_step_alike():
    """Step above which depth diverges under some mask with a hole, if all d entries are alike (a transition)."""
    together = OneMatrix(d - 1, 1)
    companions = (1 - rho) * Identity(d - 1) + rho * together * together.T
    yield given(
        "what one layer leaves of an error shared by all entries that are seen",
        tr(together.T * (Identity(d - 1) - eta * companions) * together) / (d - 1),
    )
    yield so("in ρ", 1 - eta * (1 + (d - 2) * rho))
    yield by(minus, "flipped without shrinking", what=-S.One)
    yield by(crossing, parameter=eta)


@claim(
    "fixed point",
    "η*",
    rivals={
        "ridge of the whole matrix": pairs / ((1 - p) * tr(C * C * C) + p * tr(D * C * C)),
        "masks forgotten": pairs / (triples + weighted),
        "one over the observation rate": pairs / ((1 - p) * (triples + weighted)),
        "infinitely many layers' best": 2 / tr(C),
    },
    hypotheses=(pairs > 0,),
)
def best_step():
    """Best step of a single layer that knows the mask, trained on the missing entries."""
    error = (I - o) * (z - eta * C * o * z)
    yield given("squared error, where an entry is missing", E(tr(error * error.T)))
    yield by(expectation)
    yield by(gradient, wrt=eta)
    yield by(crossing, parameter=eta)
    yield so("pairs over triples", pairs / ((1 - p) * triples + weighted))
