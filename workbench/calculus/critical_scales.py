"""Critical scales: the value of a parameter where an eigenvalue, or a difference of risks, changes sign.

Every value is solved for exactly, substituted back, and the sign is read on both sides at rational
points so near that (by a Sturm count) nothing else vanishes between; the answer says on which side
the point is stable.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flint import arb, fmpq
from sympy import (
    ComplexRootOf,
    Expr,
    Poly,
    Rational,
    Symbol,
    cancel,
    factor,
    factor_list,
    roots,
    solve,
    sympify,
    together,
)

from workbench.calculus.errors import NoCrossing
from workbench.calculus.points import enclosed, is_null, points, real_value, sign_at
from workbench.calculus.radicals import vanishes

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


def crossing(
    expression: Expr, parameter: Symbol, positive: bool = True, hypotheses: Iterable[Any] = ()
) -> Expr:
    """The one value of the parameter where a condition such as risk(M) − null = 0 holds.

    `hypotheses` are inequalities between the other letters (the regime in which the value exists).

    Re-check: `check_crossing` substitutes it back over ℚ and reads the sign on both sides.
    Raises NoCrossing when there is none or more than one (then ask for `crossings`).
    """
    found = [
        c for c in crossings(expression, parameter, positive, hypotheses) if c.changes_sign or c.below is None
    ]
    if len(found) != 1:
        listed = ", ".join(str(c.value) for c in found) or "none"
        raise NoCrossing(
            f"{expression} changes sign at {len(found)} values of {parameter} ({listed}); "
            "crossings() lists every one with its signs"
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
        real = [p for p in instances if _is_real(value, p, positive)]
        if not real or any(vanishes(value - other.value) for other in seen):
            continue
        grade = graded_zero(expression.subs(parameter, value), real)
        signs = [side_signs(expression, parameter, value, point) for point in real]
        below, above = (agreed(side) for side in zip(*signs, strict=True))
        seen.append(Crossing(value, expression, below, above, grade, len(real) == len(instances)))
    return tuple(seen)


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
        raise NoCrossing(f"no eigenvalue of the spectrum crosses zero at an allowed value of {parameter}")
    return tuple(found)


def check_critical_scale(
    spectrum: Iterable[Any], parameter: Symbol, value: Expr, stable: str, of: str = "hessian"
) -> bool:
    """Whether some eigenvalue is 0 at the value and the stable side is as stated, at fresh instances."""
    eigenvalues = [e for e in map(_eigenvalue, spectrum) if not vanishes(e)]
    real = [p for p in points([*eigenvalues, value], "check scale", INSTANCES) if _is_real(value, p, False)]
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
        if not _is_real(value, point, positive):
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


def _is_real(value: Expr, point: Mapping, positive: bool) -> bool:
    """Whether the candidate is a real (positive) number at the point."""
    number = real_value(value, point)
    return number is not None and (not positive or bool(number > 0))


def zeros(expression: Expr, parameter: Symbol) -> list[Expr]:
    """The exact values of the parameter where the expression vanishes (solved, not yet checked)."""
    numerator = cancel(together(expression)).as_numer_denom()[0]
    if not numerator.has(parameter):
        raise NoCrossing(f"{expression} does not depend on {parameter}: it is never crossed by moving it")
    if not numerator.is_polynomial(parameter):
        return _by_sympy(expression, parameter)
    found: list[Expr] = []
    for part, _ in factor_list(numerator, parameter)[1]:
        polynomial = Poly(part, parameter)
        exact = roots(polynomial, cubics=False, quartics=False)
        if sum(exact.values()) != polynomial.degree():
            exact = dict.fromkeys(_by_sympy(part, parameter), 1)
        if any(root.has(ComplexRootOf) for root in exact):
            raise NoCrossing(f"{part} = 0 has no closed solution; keep the equation as the claim")
        found += [factor(root) if root.is_rational_function() else root for root in exact]
    return found


def refuse_missing(
    expression: Expr, parameter: Symbol, candidates: list[Expr], point: Mapping, positive: bool
) -> None:
    """Raise NoCrossing when Sturm counts other real zeros at this instance than the candidates are."""
    polynomial = univariate(cancel(together(expression)).as_numer_denom()[0], parameter, point)
    if polynomial is None or polynomial.degree() < 1:
        return
    real = distinct([real_value(c, point) for c in candidates if _is_real(c, point, positive)])
    simple = polynomial.sqf_part()
    count = simple.count_roots(0, None) - (simple.eval(0) == 0) if positive else simple.count_roots()
    if count != len(real):
        raise NoCrossing(
            f"{expression} vanishes at {count} values of {parameter}, but only {len(real)} have a closed form"
        )


def distinct(numbers: list[Any]) -> list[Any]:
    """The numbers without repetitions; balls that overlap count as one."""
    kept: list[Any] = []
    for number in numbers:
        if not any(arb(number).overlaps(arb(other)) for other in kept):
            kept.append(number)
    return kept


def _by_sympy(expression: Expr, parameter: Symbol) -> list[Expr]:
    """SymPy's solutions of an equation outside the polynomials."""
    try:
        return list(solve(expression, parameter))
    except NotImplementedError as reason:
        raise NoCrossing(
            f"{expression} = 0 has no closed solution in {parameter}; keep the equation as the claim"
        ) from reason


def side_signs(expression: Expr, parameter: Symbol, value: Expr, point: Mapping) -> tuple[int, int]:
    """The signs just below and just above the value, at rational parameter points.

    The two points are moved inward until the polynomial has no other root or pole between them; an
    expression that is no polynomial is read at the closest pair, 2^-40 away.
    Raises NoCrossing where a sign cannot be decided.
    """
    at = enclosed(value, point)
    centre = nearest_rational(at)
    for bits in (10, 20, 40):
        width = (abs(centre) + 1) / fmpq(2) ** bits
        low, high = centre - width, centre + width
        if bits == 40 or alone_between(expression, parameter, point, low, high):
            signs = [sign_at(expression, {**point, parameter: side}) for side in (low, high)]
            if None not in signs and 0 not in signs:
                return signs[0], signs[1]  # type: ignore[return-value]
    raise NoCrossing(f"the sign of {expression} beside {parameter} = {value} cannot be decided here")


def nearest_rational(number: Any) -> fmpq:
    """A rational within 2^-80 of a number (the number itself when rational)."""
    if not isinstance(number, arb):
        return fmpq(number)
    scaled = (number * arb(2) ** 80).mid()
    return fmpq(int(scaled.floor().unique_fmpz()), 2**80)


def alone_between(expression: Expr, parameter: Symbol, point: Mapping, low: fmpq, high: fmpq) -> bool:
    """Whether the expression, at this instance, has at most one root or pole in [low, high] (Sturm)."""
    top, bottom = cancel(together(expression)).as_numer_denom()
    count = 0
    for part in (top, bottom):
        polynomial = univariate(part, parameter, point)
        if polynomial is None:
            return False
        if polynomial.degree() > 0:
            count += polynomial.sqf_part().count_roots(_rational(low), _rational(high))
    return count <= 1


def univariate(expression: Expr, parameter: Symbol, point: Mapping) -> Poly | None:
    """A polynomial in the parameter with the other letters at their values; None when it is none."""
    if not expression.is_polynomial(parameter):
        return None
    coefficients = []
    for coefficient in Poly(expression, parameter).all_coeffs():
        number = real_value(coefficient, point)
        if number is None or isinstance(number, arb):
            return None
        coefficients.append(_rational(number))
    return Poly.from_list(coefficients, parameter)


def _rational(number: fmpq) -> Expr:
    return Rational(int(number.p), int(number.q))
