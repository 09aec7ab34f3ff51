"""Texts: a printed closed form of positive numbers as a function of arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sympy import Symbol, lambdify

from workbench.language.reading import read_formula


def compiled(formula: str, *names: str) -> Callable[..., Any]:
    """The formula as a function of these letters, in their order. Raises BadInput where it cannot be read."""
    named = {name: Symbol(name, positive=True) for name in names}
    return lambdify(list(named.values()), read_formula(formula, named), "scipy")
