"""Critical scales: the value of a parameter where an eigenvalue, or a difference of risks, changes sign.

Every value is solved for exactly, substituted back, and the sign is read on both sides at rational
points so near that (by a Sturm count) nothing else vanishes between; the answer says on which side
the point is stable.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Symbol, sympify

from workbench.calculus.critical.radicals import vanishes
from workbench.calculus.critical.zeros import is_real_at, refuse_missing, side_signs, zeros
from workbench.calculus.errors import NoCrossing
from workbench.calculus.points import is_null, points
from workbench.exact.values import enclosed, real_value
from workbench.language.letters import Probability

INSTANCES = 5


@dataclass(frozen=True)
class Crossing:
    """A parameter value where an expression vanishes, with its signs just below and just above.

    A sign is −1 or +1 when it is the same at all instances, None when it depends on the other letters.
    `grade` is "proved" (the substituted expression cancels to 0) or "enclosed" (a ball around 0 of
    radius below 2^-64 at every instance). `always` says whether the value was real (and positive,
    where asked) at every instance, or only at some.
    """

    value: Expr
    expression: Expr
    below: int | None
    above: int | None
    grade: str
    always: bool

    @property
    def changes_sign(self) -> bool:
        """Whether the expression has different signs on the two sides."""
        return self.below is not None and self.above is not None and self.below != self.above


@dataclass(frozen=True)
class CriticalScale:
    """Where an eigenvalue of a spectrum crosses zero, and the side on which the whole spectrum is stable.

    `stable` is "below", "above", "both", "neither" or "depends" (on the other letters).
    """

    value: Expr
    eigenvalue: Expr
    stable: str
    crossing: Crossing


def crossing(expression: Expr, parameter: Symbol, positive: bool = True, hypotheses: Iterable[Any] = ()) -> Expr:
    """The one value of the parameter where a condition such as risk(M) − null = 0 holds.

    `hypotheses` are inequalities between the other letters (the regime in which the value exists).

    Re-check: `check_crossing` substitutes it back over ℚ and reads the sign on both sides.
    Raises NoCrossing when there is none or more than one (then ask for `crossings`).
    """
    found = [c for c in crossings(expression, parameter, positive, hypotheses) if c.changes_sign or c.below is None]
    if len(found) != 1:
        if not found:
            where = "no positive" if positive else "no"
            raise NoCrossing(
                f"{expression} changes sign at {where} {parameter}; if the other letters decide, state a hypothesis"
            )
        names = ", ".join(str(c.value) for c in found)
        raise NoCrossing(
            f"{expression} changes sign at {len(found)} values of {parameter} ({names}); "
            "a hypothesis on the other letters may leave one of them"
        )
    return found[0].value


def crossings(
    expression: Expr, parameter: Symbol, positive: bool = True, hypotheses: Iterable[Any] = ()
) -> tuple[Crossing, ...]:
    """Every value of the parameter where the expression vanishes, checked and with its signs."""
    expression = sympify(expression)
    instances = list(points([expression], f"crossing/{parameter}", INSTANCES, hypotheses))
    candidates = zeros(expression, parameter)
    for point in instances:
        refuse_missing(expression, parameter, candidates, point, positive)
    seen: list[Crossing] = []
    for value in candidates:
        real = [p for p in instances if is_real_at(value, p, positive) and allowed(parameter, value, p)]
        if not real or any(vanishes(value - other.value) for other in seen):
            continue
        grade = graded_zero(expression.subs(parameter, value), real)
        signs = [side_signs(expression, parameter, value, point) for point in real]
        below, above = (agreed(side) for side in zip(*signs, strict=True))
        seen.append(Crossing(value, expression, below, above, grade, len(real) == len(instances)))
    return tuple(seen)


def allowed(parameter: Symbol, value: Expr, point: Any) -> bool:
    """Whether the hypothesis of the parameter's class admits the value: a probability lies strictly between 0 and 1."""
    if not isinstance(parameter, Probability):
        return True
    number = real_value(value, point)
    return number is not None and bool(number > 0) and bool(number < 1)


def check_crossing(expression: Expr, parameter: Symbol, value: Expr, seeds: int = INSTANCES) -> bool:
    """Whether the condition holds at the value, and its sign differs on the two sides, over ℚ."""
    expression = sympify(expression)
    if not expression.has(parameter):
        return False
    for point in points([expression, sympify(value)], "check crossing", seeds):
        at = real_value(expression.subs(parameter, value), point)
        if at is None or not is_null(at):
            return False
        below, above = side_signs(expression, parameter, value, point)
        if below == above:
            return False
    return True


def critical_scale(
    spectrum: Iterable[Any],
    parameter: Symbol,
    positive: bool = True,
    of: str = "hessian",
    hypotheses: Iterable[Any] = (),
) -> tuple[CriticalScale, ...]:
    """Where eigenvalues cross zero, and the side on which the point is stable.

    `spectrum` lists eigenvalues (or pairs eigenvalue, multiplicity) of a "hessian" (stable when all
    are positive) or of a "jacobian" (stable when all are negative); identically zero ones are neutral.
    Re-check: `check_critical_scale`, eigenvalues evaluated over ℚ at the value and on both sides.
    Raises NoCrossing when no eigenvalue reaches zero.
    """
    stable_sign = {"hessian": 1, "jacobian": -1}.get(of)
    if stable_sign is None:
        raise NoCrossing(f"of={of!r} is neither 'hessian' nor 'jacobian'")
    eigenvalues = [e for e in map(_eigenvalue, spectrum) if not vanishes(e)]
    hypotheses = list(hypotheses)
    found = []
    for eigenvalue in eigenvalues:
        if not eigenvalue.has(parameter):
            continue
        for crossed in crossings(eigenvalue, parameter, positive, hypotheses):
            side = stable_side(eigenvalues, parameter, crossed.value, stable_sign, positive, hypotheses)
            found.append(CriticalScale(crossed.value, eigenvalue, side, crossed))
    if not found:
        advice = "" if parameter.is_positive or not positive else "; allow values of both signs with positive=False"
        kind = "positive " if positive else ""
        raise NoCrossing(f"no eigenvalue of the spectrum crosses zero at any {kind}{parameter}{advice}")
    return tuple(found)


def check_critical_scale(
    spectrum: Iterable[Any], parameter: Symbol, value: Expr, stable: str, of: str = "hessian"
) -> bool:
    """Whether some eigenvalue is 0 at the value and the stable side is as stated, at fresh instances."""
    eigenvalues = [e for e in map(_eigenvalue, spectrum) if not vanishes(e)]
    real = [p for p in points([*eigenvalues, value], "check scale", INSTANCES) if is_real_at(value, p, False)]
    crossed = [e for e in eigenvalues if all(is_null(enclosed(e.subs(parameter, value), p)) for p in real)]
    sign = 1 if of == "hessian" else -1
    return bool(real and crossed) and stable_side(eigenvalues, parameter, value, sign, False) == stable


def stable_side(
    eigenvalues: list[Expr],
    parameter: Symbol,
    value: Expr,
    stable_sign: int,
    positive: bool,
    hypotheses: Iterable[Any] = (),
) -> str:
    """The side of the value on which every eigenvalue has the stable sign."""
    verdicts = set()
    for point in points([*eigenvalues, value], f"side/{parameter}", INSTANCES, hypotheses):
        if not is_real_at(value, point, positive):
            continue
        signs = [side_signs(e, parameter, value, point) for e in eigenvalues]
        verdicts.add(tuple(all(s[side] == stable_sign for s in signs) for side in (0, 1)))
    if len(verdicts) != 1:
        return "depends"
    return {(1, 0): "below", (0, 1): "above", (1, 1): "both", (0, 0): "neither"}[verdicts.pop()]


def _eigenvalue(entry: Any) -> Expr:
    """An eigenvalue given alone or with its multiplicity."""
    return sympify(entry[0] if isinstance(entry, tuple | list) else entry)


def agreed(signs: Iterable[int]) -> int | None:
    """The common sign, or None."""
    distinct = set(signs)
    return distinct.pop() if len(distinct) == 1 else None


def graded_zero(residual: Expr, instances: list[dict]) -> str:
    """How it is known that a residual is 0; raises NoCrossing when it is not."""
    if vanishes(residual):
        return "proved"
    values = [real_value(residual, point) for point in instances]
    if any(v is None or not is_null(v) for v in values):
        raise NoCrossing(f"the candidate leaves the residual {residual}, which is not 0")
    return "enclosed"
