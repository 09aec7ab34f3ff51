"""Simplices: random distributions over d categories, columns of numbers ≥ 0 that sum to one."""

from __future__ import annotations

from typing import Any

from sympy import Expr, S, sympify
from sympy.core.symbol import Str

from workbench.language.laws import Random


class Dirichlet(Random):
    """A column with the symmetric Dirichlet law; every category has the same concentration."""

    @property
    def concentration(self) -> Expr:
        return self._args[3]  # type: ignore[return-value]


def dirichlet(name: str, d: Any, concentration: Any = 1) -> Dirichlet:
    """Let `name` be a random distribution over d categories with a density ∝ ∏ pᵢ^(α − 1); α = 1 is uniform.

    It is g/Σgᵢ for independent gᵢ with Γ laws of shape α.
    Raises ValueError when the concentration α is not positive.
    """
    concentration = sympify(concentration)
    if not concentration.is_positive:
        raise ValueError(f"dirichlet {name!r}: the concentration {concentration} need not be positive; declare it so")
    return Dirichlet(Str(name), sympify(d), S.One, concentration)
