"""The Gaussian calculus: exact, symbolic in every dimension, on ordinary SymPy expressions.

Means
    expect                  every mean E(…) in an expression, whatever laws its letters have
    moment                  the Gaussian mean as a trace polynomial, without the way back to SymPy
    expect_entrywise        Gaussian means through Hadamard products and diagonals
    expect_finite           means over masks and random indices
    expect_mixture          means over Gaussian mixtures, by conditioning on the labels
    expect_haar             means over random orthogonal matrices and random subspaces
    expect_inverse_wishart  means of words in (X Xᵀ)⁻¹; `inverse_moment_exists` says when they are finite
    tilt                    means under the exponential of a linear or quadratic form
    expect_projections      means of erf, relu, sign and steps of Gaussian projections
    lower, moment_graph     a moment as a graph of states, and as a function of tensors that shares them

Derivatives
    gradient, directional, hessian_action               of traces, inverses and scalar functions
    riemannian_gradient, riemannian_hessian_action      on the unit sphere

Critical points
    stationary_point        solve a vanishing gradient that is affine in a matrix
    along_eigenvectors      a linear map at the outer product of two eigenvectors
    on_eigenvectors         numbers and vectors, with their vectors on eigenvectors
    fixed_points            all solutions of a polynomial system, with a certificate of completeness
    jacobian_spectrum       the eigenvalues of a vector field at a fixed point
    critical_scale          where an eigenvalue of a spectrum crosses zero, and the stable side
    crossing                the parameter value at which a condition holds
    flow, riccati_flow      differential equations solved in closed form and substituted back
    passage_time            the time a flow takes to a value, where that value has no closed form in time

Large sizes
    expand_large, leading_order     leading orders in 1/N, 1/d or at a fixed ratio
    sum_over_ranks                  a sum over unlimited ranks, up to what falls faster than any power
    delta_method                    a ratio of means over many tokens, to order 1/n

The algebra
    polynomial, expression_of, same     to trace polynomials, back to SymPy, and equality
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

# Nothing heavy loads before it is asked for: importing this package imports neither sympy nor torch.
DOORS = {
    "algebra.printing": ("expression_of",),
    "algebra.equality": ("same",),
    "algebra.translation": ("polynomial",),
    "asymptotics.delta_methods": ("delta_method",),
    "asymptotics.expansions": ("expand_large", "leading_order"),
    "asymptotics.ranks": ("sum_over_ranks",),
    "critical.critical_points": ("fixed_points", "jacobian_spectrum"),
    "critical.critical_scales": ("critical_scale", "crossing", "crossings"),
    "critical.flows": ("flow", "passage_time", "riccati_flow"),
    "critical.eigen_coordinates": ("on_eigenvectors",),
    "critical.stationary": ("along_eigenvectors", "stationary_point"),
    "derivatives.gradients": ("directional", "gradient", "hessian_action"),
    "derivatives.spheres": ("riemannian_gradient", "riemannian_hessian_action"),
    "means.entries.entrywise": ("expect_entrywise",),
    "means.expectation": ("expect",),
    "means.finite.finite_laws": ("expect_finite",),
    "means.finite.mixtures": ("expect_mixture",),
    "means.gaussian.expectation": ("moment",),
    "means.gaussian.lowering": ("lower", "moment_graph"),
    "means.pairings.haar": ("expect_haar", "haar_condition"),
    "means.pairings.inverse_wishart": ("expect_inverse_wishart", "inverse_moment_exists"),
    "means.projections.projections": ("expect_projections",),
    "means.projections.tilts": ("tilt",),
}
ROOM_OF = {name: room for room, names in DOORS.items() for name in names}
__all__ = sorted(ROOM_OF)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name: str) -> Any:
    if name not in ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it offers {', '.join(__all__)}")
    return getattr(import_module(f"{__name__}.{ROOM_OF[name]}"), name)


def __dir__() -> list[str]:
    return __all__
