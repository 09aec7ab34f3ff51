"""Generic sizes: where two formulas with different normal forms must differ, however many sizes they agree at.

In the algebra of traces the coefficients of a difference are polynomials in the sizes. Words are independent as soon as
matrices are larger than their degree, so one point of such sizes, at which a coefficient does not vanish, decides.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from fractions import Fraction
from math import prod
from random import Random as Generator
from typing import Any

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.equality import cleared
from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.rules import Rule
from workbench.claims import Claim, Line
from workbench.exact.instances import Vacuous, draw, letters_of, sizes_allowed
from workbench.judging.far_points import axes_of, refute_there
from workbench.judging.sizes import ATTEMPTS, EQUATIONS, STUCK, expressions_in
from workbench.language.laws import Random
from workbench.language.letters import Size

TRIES, DOUBLING = 4000, 128  # draws of sizes; after so many draws, they are drawn from twice as many
WIDEST, BITS = 72, 4  # the largest matrix that is drawn, and the bits of its numbers
Coefficient = Mapping[tuple[tuple[Any, int], ...], Fraction]  # a monomial in sizes → its coefficient


def refute_at_generic_sizes(claim: Claim, before: Any, line: Line, by: Rule) -> None:
    """Raise Refuted where the normal forms of two closed forms differ, and their values do at generic sizes."""
    arguments = line.step.arguments
    compared = (before, line.expression, *expressions_in(arguments))
    equation = EQUATIONS.get(by.check.__name__)
    if equation is None or any(each.has(Random) for each in compared):
        return
    letters = letters_of(*compared, *claim.hypotheses)
    try:
        gaps = [gap for sides in equation(before, line.expression, **arguments) if (gap := difference(*sides))]
        found = [*generic_sizes(gaps, letters, claim.hypotheses)]
    except STUCK:  # a side without a normal form, or a size in an exponent
        return
    for sizes in found:
        fixed = {letter.name: size for letter, size in sizes.items()}
        with suppress(Vacuous, ArithmeticError):
            point = draw(letters, f"generic/{claim.name}/{line.expression}", fixed, claim.hypotheses, ATTEMPTS, BITS)
            refute_there(point, by, before, line)


def difference(left: Any, right: Any) -> TracePolynomial:
    """The normal form of the difference of two formulas, denominators multiplied out."""
    left, right = polynomial(left), polynomial(right)
    if left.is_scalar and right.is_scalar:
        left, right = left.as_number(), right.as_number()
    return cleared(left - right)


def generic_sizes(
    gaps: list[TracePolynomial], letters: list[Any], hypotheses: tuple[Any, ...]
) -> Iterator[dict[Any, int]]:
    """For every difference the first sizes drawn at which it does not vanish; small ones are drawn first."""
    named, axes = [letter for letter in letters if isinstance(letter, Size)], axes_of(letters)
    for gap in gaps:
        rng, least, coefficients = Generator(str(named)), degree(gap) + 1, coefficients_of(gap)
        for attempt in range(TRIES):
            reach = 2 ** (1 + attempt // DOUBLING)
            wide = min(reach, WIDEST) if attempt % 2 else 1  # small matrices are read with less trouble
            sizes = {n: least + rng.randint(0, wide if n in axes else reach) for n in named}
            if sizes_allowed(sizes, hypotheses) and any(value_of(coefficient, sizes) for coefficient in coefficients):
                yield sizes
                break


def degree(gap: TracePolynomial) -> int:
    """The length of its longest term: matrices that are larger make its words independent."""
    return max(len(word) + sum(map(len, traces)) for _, traces, word in gap.terms)


def coefficients_of(gap: TracePolynomial) -> list[Coefficient]:
    """The coefficients of its words and of the numbers that are no sizes."""
    found: dict[Any, dict[Any, Fraction]] = defaultdict(dict)
    for (scalars, traces, word), value in gap.terms.items():
        sizes = tuple((ALPHABET.atoms[a], int(power)) for a, power in scalars if isinstance(ALPHABET.atoms[a], Size))
        others = tuple((a, power) for a, power in scalars if not isinstance(ALPHABET.atoms[a], Size))
        found[others, traces, word][sizes] = Fraction(int(value.p), int(value.q))
    return list(found.values())


def value_of(coefficient: Coefficient, sizes: Mapping[Any, int]) -> Fraction:
    return sum(
        (value * prod(Fraction(sizes[size]) ** power for size, power in monomial)
         for monomial, value in coefficient.items()),
        Fraction(0),
    )  # fmt: skip
