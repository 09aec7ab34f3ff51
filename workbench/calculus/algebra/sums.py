"""Sums: a scalar multiplied out into products, with one exponential in each."""

from __future__ import annotations

from itertools import product as cartesian
from typing import Any

from sympy import Add, Expr, Mul, Pow, exp


def expand(expression: Expr) -> Expr:
    """A scalar with its products multiplied out and its exponentials merged; denominators left whole."""
    return Add(*(merged(factors) for factors in factor_lists(expression)))


def factor_lists(expression: Expr) -> list[list[Expr]]:
    """A scalar as a sum of products."""
    if isinstance(expression, Add):
        return [factors for part in expression.args for factors in factor_lists(part)]
    if isinstance(expression, Mul):
        parts = [factor_lists(part) for part in expression.args]
    elif isinstance(expression, Pow) and isinstance(expression.base, Add) and is_whole(expression.exp):
        parts = [factor_lists(expression.base)] * int(expression.exp)
    else:
        return [[expression]]
    return [[f for factors in choice for f in factors] for choice in cartesian(*parts)]


def is_whole(exponent: Any) -> bool:
    """Whether an exponent is a positive integer."""
    return bool(exponent.is_Integer and exponent > 0)


def merged(factors: list[Expr]) -> Expr:
    """A product whose exponentials are one exponential."""
    exponents = [factor.args[0] for factor in factors if isinstance(factor, exp)]
    if len(exponents) > 1:
        factors = [f for f in factors if not isinstance(f, exp)] + [exp(expand(Add(*exponents)))]
    value = Mul(*factors)
    # a product of roots may give back a sum
    again = isinstance(value, Mul) and any(isinstance(part, Add) for part in value.args)
    return expand(value) if again else value
