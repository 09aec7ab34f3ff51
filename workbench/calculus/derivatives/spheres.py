"""Derivatives on the unit sphere, for a letter declared as a unit vector.

With P = I − wwᵀ: grad f = P∇f and Hess f[h] = P ∇²f[Ph] − ⟨∇f, w⟩ Ph (Absil, Mahony & Sepulchre,
*Optimization Algorithms on Matrix Manifolds*, 2008). Neither depends on how f is extended off the
sphere, so wᵀw = 1 may be used before differentiating. Outside the tangent space h enters by Ph only.
"""

from __future__ import annotations

from typing import Any

from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.derivatives.gradients import gradient, hessian_action
from workbench.calculus.errors import NotDifferentiable
from workbench.language.letters import UnitVector, dot


def riemannian_gradient(expression: Any, wrt: UnitVector) -> Any:
    """The gradient of a number on the sphere of a unit vector: the tangent part of the free gradient."""
    _check_unit(wrt)
    return expression_of(_tangent(polynomial(gradient(expression, wrt)), wrt))


def riemannian_hessian_action(expression: Any, wrt: UnitVector, direction: Any) -> Any:
    """The Hessian of a number on the sphere, applied to the tangent part of a direction."""
    _check_unit(wrt)
    along = expression_of(_tangent(polynomial(direction), wrt))
    turned = _tangent(polynomial(hessian_action(expression, wrt, along)), wrt)
    normal = polynomial(dot(gradient(expression, wrt), wrt))
    return expression_of(turned - normal * polynomial(along))


def _tangent(slope: TracePolynomial, wrt: UnitVector) -> TracePolynomial:
    """The part of a column that is orthogonal to the unit vector."""
    return slope - polynomial(wrt * wrt.T) * slope


def _check_unit(wrt: Any) -> None:
    if not isinstance(wrt, UnitVector):
        raise NotDifferentiable(
            f"{wrt} is not declared of length one; use unit_vector({str(wrt)!r}, …), or gradient for free letters"
        )


__all__ = ["riemannian_gradient", "riemannian_hessian_action"]
