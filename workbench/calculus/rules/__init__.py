"""Rules: what may derive a line of a proof, each with its independent re-check.

A rule computes the next line; its check never trusts that computation. Most rules preserve the
value of an expression and are checked by evaluating both lines exactly (means by brute force) at
random rational points; rules that change the quantity say how they are checked.
"""

from workbench.calculus.rules.averages import (
    averaging,
    expectation,
    inverse_wishart,
    over_labels,
    over_outcomes,
    over_rotations,
    projecting,
    tilting,
)
from workbench.calculus.rules.limits import equivalent
from workbench.calculus.rules.making import Rule, check_line, collected, rule
from workbench.calculus.rules.recursions import after_steps, critical_rate, recursion
from workbench.calculus.rules.rewriting import (
    expand_large,
    finite_context_bias,
    finite_context_covariance,
    minus,
    over,
    over_ranks,
    paired,
    substitute,
)
from workbench.calculus.rules.slopes import gradient, hessian, partials, riemannian_gradient, riemannian_hessian
from workbench.calculus.rules.solutions import (
    along_eigenvectors,
    critical_scale,
    crossing,
    fixed_points,
    flow,
    iterated,
    on_eigenvectors,
    passage_time,
    solved_by,
    spectrum,
    stationary_point,
)
from workbench.calculus.rules.values_compared import same_value

RULES = (
    expectation,
    averaging,
    tilting,
    projecting,
    inverse_wishart,
    over_outcomes,
    over_labels,
    over_rotations,
    gradient,
    partials,
    hessian,
    riemannian_gradient,
    riemannian_hessian,
    stationary_point,
    solved_by,
    fixed_points,
    spectrum,
    along_eigenvectors,
    on_eigenvectors,
    crossing,
    critical_scale,
    flow,
    passage_time,
    iterated,
    recursion,
    after_steps,
    critical_rate,
    substitute,
    paired,
    minus,
    over,
    expand_large,
    equivalent,
    over_ranks,
    finite_context_bias,
    finite_context_covariance,
)

__all__ = ["RULES", "Rule", "check_line", "collected", "rule", "same_value", *(each.name for each in RULES)]  # pyright: ignore[reportUnsupportedDunderAll]
