"""Proofs: every line re-checked exactly, and what the proof rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil, inf, log2
from typing import Any

from workbench.calculus.agreement import Refuted, Unsettled, widths
from workbench.calculus.rules import Rule, check_line
from workbench.calculus.rules.making import WATCHING
from workbench.claims import Claim, Line, given, so
from workbench.exact.degrees import BITS, NoBound, of_difference
from workbench.exact.instances import draw, letters_of, sizes_allowed
from workbench.exact.rings import NotRational, Undefined
from workbench.judging.far_points import refute_far_away
from workbench.judging.generic_sizes import refute_at_generic_sizes
from workbench.judging.saturation import saturated
from workbench.judging.sizes import ATTEMPTS, equality, expressions_in, for_every_size, smooth, written_out
from workbench.language.letters import Count, Size

# (every dimension, every count): small, because means are multiplied out. Counts grow where the hypotheses
# exclude these sizes, or where a line has no value (the inverse of XXᵀ has no mean for N ≤ d + 1).
SIZES = ((2, 2), (3, 2), (2, 3))
LARGEST = 9
REDRAWS = 3  # at the same sizes, where a line has no value
Sizes = tuple[tuple[Any, int], ...]  # (letter, value) pairs


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
    every: bool = False  # whether the grade holds for every size that the hypotheses allow, not for the sizes tried
    where: Mapping[Any, Any] | None = None  # the point at which a false line fails

    @property
    def stands(self) -> bool:
        return self.grade not in ("false", "open")

    @property
    def certainty(self) -> str:
        """What the grade is worth, in a few words."""
        worth = ""
        if self.grade == "proved" and self.chance is not None:
            worth = "for certain" if self.chance == -inf else f"but for a chance below 2^{ceil(self.chance)}"
        if self.grade == "enclosed" and self.radius is not None:
            worth = f"to within {self.radius:.0e}"
        return ", ".join(filter(None, (worth, self.quantifier)))

    @property
    def quantifier(self) -> str:
        """For which sizes the grade holds; empty where no size occurs, or nothing was compared."""
        if not any(self.sizes) or self.grade not in ("proved", "enclosed"):
            return ""
        return "for every size" if self.every else "at these sizes"


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


def quantifier(lines: Iterable[CheckedLine]) -> str:
    """For which sizes lines were compared, in words: every one, or those at which some of them were tried."""
    sized = [line for line in lines if any(line.sizes)]
    tried = [sizes for line in sized if not line.every for sizes in line.sizes]
    return sizes_in_words(tried) if tried else "for every size" if sized else ""


def sizes_in_words(tried: Iterable[str]) -> str:
    """Sizes that were tried, letter by letter: at d = 2, 3 and N = 2, 3, 4."""
    values: dict[str, set[int]] = {}
    for letter, number in (pair.split(" = ") for sizes in tried for pair in sizes.split(", ") if pair):
        values.setdefault(letter, set()).add(int(number))
    said = [f"{letter} = {', '.join(map(str, sorted(values[letter])))}" for letter in sorted(values)]
    return f"at {' and '.join(said)}" if said else ""


def both_ways(status: str, reason: str, exactly: CheckedLine | None) -> tuple[str, str]:
    """Measurement and exact arithmetic together: exact arithmetic outranks what a measurement could resolve."""
    equal = None if exactly is None or exactly.grade == "open" else exactly.stands
    if status == "refuted" and equal:
        return "undecided", "derivation and measurement disagree: one of the two has a fault"
    if status != "refuted" and equal is False and exactly is not None:
        return "refuted", f"exact arithmetic tells the two sides apart: {exactly.reason}"
    return status, reason


def check(claim: Claim, seed: str = "proof") -> Proof:
    """Re-check every line of a claim at several sizes."""
    lines = claim.lines
    return Proof(claim, tuple(one_checked(claim, lines, place, seed) for place in range(len(lines))))


def compared(claim: Claim, other: Any, seed: str = "compared") -> CheckedLine:
    """Another formula against the closed form of a claim: equal (with a grade), or not."""
    both = (Line(given("derived", claim.formula), claim.formula), Line(so("typed", other), other))
    return one_checked(claim, both, 1, seed)


def one_checked(claim: Claim, lines: tuple[Line, ...], place: int, seed: str) -> CheckedLine:
    line = lines[place]
    how = line.step.how
    if how in ("given", "recalled"):
        return CheckedLine(line, "stated" if how == "given" else "recalled")
    if how == "assumed":
        return CheckedLine(line, "assumed")
    if place == 0:
        return CheckedLine(line, "false", "an asserted line needs a line before it")
    before, by = lines[place - 1].expression, line.step.rule or equality
    tried: list[tuple[Sizes, Mapping[Any, Any]]] = []
    try:
        with widths() as noted:
            starts = SIZES if letters_of(before, line.expression, *expressions_in(line.step.arguments)) else SIZES[:1]
            grades = set(_grades(claim, seed, starts, tried, before, line, by))
        every = "measured" not in grades and for_every_size(
            by, before, line.expression, line.step.arguments, claim.hypotheses
        )
        if not (
            every and grades == {"proved"} and smooth(before, line.expression, *expressions_in(line.step.arguments))
        ):
            refute_far_away(claim, before, line, by)
        if not every:
            refute_at_generic_sizes(claim, before, line, by)
    except Refuted as refutation:
        return CheckedLine(line, "false", str(refutation), where=refutation.where)
    except (Unsettled, NotRational) as doubt:
        return CheckedLine(line, "open", str(doubt))
    except Undefined as gap:
        return CheckedLine(line, "open", f"no value at any instance tried, with counts up to {LARGEST}: {gap}")
    grade = next(g for g in ("measured", "enclosed", "proved") if g in grades)
    points_tried = [point for _, point in tried]
    hidden = grade == "enclosed" and how == "asserted" and saturated(points_tried, before, line.expression)
    if hidden and written_out(before, line.expression) is not None:
        return CheckedLine(line, "open", f"{hidden} is too near its limit wherever it was tried, so nothing tested it")
    at, given_to = points_tried, line.step.arguments
    chance = chance_of_error(claim, by, before, line.expression, at, given_to) if grade == "proved" else None
    return CheckedLine(line, grade, "", chance, max(noted, default=None), tuple(map(sizes_of, at)), every)


def chance_of_error(claim: Claim, by: Rule, before: Any, after: Any, tried: list, given_to: Any) -> float | None:
    """log₂ of a bound, by Schwartz and Zippel, on the chance to pass when false at one of the sizes tried.

    None where no degree bounds the check. A point may be the last of several that were drawn.
    """
    try:
        degree = max(of_difference(by.check.__name__, before, after, point, given_to) for point in tried)
    except NoBound:
        return None
    draws = ATTEMPTS if claim.hypotheses else 1
    return log2(degree * draws) - BITS if degree else -inf


def sizes_of(point: Mapping[Any, Any]) -> str:
    """The sizes of a point in words."""
    sizes = sorted((letter.name, value) for letter, value in point.items() if isinstance(letter, Size))
    return ", ".join(f"{name} = {value}" for name, value in sizes)


def _grades(
    claim: Claim, seed: str, starts: Iterable[tuple[int, int]], tried: list, before: Any, line: Line, by: Rule
) -> Iterator[str]:
    """The grade from each of the sizes on. What is out of reach at larger ones alone is graded at the others."""
    beyond, found = None, False
    for start in starts:
        try:
            grade = _grade(claim, seed, start, tried, before, line, by)
        except NotRational as problem:
            beyond = problem
        else:
            found = True
            yield grade
    if beyond and not found:
        raise beyond


def _grade(claim: Claim, seed: str, start: tuple[int, int], tried: list, before: Any, line: Line, by: Rule) -> str:
    """Re-check a line at the first point, from these sizes on, where all that is compared has a value.

    Raises Undefined when there is none, Unsettled when balls are too wide everywhere: an instance that says nothing
    never counts as a pass.
    """
    arguments, gap = line.step.arguments, None
    # A limit is watched from round numbers; no chance is computed there.
    bits = 16 if by.check in WATCHING else BITS
    seen_in, used = (before, line.expression, *expressions_in(arguments)), {sizes for sizes, _ in tried}
    for sizes, point in points(claim, seed, start, used, *seen_in, bits=bits):
        try:
            grade = check_line(by, before, line.expression, point, arguments)
        except (Undefined, ZeroDivisionError, Unsettled) as found:
            gap = found
        except Refuted as refutation:
            refutation.where = point
            raise
        else:
            tried.append((sizes, point))
            return grade
    raise gap if isinstance(gap, Unsettled) else Undefined(str(gap))


def points(
    claim: Claim, seed: str, start: tuple[int, int], used: Collection[Sizes], *expressions: Any, bits: int = BITS
) -> Iterator[tuple[Sizes, Mapping[Any, Any]]]:
    """Exact points that satisfy the hypotheses of the claim, with their sizes, from these sizes upwards."""
    letters = letters_of(*expressions, *claim.hypotheses)
    name = f"{seed}/{claim.name}/{start[0]}{start[1]}"
    rungs = [sizes for sizes in _ladder(letters, start, used) if sizes_allowed(dict(sizes), claim.hypotheses)]
    for rung, sizes in enumerate(rungs or [()]):  # where no rung is allowed, sizes are drawn like other letters
        fixed = {letter.name: value for letter, value in sizes}
        for redraw in range(REDRAWS):
            fresh = f"+{rung}.{redraw}" if rung or redraw else ""
            yield sizes, draw(letters, name + fresh, fixed, claim.hypotheses, ATTEMPTS, bits, LARGEST)


def _ladder(letters: list[Any], start: tuple[int, int], used: Collection[Sizes]) -> list[Sizes]:
    """Sizes for the letters that are sizes: the small ones, then unused counts, then one dimension more."""
    small, many = start
    named = [letter for letter in letters if isinstance(letter, Size)]
    counts = {value for sizes in used for letter, value in sizes if isinstance(letter, Count)}
    longer = [many, *(n for n in range(many + 1, LARGEST + 1) if n not in counts)]
    pairs = [*((small, n) for n in longer), (small + 1, many)]
    orders = (named, named[::-1]) if start in SIZES[::2] else (named[::-1], named)
    return list(dict.fromkeys(_spread(order, k, n) for k, n in pairs for order in orders))


def _spread(named: list[Any], small: int, many: int) -> Sizes:
    """Sizes from these upwards, no two of one kind alike: none can stand for another."""
    ahead = {True: many, False: small}
    sizes = {}
    for letter in named:
        sizes[letter] = ahead[isinstance(letter, Count)]
        ahead[isinstance(letter, Count)] += 1
    return tuple(sorted(sizes.items(), key=lambda pair: pair[0].name))
