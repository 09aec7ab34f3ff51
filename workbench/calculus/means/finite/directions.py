"""Means over independent directions: columns that are uniformly random points of the unit sphere.

The tokens that are summed over coincide in every possible way, as those of a mixture do; each distinct one is then a
direction of its own, and is averaged by the rule of one.
"""

from __future__ import annotations

from typing import Any

from sympy import OneMatrix

from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.finite.mixtures import spread, together
from workbench.calculus.means.pairings.haar import expect_haar
from workbench.calculus.means.rewirings import products
from workbench.language.laws import Directions, sphere
from workbench.language.letters import Vector


def expect_directions(expression: Any, *letters: Directions) -> Any:
    """The mean over independent directions X of an expression polynomial in X Xᵀ and X·1, for every number of them.

    Raises NotPolynomial where the columns meet anything else, and DegreeTooHigh above 4 sums over them.
    """
    return averaged(expression, letters, (Directions,), _expect_one)


def _expect_one(expression: Any, letter: Directions) -> Any:
    one, n = Vector(f"1({letter.name})", letter.cols, 1), letter.cols
    plain = expression.xreplace({OneMatrix(n, 1): one, OneMatrix(1, n): one.T, OneMatrix(n, n): one * one.T})
    parts = []
    for part in products(plain, letter):
        for ways, body, tokens in spread(part, letter, one):
            drawn = {token: sphere(token.name, letter.rows) for token in tokens}
            body = body.xreplace(drawn)
            for token in drawn.values():
                body = expect_haar(body, token) if body.has(token) else body
            parts.append(ways * body)
    return together(parts, expression)
