"""Proofs: every line re-checked exactly, and what the proof rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workbench.calculus.agreement import Refuted, Unsettled
from workbench.calculus.rules import check_line, rule, same_value
from workbench.claims import Claim, Line
from workbench.instances import draw, letters_of
from workbench.rings import NotRational

SIZES = ((2, 2), (3, 2), (2, 3))  # (every dimension, every count): small, because means are multiplied out

# Points of a proof lie on a grid of 2^16 values a unit: a false polynomial identity of degree D holds at one
# of them with probability at most D/2^17 (Schwartz–Zippel), and must hold at all of them to pass.
BITS = 16


@dataclass(frozen=True)
class CheckedLine:
    """A line with the grade of its check, and the reason when it does not stand.

    Grades: stated, recalled, proved (equal over ℚ at random points), enclosed (balls narrower than
    `agreement.RADIUS` overlap), assumed; false, and open (the check could not decide).
    """

    line: Line
    grade: str
    reason: str = ""

    @property
    def stands(self) -> bool:
        return self.grade not in ("false", "open")


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


def _check_one(claim: Claim, lines: tuple[Line, ...], place: int, seed: str) -> CheckedLine:
    line = lines[place]
    how, step = line.step.how, line.step
    if how in ("given", "recalled"):
        return CheckedLine(line, "stated" if how == "given" else "recalled")
    if how == "assumed":
        return CheckedLine(line, "assumed")
    if place == 0:
        return CheckedLine(line, "false", "an asserted line needs a line before it")
    before = lines[place - 1].expression
    grades = set()
    try:
        for point in points(claim, seed, before, line.expression, *_letters_in(step.arguments)):
            grades.add(check_line(step.rule or equality, before, line.expression, point, step.arguments))
    except Refuted as refutation:
        return CheckedLine(line, "false", str(refutation))
    except (Unsettled, NotRational) as doubt:
        return CheckedLine(line, "open", str(doubt))
    return CheckedLine(line, "proved" if grades == {"proved"} else "enclosed")


def points(claim: Claim, seed: str, *expressions: Any) -> list[dict]:
    """Exact points of several small sizes that satisfy the hypotheses of the claim."""
    from workbench.letters import Count, Size

    letters = letters_of(*expressions, *claim.hypotheses)
    found = []
    for small, many in SIZES:
        sizes = {
            letter.name: many if isinstance(letter, Count) else small for letter in letters if isinstance(letter, Size)
        }
        found.append(draw(letters, f"{seed}/{claim.name}/{small}{many}", sizes, claim.hypotheses, bits=BITS))
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
