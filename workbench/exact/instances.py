"""Instances: one exact value for every letter of a claim.

Values are rationals with power-of-two denominators wherever the hypothesis allows it (so SymPy and
float64 stand at the same point), generic on purpose: identity matrices and equal eigenvalues hide
transposed and reordered formulas.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import singledispatch
from itertools import chain, combinations, islice
from random import Random as Generator
from typing import Any

import numpy as np
import sympy as sp
from flint import fmpq, fmpq_mat

from workbench.exact.rings import identity, inverse
from workbench.exact.values import evaluate
from workbench.language import letters as L
from workbench.language.laws import Random

Instance = dict[Any, Any]
Ends = tuple[fmpq | None, fmpq | None]
ROUND = 100  # attempts in which matrices shrink once; after the first, sizes and scales are drawn more widely
PATIENCE = 25  # attempts after which numbers are drawn over one more power of two
FARTHEST = 12  # powers of two that a number may be scaled by, up or down


class Vacuous(ValueError):
    """No instance satisfies the hypotheses: the claim says nothing."""


class Crowded(ValueError):
    """A dimension has no room for all the vectors that shall be orthogonal in it."""

    def __init__(self, letter: Any):
        super().__init__(f"{letter} and what it is orthogonal to do not fit in that dimension; draw a larger one")
        self.least = {symbol.name: len(letter.orthogonal_to) + 1 for symbol in letter.rows.free_symbols}


def dyadic(rng: Generator, low: float = -2, high: float = 2, bits: int = 4) -> fmpq:
    """A nonzero rational k/2^bits in [low, high]."""
    scale = 2**bits
    while not (k := rng.randint(int(low * scale), int(high * scale))):
        continue
    return fmpq(k, scale)


def entries(rows: int, columns: int, rng: Generator, high: float = 1, bits: int = 3) -> np.ndarray:
    """A rows×columns array of nonzero dyadic rationals."""
    drawn = [[dyadic(rng, -high, high, bits) for _ in range(columns)] for _ in range(rows)]
    return np.array(drawn, dtype=object).reshape(rows, columns)  # a matrix also when it is empty


def cayley(size: int, rng: Generator, bits: int = 3) -> np.ndarray:
    """A generic orthogonal matrix over ℚ: (I − K)(I + K)⁻¹ with K antisymmetric."""
    lower = np.tril(entries(size, size, rng, bits=bits), -1)
    skew = lower - lower.T
    return (identity(size) - skew) @ inverse(identity(size) + skew)


def stereographic(size: int, rng: Generator, bits: int = 3) -> np.ndarray:
    """A generic unit vector over ℚ: the stereographic image of a rational point."""
    plane = entries(size - 1, 1, rng, bits=bits)
    square = (plane.T @ plane)[0, 0] if size > 1 else fmpq(0)
    return np.concatenate([2 * plane, [[1 - square]]]) / (1 + square)


def completed(vectors: list[np.ndarray], size: int) -> np.ndarray:
    """An orthogonal matrix over ℚ whose first columns are these orthonormal vectors, by reflections."""
    basis = identity(size)
    for k, vector in enumerate(vectors):
        difference = identity(size)[:, [k]] - basis.T @ vector
        square = (difference.T @ difference)[0, 0]
        if square != 0:
            basis = basis - (basis @ difference) @ difference.T * (2 / square)
    return basis


def positive_definite(size: int, rng: Generator, bits: int = 3, spread: int = 0) -> np.ndarray:
    """A generic positive definite matrix over ℚ with known, distinct rational eigenvalues."""
    basis = cayley(size, rng, bits)
    return basis @ (identity(size) * apart(spectrum(size, rng, bits), rng, spread)) @ basis.T


def apart(values: np.ndarray, rng: Generator, spread: int) -> np.ndarray:
    """Eigenvalues as they are, or the first by powers of two above the others, or all of them close together."""
    if not spread:
        return values
    if (kind := rng.choice(("usual", "wide", "close"))) == "wide":
        return np.array([4 * values[0], *values[1:] / fmpq(2) ** spread])
    return values[0] + values / fmpq(2) ** spread if kind == "close" else values


def spectrum(size: int, rng: Generator, bits: int = 3) -> np.ndarray:
    """Distinct positive dyadic eigenvalues between 1/4 and 2."""
    scale = 2**bits
    grid = range(scale // 4, 2 * scale + 1)
    if bits <= 32 and size > len(grid):  # a grid as fine as so many distinct values need
        return spectrum(size, rng, size.bit_length())
    if bits <= 32:
        return np.array([fmpq(k, scale) for k in rng.sample(grid, size)])
    found: dict[int, None] = {}
    while len(found) < size:  # of so many values `sample` cannot count the places
        found[rng.randint(grid[0], grid[-1])] = None
    return np.array([fmpq(k, scale) for k in found])


class Draw:
    """Draws letters one by one; the sizes and the letters that others refer to come first.

    spread: numbers are scaled by a power of two drawn between −spread and spread.
    """

    def __init__(
        self, seed: str, sizes: Mapping[str, int] | None = None, shrink: int = 0, bits: int = 3, longest: int = 6,
        spread: int = 0, ends: Mapping[Any, Ends] | None = None,
    ):  # fmt: skip
        self.seed, self.given, self.shrink, self.bits, self.longest = seed, dict(sizes or {}), shrink, bits, longest
        self.spread, self.ends = spread, ends or {}
        self.point: Instance = {}

    def rng(self, letter: Any) -> Generator:
        return Generator(f"{self.seed}/{letter.name}")

    def scale(self, letter: Any) -> fmpq:
        """A power of two: how large this letter is beside its usual size."""
        power = Generator(f"{self.seed}/{letter.name}/scale").randint(-self.spread, self.spread)
        return fmpq(2) ** power

    def length(self, expression: Any) -> int:
        for symbol in sp.sympify(expression).free_symbols:
            self.value(symbol)
        return int(evaluate(sp.sympify(expression), self.point).p)

    def value(self, letter: Any) -> Any:
        if letter not in self.point:
            given = self.given.get(letter.name)
            drawn = draw_letter(letter, self) if given is None else as_rational(given)
            self.point[letter] = moved(drawn, *self.ends[letter]) if letter in self.ends else drawn
        return self.point[letter]

    def values(self, letters: Iterable[Any]) -> Instance:
        """All values drawn so far, those of these letters among them."""
        for letter in letters:
            self.value(letter)
        return self.point


def moved(value: fmpq, low: fmpq | None, high: fmpq | None) -> fmpq:
    """A number as it is where it lies between the ends that are given, or one that does."""
    if (low is None or value > low) and (high is None or value < high):
        return value
    if high is None:
        return value if low is None else low + abs(value)
    return high - abs(value) if low is None else (low + abs(value) * high) / (1 + abs(value))


def ends_of(hypotheses: Iterable[Any]) -> dict[Any, Ends]:
    """Between which numbers the hypotheses want a real letter: t > 100, as far as they speak of it alone."""
    found: dict[Any, Ends] = {}
    for said in hypotheses:
        letter, bound = (said.gts, said.lts) if isinstance(said.gts, sp.Symbol) else (said.lts, said.gts)
        if (
            isinstance(letter, L.Scalar)
            and not isinstance(letter, L.Size | L.Overlap | L.Probability | L.Eigenvalue | L.Large)
            and bound.is_Rational
        ):
            low, high = found.get(letter, (fmpq(0) if isinstance(letter, L.Positive) else None, None))
            if letter == said.gts:
                found[letter] = (as_rational(bound) if low is None else max(low, as_rational(bound)), high)
            else:
                found[letter] = (low, as_rational(bound) if high is None else min(high, as_rational(bound)))
    return found


def as_rational(value: Any) -> Any:
    """A Python number or nested list as rationals."""
    if isinstance(value, list | tuple | np.ndarray):
        return np.array([[as_rational(entry) for entry in row] for row in value])
    exact = sp.Rational(value)
    return fmpq(int(exact.p), int(exact.q))


@singledispatch
def draw_letter(letter: Any, draw: Draw) -> Any:
    """An exact value that satisfies the hypothesis of the letter's class."""
    raise TypeError(f"no way to draw {letter!r}: it is not a letter of workbench.language.letters")


@draw_letter.register
def _(letter: L.Scalar, draw: Draw) -> Any:
    return dyadic(draw.rng(letter), bits=draw.bits + 1) * draw.scale(letter)


@draw_letter.register
def _(letter: L.Positive, draw: Draw) -> Any:
    return dyadic(draw.rng(letter), 0.25, 2, draw.bits + 1) * draw.scale(letter)


@draw_letter.register
def _(letter: L.Probability, draw: Draw) -> Any:
    share = dyadic(draw.rng(letter), 1 / 16, 15 / 16, draw.bits + 1)
    scale = draw.scale(letter)  # near 0 for small scales, near 1 for large ones
    return share * scale if scale <= 1 else 1 - (1 - share) / scale


@draw_letter.register
def _(letter: L.Large, draw: Draw) -> Any:
    return dyadic(draw.rng(letter), 8, 16, draw.bits + 1) * max(draw.scale(letter), fmpq(1))


@draw_letter.register
def _(letter: L.Overlap, draw: Draw) -> Any:
    cosine, scale = dyadic(draw.rng(letter), -15 / 16, 15 / 16, draw.bits + 1), draw.scale(letter)
    return cosine * scale if scale <= 1 else (1 if cosine > 0 else -1) - cosine / scale


@draw_letter.register
def _(letter: L.Size, draw: Draw) -> Any:
    return fmpq(draw.rng(letter).choice(range(2, max(3, draw.longest - 3) + 1)))


@draw_letter.register
def _(letter: L.Count, draw: Draw) -> Any:
    return fmpq(draw.rng(letter).choice(range(3, draw.longest + 1)))


@draw_letter.register
def _(letter: L.Eigenvalue, draw: Draw) -> Any:
    return draw.rng(letter).choice(known_eigenvalues(draw.value(letter.of)))


@draw_letter.register
def _(letter: L.TopEigenvalue, draw: Draw) -> Any:
    return max(known_eigenvalues(draw.value(letter.of)))


@draw_letter.register
def _(letter: L.Matrix, draw: Draw) -> Any:
    rows, columns = draw.length(letter.rows), draw.length(letter.cols)
    return entries(rows, columns, draw.rng(letter), bits=draw.bits) * (draw.scale(letter) / 2**draw.shrink)


@draw_letter.register
def _(letter: L.UnitVector, draw: Draw) -> Any:
    others, size = [draw.value(other) for other in letter.orthogonal_to], draw.length(letter.rows)
    if len(others) >= size:
        raise Crowded(letter)
    free = stereographic(size - len(others), draw.rng(letter), draw.bits)
    return completed(others, size)[:, len(others) :] @ free


@draw_letter.register
def _(letter: L.Coordinate, draw: Draw) -> Any:
    size = draw.length(letter.rows)
    if letter.place >= size:
        raise Crowded(letter)
    return identity(size)[:, [letter.place]]


@draw_letter.register
def _(letter: L.Symmetric, draw: Draw) -> Any:
    square = entries(*[draw.length(letter.rows)] * 2, draw.rng(letter), bits=draw.bits)
    return (square + square.T) * (draw.scale(letter) / 2)


@draw_letter.register
def _(letter: L.SPD, draw: Draw) -> Any:
    matrix = positive_definite(draw.length(letter.rows), draw.rng(letter), draw.bits, draw.spread)
    return matrix * draw.scale(letter)


@draw_letter.register
def _(letter: L.Orthogonal, draw: Draw) -> Any:
    rotation = cayley(draw.length(letter.rows), draw.rng(letter), draw.bits)
    if Generator(f"{draw.seed}/{letter.name}/reflected").random() < 0.5:  # determinant −1
        rotation[:, 0] = -rotation[:, 0]
    return rotation


def known_eigenvalues(matrix: np.ndarray) -> list[fmpq]:
    """The eigenvalues of a matrix that was drawn with rational ones, in ascending order."""
    roots = fmpq_mat([list(row) for row in matrix]).charpoly().roots()
    found = sorted(root for root, multiplicity in roots for _ in range(multiplicity))
    if len(found) != len(matrix):
        raise ArithmeticError("this matrix was not drawn with rational eigenvalues")
    return found


def letters_of(*expressions: Any) -> list[Any]:
    """The letters that an instance must give a value, laws of random letters included."""
    found: set[Any] = set()
    queue = list(expressions)
    while queue:
        expression = queue.pop()
        for atom in expression.atoms(sp.Symbol, sp.MatrixSymbol):
            if atom in found:
                continue
            found.add(atom)
            queue += list(atom.args[1:]) if isinstance(atom, sp.MatrixSymbol) else []
            queue += [atom.of] if isinstance(atom, L.Eigenvalue) else []
    return sorted((a for a in found if not isinstance(a, Random)), key=lambda a: a.name)


def draw(
    letters: Iterable[Any],
    seed: str = "0",
    sizes: Mapping[str, int] | None = None,
    hypotheses: Iterable[Any] = (),
    attempts: int = 20 * ROUND,
    bits: int = 3,
    longest: int = 6,
    spread: int = 0,
) -> Instance:
    """One exact value for every letter, satisfying the hypotheses (SymPy relations).

    `sizes` may fix letters by name; after a round of attempts they are drawn as well, no two of one kind alike
    where the hypotheses leave others. Matrices and vectors shrink in the course of a round, since hypotheses
    mostly ask for something to be small; sizes grow after the first round, numbers spread over more scales and lie
    beyond what bounds them alone, for some ask for much, and a dimension grows where orthogonal vectors need room.
    Raises Vacuous when no attempt satisfies the hypotheses.
    `bits`: how fine the dyadic grid is; `longest`: the largest count that is drawn; `spread`: numbers and
    matrices are scaled by powers of two up to 2^±spread.
    """
    hypotheses, sizes = [relation for relation in hypotheses if relation != sp.true], dict(sizes or {})
    if sp.false in hypotheses:
        raise Vacuous("a hypothesis contradicts what its letters promise (a positive letter below zero, say)")
    wanted = [*letters, *letters_of(*hypotheses)] if hypotheses else list(letters)
    found = drawn(wanted, seed, sizes, hypotheses, attempts, bits, longest, spread)
    if (first := next(found, None)) is None:
        raise Vacuous(
            f"no instance in {attempts} draws satisfies {', '.join(map(str, hypotheses))}; "
            "the hypotheses may contradict each other — weaken them or fix sizes"
        )
    others = (point for point in chain([first], islice(found, ROUND)) if not exchangeable(point, sizes))
    return next(others, first)


def drawn(
    wanted: list[Any], seed: str, sizes: dict[str, int], hypotheses: list[Any], attempts: int, bits: int, longest: int,
    spread: int,
) -> Iterator[Instance]:  # fmt: skip
    """Points that satisfy the hypotheses, of so many attempts."""
    conditions = [(relation, letters_of(relation)) for relation in hypotheses]
    room: dict[str, int] = {}
    ends = ends_of(hypotheses)
    for attempt in range(attempts):
        fixed = {**(sizes if attempt < ROUND else {}), **room}
        shrink, growth = attempt % ROUND // 12, min(max(0, attempt - ROUND) // 10, 10)
        reach = max(spread, min(attempt // PATIENCE, FARTHEST))
        name, within = f"{seed}#{attempt}" if attempt else seed, ends if attempt >= ROUND else None
        drawing = Draw(name, fixed, shrink, bits, longest + growth, reach, within)
        try:
            # Most attempts fail at the first condition: the other letters are drawn when they are needed.
            if all(holds(relation, drawing.values(named)) for relation, named in conditions):
                if not alike(drawing.values(wanted)):
                    yield drawing.point
        except Crowded as crowd:
            room |= crowd.least


def exchangeable(point: Instance, given: Mapping[str, int]) -> bool:
    """Whether two sizes of one kind happen to be equal, and were not given so: one could stand for the other."""
    pairs = combinations([letter for letter in point if isinstance(letter, L.Size)], 2)
    equal = [(one, other) for one, other in pairs if type(one) is type(other) and point[one] == point[other]]
    return any(given.get(one.name, one) != given.get(other.name, other) for one, other in equal)


def alike(point: Instance) -> bool:
    """Whether two vectors or matrices happen to be one and the same: such a point is not generic."""
    drawn = (value for letter, value in point.items() if not isinstance(letter, L.Coordinate))
    arrays = [tuple(value.reshape(-1)) for value in drawn if isinstance(value, np.ndarray) and value.size > 1]
    return len(set(arrays)) < len(arrays)


def as_point(expression: sp.Basic, **letters: Any) -> dict[Any, Any]:
    """A point from plain numbers and nested lists, by the names of an expression's letters.

    Raises KeyError when a name is not a letter of the expression, or a letter is left out.
    """
    known = {letter.name: letter for letter in letters_of(expression)}
    missing, extra = sorted(known.keys() - letters.keys()), sorted(letters.keys() - known.keys())
    if missing:
        raise KeyError(
            f"no value for the letters {', '.join(missing)}" + (f"; {', '.join(extra)} is unused" if extra else "")
        )
    return {known[name]: as_rational(value) for name, value in letters.items() if name in known}


def sizes_allowed(sizes: Mapping[Any, int], hypotheses: Iterable[Any]) -> bool:
    """Whether the hypotheses about sizes alone hold."""
    said = [relation for relation in hypotheses if relation.free_symbols and relation.free_symbols <= set(sizes)]
    return satisfied(said, {letter: fmpq(number) for letter, number in sizes.items()})


def satisfied(hypotheses: Iterable[Any], point: Instance) -> bool:
    """Whether all hypotheses hold at a point."""
    return all(holds(relation, point) for relation in hypotheses)


def holds(relation: Any, point: Mapping[Any, Any]) -> bool:
    """Whether a strict or weak inequality between rational expressions holds at a point."""
    difference = evaluate(relation.lhs - relation.rhs, point)
    return {"<": difference < 0, "<=": difference <= 0, ">": difference > 0, ">=": difference >= 0}[relation.rel_op]
