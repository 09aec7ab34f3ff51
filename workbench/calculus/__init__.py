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

Random updates of a state
    next_means              the means that are followed after one step, by the means before
    after_steps             a mean after so many steps, in closed form
    critical_rate           the parameter value up to which a recursion of means is stable

Large sizes
    expand_large, leading_order     leading orders in 1/N, 1/d or at a fixed ratio
    sum_over_ranks                  a sum over unlimited ranks, up to what falls faster than any power
    delta_method                    a ratio of means over many tokens, to order 1/n

The algebra
    polynomial, expression_of, same     to trace polynomials, back to SymPy, and equality
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbench.doors import door

# Nothing heavy loads before it is asked for: importing this package imports neither sympy nor torch.
if TYPE_CHECKING:
    from workbench.calculus.algebra.equality import same
    from workbench.calculus.algebra.printing import expression_of
    from workbench.calculus.algebra.translation import polynomial
    from workbench.calculus.asymptotics.delta_methods import delta_method
    from workbench.calculus.asymptotics.expansions import expand_large, leading_order
    from workbench.calculus.asymptotics.ranks import sum_over_ranks
    from workbench.calculus.critical.critical_points import fixed_points, jacobian_spectrum
    from workbench.calculus.critical.critical_scales import critical_scale, crossing, crossings
    from workbench.calculus.critical.eigen_coordinates import on_eigenvectors
    from workbench.calculus.critical.flows import flow, passage_time, riccati_flow
    from workbench.calculus.critical.stationary import along_eigenvectors, stationary_point
    from workbench.calculus.derivatives.gradients import directional, gradient, hessian_action
    from workbench.calculus.derivatives.spheres import riemannian_gradient, riemannian_hessian_action
    from workbench.calculus.means.entries.entrywise import expect_entrywise
    from workbench.calculus.means.expectation import expect
    from workbench.calculus.means.finite.finite_laws import expect_finite
    from workbench.calculus.means.finite.mixtures import expect_mixture
    from workbench.calculus.means.gaussian.expectation import moment
    from workbench.calculus.means.gaussian.lowering import lower, moment_graph
    from workbench.calculus.means.pairings.haar import expect_haar, haar_condition
    from workbench.calculus.means.pairings.inverse_wishart import expect_inverse_wishart, inverse_moment_exists
    from workbench.calculus.means.projections.projections import expect_projections
    from workbench.calculus.means.projections.tilts import tilt
    from workbench.calculus.recursions.closing import next_means
    from workbench.calculus.recursions.powers import after_steps
    from workbench.calculus.recursions.rates import critical_rate

__all__ = [
    "after_steps", "along_eigenvectors", "critical_rate", "critical_scale", "crossing", "crossings", "delta_method",
    "directional", "expand_large",
    "expect", "expect_entrywise", "expect_finite", "expect_haar", "expect_inverse_wishart", "expect_mixture",
    "expect_projections", "expression_of", "fixed_points", "flow", "gradient", "haar_condition", "hessian_action",
    "inverse_moment_exists", "jacobian_spectrum", "leading_order", "lower", "moment", "moment_graph", "next_means",
    "on_eigenvectors", "passage_time", "polynomial", "riccati_flow", "riemannian_gradient",
    "riemannian_hessian_action", "same", "stationary_point", "sum_over_ranks", "tilt",
]  # fmt: skip
__getattr__ = door(__name__, __file__)


def __dir__() -> list[str]:
    return __all__
