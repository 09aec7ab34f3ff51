"""Derivations made by machine: the closed form of a definition, line by line, where the rules find one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from workbench.calculus.agreement import Refuted
from workbench.calculus.errors import CalculusError, DivergentMean, NoSuchMoment
from workbench.calculus.rules import Rule, expectation, gradient, projecting
from workbench.claims import Claim, Line, Step, by, given, so
from workbench.errors import NotUnderstood
from workbench.judging import proofs
from workbench.laws import MatrixMean, ScalarMean
from workbench.showing import printing
from workbench.slopes import MatrixSlope, ScalarSlope

MEANS, SLOPES = (ScalarMean, MatrixMean), (ScalarSlope, MatrixSlope)
STUCK = (
    CalculusError,
    ArithmeticError,
    NotImplementedError,
    ValueError,
)  # where no rule finds a form


def derivation_of(left: Any, hypotheses: tuple[Any, ...] = ()) -> Claim | None:
    """The claim that a definition has a closed form, with its proof; None where no rule derives one.

    Raises BadInput for a mean that does not exist.
    """
    inside, wrt = left.args if isinstance(left, SLOPES) else (left, None)
    if inside.has(*SLOPES):
        return None  # a gradient inside a formula has no line of its own

    def lines() -> Iterator[Step]:
        yield given("the left side", inside)
        line = inside
        if line.has(*MEANS):
            line = averaging(line).compute(line)
            yield by(averaging(inside))
        if (plain := plainly(line)) != line:
            line = plain
            yield so("written plainly", plain)
        if wrt is not None:
            yield by(gradient, wrt=wrt)

    kind = "expectation" if wrt is None else "gradient"
    claim = Claim(kind, "", {}, hypotheses, (), lines)
    try:
        return claim if not claim.formula.has(*MEANS, *SLOPES) else None
    except (DivergentMean, NoSuchMoment) as problem:
        raise NotUnderstood(f"the mean of {printing.text(inside)} does not exist: {problem}") from None
    except STUCK:
        return None


def averaging(line: Any) -> Rule:
    """The rule that averages a line: numbers with a joint law are projections of one vector."""
    return projecting if line.has(sp.ImmutableDenseMatrix) else expectation


def plainly(line: Any) -> Any:
    """A line with traces of explicit matrices worked out, and shorter if it can be."""
    explicit = [node for node in line.atoms(sp.Trace) if node.has(sp.ImmutableDenseMatrix)]
    if not explicit:
        return line
    worked = line.xreplace({node: node.doit() for node in explicit if not node.atoms(sp.MatrixSymbol)})
    if worked.atoms(sp.MatrixSymbol):
        return worked
    return min(worked, sp.simplify(worked), over_roots(worked), key=sp.count_ops)


def over_roots(line: Any) -> Any:
    """A line in which (1 − r²)/√(1 − r²) is written √(1 − r²)."""
    line = sp.expand(line)
    for root in (p for p in line.atoms(sp.Pow) if p.exp == -sp.Rational(1, 2)):
        share = line.coeff(root)
        whole = sp.cancel(share / root.base)
        if not sp.denom(whole).free_symbols:
            line = line - sp.expand(share * root) + whole * sp.sqrt(root.base)
    return line


def compared(left: Any, claim: Claim | None, proof: proofs.Proof | None, right: Any, hypotheses: Any) -> Any:
    """What exact arithmetic says of both sides: through the derivation where it stands, else by brute force.

    None where the two cannot be compared exactly.
    """
    try:
        if claim is not None and proof is not None and proof.stands:
            return proofs.compared(claim, right)
        inside, wrt = left.args if isinstance(left, SLOPES) else (left, None)
        step = so("typed", right) if wrt is None else by(gradient, "typed", wrt=wrt)
        nameless = Claim("identity", "", {}, tuple(hypotheses), (), lambda: iter(()))
        both = (Line(given("the left side", inside), inside), Line(step, right))
        return proofs.one_checked(nameless, both, 1, "compared")
    except (*STUCK, Refuted):
        return None
