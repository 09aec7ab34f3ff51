r"""Full matrices of keys or of values undo, in a layer that removes noise, what one strength of attention cannot.

The prompts of `linear_layers`: L clean tokens from N(0, Σ), a query z = x + n with noise of variance v, and Ŝ = XXᵀ/L.
A layer with merged keys and queries Θ returns ŜΘz, one with values V returns VŜz. With B = Σ + v I,
M = (1 + 1/L) Σ² + (tr Σ/L) Σ and N = (1 + 1/L) ΣBΣ + (tr(ΣB)/L) Σ, the second moments of Ŝ and of Ŝz,

    R(Θ) = tr Σ − 2 tr(Σ²Θ) + tr(MΘBΘᵀ),    Θ* = M⁻¹Σ²B⁻¹,
    R(V) = tr Σ − 2 tr(VΣ²) + tr(VNVᵀ),     V* = Σ²N⁻¹.

On endless prompts both are B⁻¹, and both layers are the best denoiser ΣB⁻¹; on finite prompts they differ, since keys
see the tokens' sampling noise through tr Σ and values see it through tr(ΣB).

Source: derived here; the layer is that of Smart, Bietti & Sengupta, In-context denoising with one-layer transformers
(arXiv 2502.05164)
"""

from derivations.denoising.linear_layers import I, L, M, Sigma, X, d, n, v, x
from workbench import E, by, claim, given, matrix, recall, so, tr
from workbench.calculus.rules import expectation, gradient, stationary_point, substitute

Theta, V = matrix("Theta", d, d), matrix("V", d, d)
B = Sigma + v * I
N = (1 + 1 / L) * Sigma * B * Sigma + tr(Sigma * B) / L * Sigma  # the second moment of what attention reads
endless = Sigma * B * Sigma
energy, z = tr(Sigma), x + n
plane = d < 3  # where a search through the layer is quick


def key_error(tokens, query):
    """The risk of keys, with these second moments."""
    return energy - 2 * tr(Sigma**2 * Theta) + tr(tokens * Theta * query * Theta.T)


def value_error(read):
    """The risk of values, with this second moment of what they are applied to."""
    return energy - 2 * tr(V * Sigma**2) + tr(V * read * V.T)


@claim(
    "expectation",
    "R(Θ)",
    rivals={
        "endless prompt": key_error(Sigma**2, B),
        "noise forgotten": key_error(M, Sigma),
        "tokens treated as independent of themselves": key_error(M - Sigma**2 / L, B),
        "transposed": energy - 2 * tr(Sigma**2 * Theta) + tr(M * Theta.T * B * Theta),
    },
)
def key_risk():
    """Risk of a layer that compares tokens and query through a matrix."""
    left = x - X * X.T * Theta * z / L
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola in the keys", key_error(M, B))


@claim(
    "gradient",
    "∇R(Θ)",
    rivals={
        "factor 2 forgotten": M * Theta * B - Sigma**2,
        "multiplied from the wrong side": 2 * (B * Theta * M - Sigma**2),
        "endless prompt": 2 * (Sigma**2 * Theta * B - Sigma**2),
        "noise forgotten": 2 * (M * Theta * Sigma - Sigma**2),
    },
)
def key_slope():
    """Gradient of the risk in the keys."""
    yield recall(key_risk)
    yield by(gradient, wrt=Theta)
    yield so("what is answered, less what is wanted", 2 * (M * Theta * B - Sigma**2))


@claim(
    "fixed point",
    "Θ*",
    rivals={
        "endless prompt": B.inv(),
        "noise forgotten": M.inv() * Sigma,
        "trace term forgotten": B.inv() * L / (L + 1),
        "tokens treated as independent of themselves": (M - Sigma**2 / L).inv() * Sigma**2 * B.inv(),
    },
    regime=(plane,),
)
def learned_keys():
    """Trained keys: they undo the query's noise, and shrink where the prompt is short."""
    yield recall(key_slope)
    yield by(stationary_point, wrt=Theta)
    yield so("the moments undone", M.inv() * Sigma**2 * B.inv())


@claim(
    "expectation",
    "R(Θ*)",
    rivals={
        "the best linear denoiser": energy - tr(Sigma * B.inv() * Sigma),
        "gain counted twice": energy - 2 * tr(Sigma**2 * M.inv() * Sigma**2 * B.inv()),
        "noise forgotten": energy - tr(Sigma**2 * M.inv() * Sigma),
    },
    regime=(plane,),
)
def key_least():
    """Risk after the keys are trained."""
    yield recall(key_risk)
    yield by(substitute, "at the trained keys", letters={Theta: learned_keys.formula})
    yield so("half of the linear term is regained", energy - tr(Sigma**2 * M.inv() * Sigma**2 * B.inv()))


@claim(
    "expectation",
    "R(V)",
    rivals={
        "endless prompt": value_error(endless),
        "noise forgotten": value_error(M * Sigma),
        "trace of the clean query": value_error((1 + 1 / L) * endless + energy / L * Sigma),
        "tokens treated as independent of themselves": value_error(N - endless / L),
    },
)
def value_risk():
    """Risk of a layer that applies a matrix to the tokens it reads."""
    left = x - V * X * X.T * z / L
    yield given("squared distance to the clean query", E(tr(left * left.T)))
    yield by(expectation)
    yield so("a parabola in the values", value_error(N))


@claim(
    "gradient",
    "∇R(V)",
    rivals={
        "factor 2 forgotten": V * N - Sigma**2,
        "multiplied from the wrong side": 2 * (N * V - Sigma**2),
        "endless prompt": 2 * (V * endless - Sigma**2),
        "noise forgotten": 2 * (V * M * Sigma - Sigma**2),
    },
)
def value_slope():
    """Gradient of the risk in the values."""
    yield recall(value_risk)
    yield by(gradient, wrt=V)
    yield so("what is answered, less what is wanted", 2 * (V * N - Sigma**2))


@claim(
    "fixed point",
    "V*",
    rivals={
        "endless prompt": B.inv(),
        "as for keys": M.inv() * Sigma**2 * B.inv(),
        "trace term forgotten": B.inv() * L / (L + 1),
        "noise forgotten": Sigma * M.inv(),
    },
    regime=(plane,),
)
def learned_values():
    """Trained values: they shrink by what the chance agreement of tokens with the noise adds."""
    yield recall(value_slope)
    yield by(stationary_point, wrt=V)
    yield so("the moment undone", Sigma**2 * N.inv())
