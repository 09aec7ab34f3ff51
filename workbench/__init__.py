"""The theorem workbench: derive in SymPy, measure in torch, and judge the equals sign.

Derivations own the right-hand side of an equation, numerics own the left-hand side, and the
workbench owns the equals sign. Names are loaded when first used, so importing is cheap.
"""

# ruff: noqa: I001, RUF022 (the lists of names are packed)

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from workbench.doors import door
from workbench.version import __version__

if TYPE_CHECKING:
    from workbench.language.fixed_points import fixed_point
    from workbench.language.digamma_sums import digamma_sum
    from workbench.language.tanh_means import tanh_mean
    from workbench.language.gaussian_functions import owens_t, zeta_erf
    from workbench.calculus.rules import (
        after_steps, along_eigenvectors, averaging, critical_rate, critical_scale, crossing, equivalent, expand_large,
        expectation, finite_context_bias, finite_context_covariance, fixed_points, flow, gradient, hessian,
        inverse_wishart, iterated, minus, on_eigenvectors, over, over_labels, over_outcomes, over_ranks,
        over_rotations, paired, partials, passage_time, projecting, recursion, riemannian_gradient,
        riemannian_hessian, solved_by, spectrum, stationary_point, substitute, tilting,
    )  # fmt: skip
    from workbench.claims import assumed, by, claim, given, recall, so
    from workbench.courses.exercises import exercise
    from workbench.judging.verification import conjecture, diagnose, verify
    from workbench.language.complex_gaussians import adjoint, complex_gaussian
    from workbench.language.counts import binomial, multinomial, poisson
    from workbench.language.laws import E, gaussian, haar, index, mask, mixture, second_moments, sphere
    from workbench.language.letters import (
        coordinate, count, dot, eigenvalue, form, large, matrix, orthogonal, overlap, positive, probability, scalar,
        size, spd, symmetric, top_eigenvalue, tr, unit_vector, vector,
    )  # fmt: skip
    from workbench.language.simplices import dirichlet
    from workbench.language.students import elliptical, student
    from workbench.sessions.answers import check
    from workbench.sessions.magics import load_ipython_extension
    from workbench.sessions.sessions import session
    from workbench.showing.display import table
    from workbench.language.slopes import grad

__all__ = [
    "E", "adjoint", "after_steps", "along_eigenvectors", "assumed", "averaging", "binomial", "by", "check", "claim",
    "complex_gaussian", "conjecture", "coordinate", "count", "critical_rate", "critical_scale", "crossing",
    "diagnose", "digamma_sum", "dirichlet", "dot", "eigenvalue", "elliptical", "equivalent", "exercise", "expand_large",
    "expectation", "finite_context_bias", "finite_context_covariance", "fixed_point", "fixed_points", "flow", "form",
    "gaussian", "given", "grad", "gradient", "haar", "hessian", "index", "inverse_wishart", "iterated", "large",
    "load_ipython_extension", "mask", "matrix", "minus", "mixture", "multinomial", "on_eigenvectors", "orthogonal",
    "over", "over_labels", "over_outcomes", "over_ranks", "over_rotations", "overlap", "owens_t", "paired",
    "partials", "passage_time", "poisson", "positive", "probability", "projecting", "recall", "recursion",
    "riemannian_gradient", "riemannian_hessian", "scalar", "second_moments", "session", "size", "so", "solved_by",
    "spd", "spectrum", "sphere", "stationary_point", "student", "substitute", "symmetric", "table", "tanh_mean",
    "tilting", "top_eigenvalue", "tr", "unit_vector", "vector", "verify", "zeta_erf", "__version__",
]  # fmt: skip


def _beside(room: str) -> None:
    """A notebook shows claims and verdicts as formulas, and calls claims as functions."""
    if room in ("workbench.claims", "workbench.judging.verification", "workbench.sessions.answers"):
        import_module("workbench.showing.display")
        import_module("workbench.sweeps")


__getattr__ = door(__name__, __file__, _beside)
