r"""How many rules one head can hold.

A head answers for skill k by its gain e_kᵀWe_k, where e_k ∈ R^D embeds the skill. Gains are linear in the symmetric
part of W, which has D(D + 1)/2 coordinates: the matrices e_k e_kᵀ of generic skills span so many directions, so that
a head gives any rules to K ≤ D(D + 1)/2 of them, and not to more. Where only their signs matter it is twice as much:
of all choices of signs on K = D(D + 1) skills one head can hold half.

Source: derived here; signs: Cover 1965 (IEEE Trans. Electron. Comput. 14), `acquisition.directions`
"""

from sympy import S

from derivations.acquisition.directions import K, least_directions
from workbench import E, by, claim, gaussian, given, recall, size, so, tr
from workbench.calculus.rules import crossing, expectation, minus

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


@claim(
    "critical scale",
    "K_±",
    rivals={
        "as many as rules of any size": held,
        "two for each coordinate": 2 * D,
        "two for each weight": 2 * D**2,
        "antisymmetric": D * (D - 1),
    },
    hypotheses=(D > 1,),
    regime=(D < 4,),
)
def signs_held():
    """Number of skills of which a head can hold half of all choices of signs (a level): twice its directions."""
    yield recall(least_directions, "of directions among the symmetric matrices")
    yield by(minus, "half a direction beyond all there are", what=held + S.Half)
    yield by(crossing, parameter=K)
    yield so("which is", D * (D + 1))
