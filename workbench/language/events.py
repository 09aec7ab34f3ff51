"""Events: u > 0 and its like as numbers, 1 where they hold and 0 elsewhere, with their value at equality."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import sympy as sp

from workbench.errors import NotUnderstood
from workbench.language.conditions import GIVEN
from workbench.language.counts import Binomial, Multinomial, Poisson
from workbench.language.laws import Mask, OneHot, random_letters

CHANCES = ("P", "Pr", "Prob")  # of events: the mean of what is 1 where they happen and 0 elsewhere
DISCRETE = (Mask, OneHot, Binomial, Multinomial, Poisson)
ASK = "after the bar of a conditional mean stand events, E[z | z > 0]; a mean given a number is not read"
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


def events_given(parts: list[ast.expr]) -> list[ast.expr]:
    """The events after the bar of a conditional mean; none where there is no bar. Raises NotUnderstood for others."""
    last = parts[-1] if parts else None
    if not (isinstance(last, ast.Call) and isinstance(last.func, ast.Name) and last.func.id == GIVEN):
        return []
    if not are_events(last.args):
        raise NotUnderstood(ASK)
    return last.args


def refuse_null(events: list[ast.expr], chance: Any) -> None:
    """Raise NotUnderstood for an equality between what is not counted: its chance is zero."""
    equal = any(isinstance(sign, ast.Eq) for event in events if isinstance(event, ast.Compare) for sign in event.ops)
    if equal and not all(isinstance(letter, DISCRETE) for letter in random_letters(chance)):
        raise NotUnderstood(f"the event {ast.unparse(events[0])} has the chance zero, and there is no mean given that")
