r"""How many rules one head can hold.

A head answers for skill k by its gain e_kᵀWe_k, where e_k ∈ R^D embeds the skill. Gains are linear in the symmetric
part of W, which has D(D + 1)/2 coordinates: the matrices e_k e_kᵀ of generic skills span so many directions, so that
a head gives any rules to K ≤ D(D + 1)/2 of them, and not to more.

Source: derived here
"""

from workbench import E, by, claim, gaussian, given, size, so, tr
from workbench.calculus.rules import expectation

D = size("D")
A = gaussian("A", D, D)
held = D * (D + 1) / 2


@claim(
    "expectation",
    "dim span {e eᵀ}",
    rivals={"all weights": D**2, "dimension": D, "antisymmetric": D * (D - 1) / 2},
)
def rules_held():
    """Number of rules that one head can hold: the dimension of the space of symmetric matrices."""
    yield given("squared length of the symmetric part of a standard Gaussian", E(tr((A + A.T) * (A + A.T))) / 4)
    yield by(expectation)
    yield so("as a product", held)
