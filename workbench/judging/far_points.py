"""Far points: closed forms compared at sizes and magnitudes that no interpolation through the usual ones foresees.

Closed forms hold no mean, so they cost little anywhere. They are compared at sizes drawn by the text of the line, with
numbers over many scales, on all pieces of what has kinks, and at the places where a formula turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from random import Random as Generator
from typing import Any

from sympy import (
    Abs,
    E,
    Heaviside,
    LambertW,
    Max,
    Min,
    Piecewise,
    Pow,
    acos,
    asin,
    atan,
    erf,
    exp,
    log,
    sign,
    sympify,
)

from workbench.calculus.agreement import Refuted
from workbench.calculus.rules import Rule, check_line
from workbench.claims import Claim, Line
from workbench.exact.instances import Vacuous, draw, letters_of, satisfied, sizes_allowed
from workbench.exact.turning_points import beside, turning_points
from workbench.judging.sizes import ATTEMPTS, apart, expressions_in, written_out
from workbench.language.laws import Random
from workbench.language.letters import Size

DIMENSIONS, COUNTS, TRIES, SPREAD, BITS = (1, 9), (1, 64), 2000, 10, 4
POINTS, NUMBERS, KINKED = 8, 24, 160  # with matrices; numbers alone; what has a kink, on all its pieces
TURNS = 120  # places where a formula turns, beside a point
LARGEST = 9  # the largest count that is drawn freely
WIDEST = 12  # the largest dimension of a matrix at which a formula is compared because it turns there
KINKS = (Abs, Max, Min, Heaviside, Piecewise, sign)
TURNING = (exp, erf, log, asin, acos, atan, LambertW)  # narrow bumps, and branches: acos(cos t) is t up to π
CORNERS = 24  # points with every number beside a border of the hypotheses at once
PLAIN = ("same_value", "at_replaced_letters", "difference", "quotient", "scalar_product", "vanishes_there")
Point = Mapping[Any, Any]


def refute_far_away(claim: Claim, before: Any, line: Line, by: Rule) -> None:
    """Raise Refuted where two closed forms differ far from the points at which the line was tried."""
    arguments = line.step.arguments
    compared = (before, line.expression, *expressions_in(arguments))
    if by.check.__name__ not in PLAIN or any(each.has(Random) for each in compared):
        return
    gap = written_out(before, line.expression) if by.check.__name__ == "same_value" else None
    for point in far_points(claim, line, *compared):
        refute_there(point, by, before, line, gap)


def refute_there(point: Point, by: Rule, before: Any, line: Line, gap: Any = None) -> None:
    """Raise Refuted, with the point, where a line fails its check there; gap: what must enclose zero as well.

    Only a difference counts: where a value is missing, or is enclosed too widely, nothing is said.
    """
    try:
        check_line(by, before, line.expression, point, line.step.arguments)
        if gap is not None:
            apart(gap, point)
    except Refuted as refutation:
        refutation.where = point
        raise
    except (ArithmeticError, ValueError):
        return


def far_points(claim: Claim, line: Line, *expressions: Any) -> Iterator[Point]:
    """Points that satisfy the hypotheses: of sizes small and large, over many scales, and where formulas turn."""
    letters = letters_of(*expressions, *claim.hypotheses)
    named = [letter for letter in letters if isinstance(letter, Size)]
    axes = axes_of(letters)
    seed, kinked = f"wide/{claim.name}/{line.expression}", any(map(has_kink, expressions))
    turns = kinked or any(each.has(*TURNING) for each in expressions)
    powers = any(node.exp.free_symbols for each in expressions for node in each.atoms(Pow) if node.base is not E)

    def drawn(place: int, sizes: Mapping[Any, int], spread: int) -> Point | None:
        fixed = {letter.name: size for letter, size in sizes.items()}
        try:
            return draw(letters, f"{seed}/{place}", fixed, claim.hypotheses, ATTEMPTS, BITS, LARGEST, spread)
        except (Vacuous, ArithmeticError):
            return None

    wanted = KINKED if kinked else POINTS if axes else NUMBERS
    for place, sizes in enumerate(sizes_tried(seed, named, axes, powers, claim.hypotheses, wanted)):
        spread = SPREAD if place % 2 and not powers else 0  # some at usual scales, where no term hides another
        if (point := drawn(place, sizes, spread)) is None:
            continue
        yield point
        if place == 0 and turns:
            borders = [said for said in claim.hypotheses if said.is_Relational]
            around = chain(islice(beside(point, *expressions, *borders), TURNS), corners(seed, point, borders))
            yield from (there for there in around if satisfied(claim.hypotheses, there))
            for beyond in sizes_where_it_turns(named, axes, sizes, point, expressions):
                if sizes_allowed(beyond, claim.hypotheses) and (point := drawn(-1, beyond, 0)) is not None:
                    yield point


def corners(seed: str, point: Point, borders: list[Any]) -> Iterator[Point]:
    """Points with all numbers moved beside borders: t s > 1 within t < 1.1, s < 1 is a corner that no axis meets."""
    rng = Generator(f"{seed}/corners")
    numbers = [letter for letter in letters_of(*borders) if letter in point and not letter.is_Matrix]
    for _ in range(CORNERS if len(numbers) > 1 else 0):
        moved = dict(point)
        for letter in numbers:
            places = [] if isinstance(letter, Size) else turning_points(letter, moved, *borders)
            kept = [place for place in places if satisfied(tuple(borders), {**moved, letter: place})]
            moved[letter] = rng.choice(kept or [moved[letter]])
        yield moved


def has_kink(expression: Any) -> bool:
    """Whether a formula may turn sharply: at a kink, or where what stands under a root vanishes."""
    return expression.has(*KINKS) or any(under_root(node) for node in expression.atoms(Pow))


def under_root(node: Any) -> bool:
    """Whether a root is taken of a number that may vanish, or become negative, within what its letters may be."""
    return bool(node.exp.is_Rational and not node.exp.is_Integer and not node.base.is_positive and node.free_symbols)


def axes_of(letters: list[Any]) -> set[Any]:
    """The sizes that are lengths of matrices."""
    return {
        n for letter in letters if letter.is_Matrix for length in letter.shape for n in sympify(length).free_symbols
    }


def sizes_tried(
    seed: str, named: list[Any], axes: set[Any], powers: bool, hypotheses: tuple[Any, ...], wanted: int
) -> list[dict[Any, int]]:
    """Sizes that the hypotheses allow, the smallest first: so the smallest witness is found first."""
    rng, few = Generator(seed), [DIMENSIONS] * len(named)
    ranges = [DIMENSIONS if powers or letter in axes else COUNTS for letter in named]
    tried = ({a: rng.randint(*ends) for a, ends in zip(named, (ranges, few)[n % 2])} for n in range(TRIES))
    return sorted(
        islice((sizes for sizes in tried if sizes_allowed(sizes, hypotheses)), wanted), key=lambda s: sum(s.values())
    )


def sizes_where_it_turns(
    named: list[Any], axes: set[Any], sizes: Mapping[Any, int], point: Point, expressions: tuple[Any, ...]
) -> Iterator[dict[Any, int]]:
    """Sizes next to the turning points of a formula in one of them."""
    for letter in named:
        for found in turning_points(letter, point, *expressions):
            if letter not in axes or found <= WIDEST:
                yield {**sizes, letter: int(found.p)}
