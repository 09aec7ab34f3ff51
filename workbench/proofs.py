"""Proofs: every line re-checked exactly, and what the proof rests on."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf, log2
from typing import Any

from workbench.calculus.agreement import Refuted, Unsettled, widths
from workbench.calculus.rules import Rule, check_line, rule, same_value
from workbench.calculus.rules.making import WATCHING
from workbench.claims import Claim, Line, given, so
from workbench.degrees import BITS, NoBound, of_difference
from workbench.instances import draw, letters_of
from workbench.rings import NotRational

SIZES = ((2, 2), (3, 2), (2, 3))  # (every dimension, every count): small, because means are multiplied out
ATTEMPTS = 200  # draws of a point that satisfies the hypotheses


@dataclass(frozen=True)
class CheckedLine:
    """A line with the grade of its check, and the reason when it does not stand.

    Grades: stated, recalled, proved (equal over ℚ at random points), enclosed (balls narrower than
    `agreement.RADIUS` overlap), measured (a limit was seen approached), assumed; false, and open
    (the check could not decide).
    """

    line: Line
    grade: str
    reason: str = ""
    chance: float | None = None  # log₂ of the chance that a line false at one of the sizes is graded proved
    radius: float | None = None  # the widest ball that decided, relative to what it was compared with
    sizes: tuple[str, ...] = ()  # where the line was tried

    @property
    def stands(self) -> bool:
        return self.grade not in ("false", "open")

    @property
    def certainty(self) -> str:
        """What the grade is worth, in a few words."""
        if self.grade == "proved" and self.chance is not None:
            if self.chance == -inf:
                return "for certain at these sizes"
            return f"but for a chance below 2^{ceil(self.chance)}"
        return f"to within {self.radius:.0e}" if self.grade == "enclosed" and self.radius is not None else ""


@dataclass(frozen=True)
class Proof:
    """A claim's proof after the re-check."""

    claim: Claim
    lines: tuple[CheckedLine, ...]

    @property
    def stands(self) -> bool:
        return all(line.stands for line in self.lines)

    @property
    def assumed(self) -> list[str]:
        """The axioms this claim rests on, those of the claims it builds on included."""
        return assumptions(self.claim)

    @property
    def rules(self) -> list[str]:
        return sorted({checked.line.step.rule.name for checked in self.lines if checked.line.step.rule})


def assumptions(claim: Claim) -> list[str]:
    """Every assumed line under a claim, as 'claim: why (reference)'."""
    own = [f"{claim.name}: {line.step.why} ({line.step.source})" for line in claim.lines if line.step.how == "assumed"]
    return [*dict.fromkeys([*own, *(a for earlier in claim.builds_on for a in assumptions(earlier))])]


@rule(same_value)
def equality(line: Any) -> Any:
    """Two lines that have the same value."""
    return line


def check(claim: Claim, seed: str = "proof") -> Proof:
    """Re-check every line of a claim at several sizes."""
    lines = claim.lines
    return Proof(claim, tuple(_check_one(claim, lines, place, seed) for place in range(len(lines))))


def compared(claim: Claim, other: Any, seed: str = "compared") -> CheckedLine:
    """Another formula against the closed form of a claim: equal (with a grade), or not."""
    both = (Line(given("derived", claim.formula), claim.formula), Line(so("typed", other), other))
    return _check_one(claim, both, 1, seed)


def _check_one(claim: Claim, lines: tuple[Line, ...], place: int, seed: str) -> CheckedLine:
    line = lines[place]
    how, step = line.step.how, line.step
    if how in ("given", "recalled"):
        return CheckedLine(line, "stated" if how == "given" else "recalled")
    if how == "assumed":
        return CheckedLine(line, "assumed")
    if place == 0:
        return CheckedLine(line, "false", "an asserted line needs a line before it")
    before, by = lines[place - 1].expression, step.rule or equality
    # A limit is watched from round numbers; no chance is computed there.
    bits = 16 if by.check in WATCHING else BITS
    tried = points(claim, seed, before, line.expression, *_letters_in(step.arguments), bits=bits)
    try:
        with widths() as noted:
            grades = {check_line(by, before, line.expression, point, step.arguments) for point in tried}
    except Refuted as refutation:
        return CheckedLine(line, "false", str(refutation))
    except (Unsettled, NotRational) as doubt:
        return CheckedLine(line, "open", str(doubt))
    grade = next(g for g in ("measured", "enclosed", "proved") if g in grades)
    chance = chance_of_error(claim, by, before, line.expression, tried, step.arguments) if grade == "proved" else None
    return CheckedLine(line, grade, "", chance, max(noted, default=None), tuple(map(sizes_of, tried)))


def chance_of_error(claim: Claim, by: Rule, before: Any, after: Any, tried: list[dict], given: Any) -> float | None:
    """log₂ of a bound, by Schwartz and Zippel, on the chance to pass when false at one of the sizes tried.

    None where no degree bounds the check. A point may be the last of several that were drawn.
    """
    try:
        degree = max(of_difference(by.check.__name__, before, after, point, given) for point in tried)
    except NoBound:
        return None
    draws = ATTEMPTS if claim.hypotheses else 1
    return log2(degree * draws) - BITS if degree else -inf


def sizes_of(point: dict) -> str:
    """The sizes of a point in words."""
    from workbench.letters import Size

    sizes = sorted((letter.name, value) for letter, value in point.items() if isinstance(letter, Size))
    return ", ".join(f"{name} = {value}" for name, value in sizes)


def points(claim: Claim, seed: str, *expressions: Any, bits: int = BITS) -> list[dict]:
    """Exact points of several small sizes that satisfy the hypotheses of the claim."""
    from workbench.letters import Count, Size

    letters = letters_of(*expressions, *claim.hypotheses)
    found = []
    for small, many in SIZES:
        sizes = {
            letter.name: many if isinstance(letter, Count) else small for letter in letters if isinstance(letter, Size)
        }
        found.append(draw(letters, f"{seed}/{claim.name}/{small}{many}", sizes, claim.hypotheses, ATTEMPTS, bits))
    return found


def _letters_in(arguments: Any) -> list[Any]:
    """The SymPy expressions inside the arguments of a rule."""
    found = []
    for value in arguments.values():
        if hasattr(value, "atoms"):
            found.append(value)
        elif hasattr(value, "items"):
            found += [e for k, v in value.items() for e in (k, *(v if isinstance(v, tuple) else (v,)))]
    return [e for e in found if hasattr(e, "atoms")]
