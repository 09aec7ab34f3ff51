"""Rules that rewrite a line: substitutions, pairings, differences and leading orders."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp

from workbench.calculus.rules.coin_tokens import approached_as
from workbench.calculus.rules.making import collected, rule
from workbench.calculus.rules.values_compared import (
    at_replaced_letters,
    difference,
    leaves_a_remainder,
    quotient,
    scalar_product,
    sums_to,
)
from workbench.language.laws import Random
from workbench.language.letters import Matrix, tr


@rule(at_replaced_letters)
def substitute(line: Any, *, letters: Mapping[Any, Any]) -> Any:
    """Replace letters by what they stand for."""
    # A letter may name another: its size, a vector that it is orthogonal to. Only a law follows what it names.
    kept = {letter: letter for letter in line.atoms(Matrix) if not isinstance(letter, Random)}
    return collected(line.xreplace(kept | dict(letters)))


@rule(scalar_product)
def paired(line: Any, *, vector: Any) -> Any:
    """Take the scalar product with a vector."""
    return collected(tr(vector.T * line))


@rule(difference)
def minus(line: Any, *, what: Any) -> Any:
    """Subtract."""
    return collected(line - what)


@rule(quotient)
def over(line: Any, *, what: Any) -> Any:
    """Divide."""
    return collected(line / what)


@rule(leaves_a_remainder)
def expand_large(line: Any, *, large: Mapping[Any, Any], order: int) -> Any:
    """The leading orders as the large letters grow."""
    from workbench.calculus.asymptotics.expansions import expand_large as compute

    if isinstance(line, sp.MatrixBase):  # a list or a column: number by number
        return sp.ImmutableMatrix(line.applyfunc(lambda entry: compute(collected(entry), large, order).main))
    return compute(collected(line), large, order).main


@rule(sums_to)
def over_ranks(line: Any, *, large: Any) -> Any:
    """Sum over all ranks: the integral and half of the limit at rank zero, by Euler and Maclaurin."""
    from workbench.calculus.asymptotics.ranks import sum_over_ranks

    return sum_over_ranks(line)


@rule(approached_as("bias"))
def finite_context_bias(line: Any, *, value: Any, weight: Any, tokens: Any) -> Any:
    """By the delta method, n times the mean error of a ratio of two means over n tokens."""
    from workbench.calculus.asymptotics.delta_methods import delta_method

    return delta_method(value, weight, tokens).bias


@rule(approached_as("covariance"))
def finite_context_covariance(line: Any, *, value: Any, weight: Any, tokens: Any) -> Any:
    """By the delta method, n times the covariance of a ratio of two means over n tokens."""
    from workbench.calculus.asymptotics.delta_methods import delta_method

    return delta_method(value, weight, tokens).spread
