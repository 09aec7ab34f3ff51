"""Making rules: a named step of a proof, what derives it and what re-checks it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from flint import ctx

from workbench.calculus.agreement import Unsettled
from workbench.exact.rings import Balls, NotRational, Rationals

Check = Callable[..., None]


@dataclass(frozen=True)
class Rule:
    """A named step of the calculus: `compute` derives, `check` re-checks at a point."""

    name: str
    statement: str
    compute: Callable[..., Any]
    check: Check

    def __call__(self, expression: Any, **arguments: Any) -> Any:
        return self.compute(expression, **arguments)


def rule(check: Check) -> Callable[[Callable[..., Any]], Rule]:
    """Make a function a rule, re-checked by `check(before, after, point, ring, **arguments)`."""

    def make(compute: Callable[..., Any]) -> Rule:
        statement = (getdoc(compute) or "").split("\n")[0].rstrip(".")
        return Rule(compute.__name__, statement, compute, check)

    return make


def check_line(rule_: Rule, before: Any, after: Any, point: Mapping, arguments: Mapping[str, Any]) -> str:
    """Re-check one application of a rule at a point: 'proved' over ℚ, else 'enclosed' by balls.

    A check that only watches an error fall, as sizes grow, has 'measured'.

    Raises Refuted when the line is false.
    """
    watched = rule_.check in WATCHING
    try:
        rule_.check(before, after, point, Rationals(), **arguments)
        return "measured" if watched else "proved"
    except NotRational:
        pass
    unsettled = False
    try:
        rule_.check(before, after, point, Balls(), **arguments)
    except Unsettled:
        unsettled = True
    with ctx.workprec(PATIENT_BITS), nullcontext() if unsettled else suppress(Unsettled):
        rule_.check(before, after, point, Balls(), **arguments)
    return "measured" if watched else "enclosed"


WATCHING: set[Check] = set()


def watching(check: Check) -> Check:
    """Mark a check that sees a limit approached and cannot see it reached."""
    WATCHING.add(check)
    return check


LIMITS: set[Check] = set()


def limiting(check: Check) -> Check:
    """Mark a check of a line to which the line before tends as all sizes grow in fixed proportions."""
    LIMITS.add(check)
    return watching(check)


PATIENT_BITS = 160  # tells apart what overlaps at a double's 53 bits, and settles what is too wide there
PASSES = 2  # an inverse is collected inside first, and may then turn out to be a multiple of the identity


def collected(line: Any) -> Any:
    """A line with equal terms collected, where the algebra of traces can read it."""
    from workbench.calculus.algebra.printing import expression_of
    from workbench.calculus.algebra.translation import polynomial
    from workbench.calculus.errors import CalculusError

    try:
        for _ in range(PASSES):
            line = expression_of(polynomial(line))
    except CalculusError:
        pass
    return line
