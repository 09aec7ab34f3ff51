"""Events: u > 0 and its like as numbers, 1 where they hold and 0 elsewhere, with their value at equality."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import sympy as sp

CHANCES = ("P", "Pr", "Prob")  # of events: the mean of what is 1 where they happen and 0 elsewhere
HOLDS: dict[type, Callable[[Any], Any]] = {  # what an event a > b is, as a function of a − b
    ast.Gt: lambda gap: sp.Heaviside(gap, 0),
    ast.GtE: lambda gap: sp.Heaviside(gap, 1),
    ast.Lt: lambda gap: sp.Heaviside(-gap, 0),
    ast.LtE: lambda gap: sp.Heaviside(-gap, 1),
    ast.Eq: lambda gap: 1 - sp.sign(gap) ** 2,
    ast.NotEq: lambda gap: sp.sign(gap) ** 2,
}


def letters_below(name: str) -> tuple[str, list[str]]:
    """A mean and the letters below it: E_x is E and x, Var_x__y is Var, x and y; nothing is below another name."""
    head, _, below = name.partition("_")
    averages = head in (*CHANCES, "E", "Var", "Cov")
    return (head, below.split("__")) if below and averages else (name, [])


def are_events(parts: list[ast.expr]) -> bool:
    return bool(parts) and all(isinstance(part, ast.Compare) for part in parts)
