"""Exact means over Dirichlet columns: every monomial by its own moment."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

import numpy as np
from flint import fmpq

from workbench.exact.values import Point, evaluate
from workbench.exact.variables import Node, beside
from workbench.language.simplices import Dirichlet


def mean_over_simplex(node: Node, letter: Dirichlet, point: Point) -> Any:
    """The mean over a Dirichlet column. Raises NotRational beside random letters that are not Gaussian."""
    d, each = int(evaluate(letter.rows, point).p), evaluate(letter.concentration, point)
    noise = beside([f"p{i}" for i in range(d)], node, [letter], point)

    def moment(degrees: tuple[int, ...]) -> fmpq:
        return prod((rising(each, k) for k in degrees), start=fmpq(1)) / rising(d * each, sum(degrees))

    entries = np.array(noise.gens, dtype=object).reshape(d, 1)
    return replace(noise, point={**noise.point, letter: entries}).integrated(node.args[0], moment)


def rising(start: fmpq, steps: int) -> fmpq:
    """a(a + 1)…(a + k − 1)."""
    return prod((start + j for j in range(steps)), start=fmpq(1))
