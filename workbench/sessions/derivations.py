"""Derivations made by machine: the closed form of a definition, line by line, where the rules find one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp

from workbench.calculus.errors import CalculusError, DivergentMean, NoSuchMoment
from workbench.calculus.rules import Rule, equivalent, expectation, gradient, projecting
from workbench.calculus.rules import averaging as averaging_over
from workbench.calculus.rules.limits_sampled import at_rest
from workbench.claims import Claim, Step, by, given, so
from workbench.errors import NotUnderstood
from workbench.language import printing
from workbench.language.laws import MatrixMean, ScalarMean, random_letters
from workbench.language.slopes import MatrixSlope, ScalarLimit, ScalarSlope, grad
from workbench.lowering.growing import check_sizes

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
    if isinstance(left, ScalarLimit):
        return limiting(left.inside, hypotheses)
    left = under_one_gradient(left)
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


def under_one_gradient(left: Any) -> Any:
    """Numbers times gradients in one letter, added up, as the gradient of one number; anything else as it is."""
    inside, letters = [], set()
    for term in left.args if isinstance(left, sp.Add | sp.MatAdd) else [left]:
        factors = term.args if isinstance(term, sp.Mul | sp.MatMul) else [term]
        slopes = [factor for factor in factors if isinstance(factor, SLOPES)]
        rest = [factor for factor in factors if factor not in slopes]
        if len(slopes) != 1 or any(part.is_Matrix or part.has(slopes[0].args[1], *SLOPES) for part in rest):
            return left
        inside.append(sp.Mul(*rest) * slopes[0].args[0])
        letters.add(slopes[0].args[1])
    return grad(sp.Add(*inside), *letters) if len(letters) == 1 else left


def limiting(tending: Any, hypotheses: tuple[Any, ...] = ()) -> Claim:
    """The claim that a mean has a limit, with its proof: vectors are averaged first, whatever the matrices are."""

    def lines() -> Iterator[Step]:
        yield given("what tends to the left side", tending)
        if vectors := columns_in(tending):
            yield by(averaging_over, over=vectors)
        yield by(equivalent)

    return Claim("expectation", "", {}, hypotheses, (), lines)


def columns_in(line: Any) -> tuple[Any, ...]:
    """The random vectors of a line."""
    return tuple(sorted((x for x in random_letters(line) if x.shape[1] == 1), key=str))


def derived_limit(left: Any, hypotheses: tuple[Any, ...]) -> None:
    """Raises NotUnderstood where the rules find no finite limit."""
    if not isinstance(left, ScalarLimit):
        raise NotUnderstood("lim(…) stands around a whole side: write lim(…) == RIGHT, and everything else inside")
    check_sizes(left.inside)
    try:
        found = limiting(left.inside, hypotheses).formula
    except STUCK as problem:
        raise NotUnderstood(f"{printing.text(left)} is not derived: {problem}") from None
    if not at_rest(found, hypotheses):
        raise NotUnderstood(f"{printing.text(left)} grows with the sizes; divide a trace by its size, tr(…)/d")


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
    if line.is_Matrix:
        return line
    line = sp.expand(line)
    for root in (p for p in line.atoms(sp.Pow) if p.exp == -sp.Rational(1, 2)):
        share = line.coeff(root)
        whole = sp.cancel(share / root.base)
        if not sp.denom(whole).free_symbols:
            line = line - sp.expand(share * root) + whole * sp.sqrt(root.base)
    return line
