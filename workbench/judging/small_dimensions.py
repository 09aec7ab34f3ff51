"""Small dimensions: where the mean over a rotation is another number than its formula says for large ones.

E tr(H)⁴ is 3 in two dimensions and more, and 1 in one: the mean of 2k entries of H is a rational function of d for
d ≥ k only. Below that it is derived anew at every number d, for which the derivation needs no condition.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from flint import fmpq

from workbench.calculus.means.pairings.haar import haar_condition
from workbench.calculus.rules import expectation
from workbench.claims import Claim, by, given
from workbench.judging import proofs
from workbench.judging.comparisons import STUCK
from workbench.judging.statement import Statement
from workbench.language.laws import Haar
from workbench.language.letters import Size

NO_VALUE = (*STUCK, TypeError)  # a side without a value or a derivation at a number of dimensions


def at_small_dimensions(statement: Statement) -> tuple[Statement, proofs.CheckedLine] | None:
    """A statement at a number of dimensions at which it is false, and how; None where it is false at none."""
    for sizes in small_dimensions(statement):
        try:
            there = at_sizes(statement, sizes)
            found = proofs.compared(there.proof.claim, there.formula) if there.proof else None
        except NO_VALUE:
            continue
        if found is not None and found.grade == "false":
            where = {**(found.where or {}), **{letter: fmpq(int(number)) for letter, number in sizes.items()}}
            return there, replace(found, where=where)
    return None


def small_dimensions(statement: Statement) -> Iterator[dict[Any, Any]]:
    """The numbers of dimensions that the hypotheses allow and the derivation of a mean over a rotation does not."""
    letters = () if statement.definition is None else sorted(statement.definition.atoms(Haar), key=str)
    for letter in (each for each in letters if isinstance(each.rows, Size)):
        for number in range(1, least_dimension(statement.definition, letter)):
            sizes = {letter.rows: sp.Integer(number)}
            if sp.false not in [said.xreplace(sizes) for said in statement.hypotheses]:
                yield sizes


def least_dimension(definition: Any, letter: Haar) -> int:
    """From how many dimensions on the derivation of a mean over a rotation holds; 1 where that is not known."""
    try:
        condition = haar_condition(definition, letter)
    except NO_VALUE:
        return 1
    return max((int(each.rhs) for each in condition.atoms(sp.Ge)), default=1)


def at_sizes(statement: Statement, sizes: Mapping[Any, Any]) -> Statement:
    """A statement with numbers for some sizes, its left side derived anew."""
    left, right = (side.xreplace(sizes) for side in (statement.definition, statement.formula))
    conditions = (said.xreplace(sizes) for said in statement.hypotheses)
    hypotheses = tuple(said for said in conditions if said != sp.true)

    def lines() -> Iterator[Any]:
        yield given("the left side", left)
        yield by(expectation)

    proof = proofs.check(Claim("expectation", "", {}, hypotheses, (), lines))
    return replace(statement, definition=left, formula=right, hypotheses=hypotheses, proof=proof)
