"""Proofs: every line re-checked exactly, and what the proof rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import ceil, inf, log2
from random import Random as Generator
from typing import Any

from flint import fmpq
from sympy import Abs, E, Heaviside, Max, Min, Piecewise, Pow, sign, sympify

from workbench.calculus.agreement import Refuted, Unsettled, widths
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import CalculusError
from workbench.calculus.rules import Rule, check_line, rule, same_value
from workbench.calculus.rules.making import WATCHING
from workbench.claims import Claim, Line, given, so
from workbench.exact.degrees import BITS, NoBound, of_difference
from workbench.exact.instances import Vacuous, draw, holds, letters_of
from workbench.exact.rings import NotRational, Undefined
from workbench.laws import Random
from workbench.letters import Count, Size

# (every dimension, every count): small, because means are multiplied out. Counts grow where the hypotheses
# exclude these sizes, or where a line has no value (the inverse of XXᵀ has no mean for N ≤ d + 1).
SIZES = ((2, 2), (3, 2), (2, 3))
LARGEST = 9
# Closed forms hold no mean, so they cost little anywhere: they are compared at sizes that no interpolation through
# small ones foresees, drawn from these ranges by the text of the line, with numbers over many scales.
WIDE_DIMENSIONS, WIDE_COUNTS, WIDE_TRIES, SPREAD, WIDE_BITS = (1, 9), (1, 64), 2000, 10, 4
WIDE_POINTS, WIDE_NUMBERS, WIDE_KINKED = 8, 24, 160  # with matrices; numbers alone; what has a kink, on all its pieces
KINKS = (Abs, Max, Min, Heaviside, Piecewise, sign)
PLAIN = ("same_value", "at_replaced_letters", "difference", "quotient", "scalar_product", "vanishes_there")
REDRAWS = 3  # at the same sizes, where a line has no value
ATTEMPTS = 200  # draws of a point that satisfies the hypotheses
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
        if self.grade == "proved" and self.chance is not None:
            if self.chance == -inf:
                return "for certain, for every size" if self.every else "for certain at these sizes"
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


def both_ways(status: str, reason: str, exactly: CheckedLine | None) -> tuple[str, str]:
    """Measurement and exact arithmetic together: exact arithmetic outranks what a measurement could resolve."""
    equal = None if exactly is None or exactly.grade == "open" else exactly.stands
    if status == "refuted" and equal:
        return "undecided", "derivation and measurement disagree: one of the two has a fault"
    if status != "refuted" and equal is False and exactly is not None:
        return "refuted", f"exact arithmetic tells the two sides apart: {exactly.reason}"
    return status, reason


@rule(same_value)
def equality(line: Any) -> Any:
    """Two lines that have the same value."""
    return line


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
            grades = {_grade(claim, seed, start, tried, before, line, by) for start in SIZES}
        everywhere(claim, before, line, by)
    except Refuted as refutation:
        return CheckedLine(line, "false", str(refutation), where=refutation.where)
    except (Unsettled, NotRational) as doubt:
        return CheckedLine(line, "open", str(doubt))
    except Undefined as gap:
        return CheckedLine(line, "open", f"no value at any instance tried, with counts up to {LARGEST}: {gap}")
    grade = next(g for g in ("measured", "enclosed", "proved") if g in grades)
    at, given_to = [point for _, point in tried], line.step.arguments
    chance = chance_of_error(claim, by, before, line.expression, at, given_to) if grade == "proved" else None
    every = grade in ("proved", "enclosed") and for_every_size(before, line.expression, by)
    return CheckedLine(line, grade, "", chance, max(noted, default=None), tuple(map(sizes_of, at)), every)


def everywhere(claim: Claim, before: Any, line: Line, by: Rule) -> None:
    """Raise Refuted where two closed forms differ at sizes and scales far from those of the small points.

    Only a difference counts: where a value is missing, or is enclosed too widely, nothing is said.
    """
    arguments = line.step.arguments
    compared = (before, line.expression, *_letters_in(arguments))
    if by.check.__name__ not in PLAIN or any(each.has(Random) for each in compared):
        return
    for point in wide_points(claim, line, *compared):
        try:
            check_line(by, before, line.expression, point, arguments)
        except Refuted as refutation:
            refutation.where = point
            raise
        except (ArithmeticError, ValueError):
            continue


def wide_points(claim: Claim, line: Line, *expressions: Any) -> Iterator[Mapping[Any, Any]]:
    """Points that satisfy the hypotheses, of sizes small and large, with numbers over many scales."""
    letters = letters_of(*expressions, *claim.hypotheses)
    named = [letter for letter in letters if isinstance(letter, Size)]
    axes = {
        n for letter in letters if letter.is_Matrix for length in letter.shape for n in sympify(length).free_symbols
    }
    powers = any(node.exp.free_symbols for each in expressions for node in each.atoms(Pow) if node.base is not E)
    ranges = [WIDE_DIMENSIONS if powers or letter in axes else WIDE_COUNTS for letter in named]
    few = [WIDE_DIMENSIONS] * len(named)
    rng = Generator(f"wide/{claim.name}/{line.expression}")
    tried = ([rng.randint(*ends) for ends in (ranges, few)[n % 2]] for n in range(WIDE_TRIES))
    held = (sizes for sizes in tried if allowed(dict(zip(named, sizes)), claim.hypotheses))
    kinked = any(each.has(*KINKS) for each in expressions)
    wanted = WIDE_KINKED if kinked else WIDE_POINTS if axes else WIDE_NUMBERS
    sizes_tried = sorted(islice(held, wanted), key=sum)  # the smallest witness is found first
    for place, sizes in enumerate(sizes_tried):
        fixed = {letter.name: size for letter, size in zip(named, sizes)}
        spread = SPREAD if place % 2 and not powers else 0  # some at usual scales, where no term hides another
        seed = f"wide/{claim.name}/{line.expression}/{place}"
        try:
            yield draw(letters, seed, fixed, claim.hypotheses, ATTEMPTS, WIDE_BITS, LARGEST, spread)
        except (Vacuous, ArithmeticError):
            continue


def for_every_size(before: Any, after: Any, by: Rule) -> bool:
    """Whether equality of two closed forms holds for every size: none occurs, or the normal forms agree."""
    if by.check.__name__ != "same_value" or before.has(Random) or after.has(Random):
        return False
    if not any(isinstance(letter, Size) for letter in letters_of(before, after)):
        return True
    try:
        return same(polynomial(before), polynomial(after))
    except (CalculusError, ArithmeticError, ValueError, TypeError):
        return False


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


def _grade(claim: Claim, seed: str, start: tuple[int, int], tried: list, before: Any, line: Line, by: Rule) -> str:
    """Re-check a line at the first point, from these sizes on, where all that is compared has a value.

    Raises Undefined when there is none: an instance without a value says nothing, and never counts as a pass.
    """
    arguments, gap = line.step.arguments, None
    # A limit is watched from round numbers; no chance is computed there.
    bits = 16 if by.check in WATCHING else BITS
    seen_in, used = (before, line.expression, *_letters_in(arguments)), {sizes for sizes, _ in tried}
    for sizes, point in points(claim, seed, start, used, *seen_in, bits=bits):
        try:
            grade = check_line(by, before, line.expression, point, arguments)
        except (Undefined, ZeroDivisionError) as found:
            gap = found
        except Refuted as refutation:
            refutation.where = point
            raise
        else:
            tried.append((sizes, point))
            return grade
    raise Undefined(str(gap))


def points(
    claim: Claim, seed: str, start: tuple[int, int], used: Collection[Sizes], *expressions: Any, bits: int = BITS
) -> Iterator[tuple[Sizes, Mapping[Any, Any]]]:
    """Exact points that satisfy the hypotheses of the claim, with their sizes, from these sizes upwards."""
    letters = letters_of(*expressions, *claim.hypotheses)
    name = f"{seed}/{claim.name}/{start[0]}{start[1]}"
    rungs = [sizes for sizes in _ladder(letters, start, used) if allowed(dict(sizes), claim.hypotheses)]
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


def allowed(sizes: Mapping[Any, int], hypotheses: tuple[Any, ...]) -> bool:
    """Whether the hypotheses about sizes alone hold."""
    point = {letter: fmpq(value) for letter, value in sizes.items()}
    said = [relation for relation in hypotheses if relation.free_symbols and relation.free_symbols <= set(sizes)]
    return all(holds(relation, point) for relation in said)


def _letters_in(arguments: Any) -> list[Any]:
    """The SymPy expressions inside the arguments of a rule."""
    found = []
    for value in arguments.values():
        if hasattr(value, "atoms"):
            found.append(value)
        elif hasattr(value, "items"):
            found += [e for k, v in value.items() for e in (k, *(v if isinstance(v, tuple) else (v,)))]
    return [e for e in found if hasattr(e, "atoms")]
