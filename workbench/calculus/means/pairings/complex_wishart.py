"""Complex Wishart matrices W = Z Z.H: means of polynomials in Z and `Z.H`, and of words in W⁻¹.

Polynomials go through the engine of Gaussian moments, in which a complex letter contracts with its conjugate alone.
E of k entries of W⁻¹ is (−1)^k Σ over permutations σ of Wg(σ) ∏ Σ⁻¹_{i, σ(j)}, Wg being the unitary Weingarten function
at z = −(N − d). It exists exactly when N − d + 1 > k (for tr W^-k), since the smallest eigenvalue λ of W has a density
that vanishes like λ^(N−d).

Source: Graczyk, Letac and Massam, Annals of Statistics 31 (2003) 287.
"""

from __future__ import annotations

from typing import Any

from sympy import Gt, Inverse, MatPow, S, expand

from workbench.calculus.errors import DegreeTooHigh, NoSuchMoment, NotPolynomial, UnknownLaw
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.calculus.means.pairings.inverse_wishart import is_inverse, paired, renamed_inverse, untouched
from workbench.calculus.means.rewirings import assembled, products
from workbench.language.complex_gaussians import ComplexGaussian, is_standard
from workbench.language.letters import Matrix

MAX_ORDER = 6


def expect_complex(expression: Any, *letters: ComplexGaussian, degree: int = DEGREE) -> Any:
    """The mean over complex Gaussian letters of a polynomial in them, their adjoints and inverses of Z Z.H.

    Raises NotPolynomial, UnknownLaw, DegreeTooHigh (beyond order 6 in inverses) and NoSuchMoment where it is infinite.
    """
    inverted = [z for z in letters if any(is_inverse(node, z) for node in expression.atoms(Inverse, MatPow))]
    if others := [z for z in letters if z not in inverted]:
        expression = expect_gaussian(expression, *others, degree=degree)
    return averaged(expression, tuple(inverted), (ComplexGaussian,), _over_inverses) if inverted else expression


def _over_inverses(expression: Any, Z: ComplexGaussian) -> Any:
    """The mean of a polynomial in (Z Z.H)⁻¹."""
    if not is_standard(Z):
        raise UnknownLaw(f"{Z} must have independent columns for the inverse moments of {Z}*{Z}.H")
    if Z.rows == Z.cols:
        raise NoSuchMoment(f"{Z} is square, and no moment of the inverse of {Z}*{Z}.H exists; take more columns")
    V, spare = Matrix(f"({Z.name}*{Z.name}.H)**(-1)", Z.rows, Z.rows), expand(Z.cols - Z.rows)
    plain = expression.replace(lambda node: is_inverse(node, Z), lambda node: renamed_inverse(node, Z * Z.H, V))
    if plain.has(Z):
        raise NotPolynomial(f"{Z} stands outside the inverse of {Z}*{Z}.H; only words in that inverse are averaged")
    total: dict[Any, Any] = {}
    for part in products(plain, V):
        order = part.degree(V)
        if order > MAX_ORDER:
            raise DegreeTooHigh(f"order {order} in ({Z}*{Z}.H)**-1 is above the limit {MAX_ORDER}; lower the degree")
        if Gt(spare + 1, order) == S.false:
            raise NoSuchMoment(
                f"the mean of order {order} in ({Z}*{Z}.H)**-1 does not exist for {Z.cols} columns of dimension "
                f"{Z.rows}; it needs N − d + 1 > order: take more columns"
            )
        found = paired(part, Z, V, order, spare, unitary=True) if order else {untouched(part): S.One}
        for key, coefficient in found.items():
            total[key] = total.get(key, S.Zero) + coefficient
    return assembled(total, tuple(expression.shape) if getattr(expression, "is_Matrix", False) else None)
