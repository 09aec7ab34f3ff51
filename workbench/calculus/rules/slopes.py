"""Rules that differentiate: each is re-checked by dual numbers along random directions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from workbench.calculus.rules.derivatives_compared import (
    curvature_along_sphere,
    directional_derivative,
    partial_derivatives,
    second_derivative,
    slope_along_sphere,
)
from workbench.calculus.rules.making import rule


@rule(directional_derivative)
def gradient(line: Any, *, wrt: Any) -> Any:
    """The gradient: cut each trace at the letter."""
    from workbench.calculus.derivatives.gradients import gradient as compute

    return compute(line, wrt)


@rule(partial_derivatives)
def partials(line: Any, *, wrt: Sequence[Any]) -> Any:
    """The partial derivatives along several scalar letters, as a column."""
    from workbench.calculus.derivatives.gradients import gradient as compute

    return sp.ImmutableMatrix([compute(line, letter) for letter in wrt])


@rule(second_derivative)
def hessian(line: Any, *, wrt: Any, direction: Any) -> Any:
    """The Hessian as a linear map of the direction."""
    from workbench.calculus.derivatives.gradients import hessian_action

    return hessian_action(line, wrt, direction)


@rule(slope_along_sphere)
def riemannian_gradient(line: Any, *, wrt: Any) -> Any:
    """The gradient on the unit sphere: the tangent part of the free gradient."""
    from workbench.calculus.derivatives.spheres import riemannian_gradient as compute

    return compute(line, wrt)


@rule(curvature_along_sphere)
def riemannian_hessian(line: Any, *, wrt: Any, direction: Any) -> Any:
    """The Hessian on the unit sphere: the tangent part of the free one, less the normal slope."""
    from workbench.calculus.derivatives.spheres import riemannian_hessian_action

    return riemannian_hessian_action(line, wrt, direction)
