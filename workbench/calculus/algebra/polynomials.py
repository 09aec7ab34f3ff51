"""Trace polynomials: sums of coefficient × scalars × traces of words (× one open word).

Scalars are monomials in atoms (sizes, scale letters, anything SymPy calls a number) with
rational exponents, so N⁻¹ is N with exponent −1; a denominator that is a sum is an atom of its
own, and equality multiplies it out. A number has shape None, a matrix its pair of dimensions.

It is the free algebra over ℚ on words up to cyclic order inside a trace. `algebra.terms` (words over all SymPy
scalars) and `critical.linear_maps` (coefficients that stay whole fractions) keep what this form gives up for speed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache, reduce
from typing import Any

from flint import fmpq
from sympy import Add, Rational

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.words import Traces, Word, closed, opened, transpose
from workbench.calculus.errors import ShapeMismatch

Scalars = tuple[tuple[int, Any], ...]  # sorted (atom, exponent)
Shape = tuple[int, int] | None
Term = tuple[Scalars, Traces, Word]
Terms = dict[Term, fmpq]


@lru_cache(maxsize=2**14)
def times_scalars(left: Scalars, right: Scalars) -> Scalars:
    """The product of two scalar monomials."""
    if not left or not right:
        return left or right
    exponents = dict(left)
    for atom, exponent in right:
        exponents[atom] = exponents.get(atom, 0) + exponent
    return tuple(sorted((atom, exponent) for atom, exponent in exponents.items() if exponent))


class TracePolynomial:
    """A sum of terms, all of one shape; the open word of a number is empty."""

    __slots__ = ("_key", "shape", "terms")

    def __init__(self, terms: Mapping[Term, fmpq], shape: Shape = None) -> None:
        self.terms: Terms = {term: value for term, value in terms.items() if value}
        self.shape = shape
        self._key: frozenset[tuple[Term, fmpq]] | None = None

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __add__(self, other: TracePolynomial) -> TracePolynomial:
        return total((self, other))

    def __neg__(self) -> TracePolynomial:
        return self.scaled(fmpq(-1))

    def __sub__(self, other: TracePolynomial) -> TracePolynomial:
        return self + (-other)

    def __mul__(self, other: TracePolynomial) -> TracePolynomial:
        return product(self, other)

    def __pow__(self, exponent: int) -> TracePolynomial:
        return power(self, exponent)

    def scaled(self, factor: fmpq) -> TracePolynomial:
        """The polynomial times a rational number."""
        return TracePolynomial({term: value * factor for term, value in self.terms.items()}, self.shape)

    @property
    def T(self) -> TracePolynomial:
        """The transpose."""
        if self.shape is None:
            return self
        terms: Terms = {}
        for (scalars, traces, word), value in self.terms.items():
            accumulate(terms, (scalars, traces, transpose(word)), value)
        return TracePolynomial(terms, (self.shape[1], self.shape[0]))

    @property
    def trace(self) -> TracePolynomial:
        """The trace of a square polynomial."""
        if self.shape is None:
            return self
        if self.shape[0] != self.shape[1]:
            raise ShapeMismatch(f"the trace of a {shape_text(self.shape)} matrix; only square ones have one")
        parts = []
        for (scalars, traces, word), value in self.terms.items():
            parts.append(traced(word, self.shape[0]) * TracePolynomial({(scalars, traces, ()): value}))
        return total(parts) if parts else ZERO

    @property
    def is_scalar(self) -> bool:
        """Whether it is a number, possibly dressed as a 1×1 matrix."""
        return self.shape is None or self.shape == (ONE, ONE)

    def as_number(self) -> TracePolynomial:
        """A 1×1 polynomial as the number it holds."""
        return TracePolynomial(self.terms, None)

    def with_shape(self, shape: Shape) -> TracePolynomial:
        """The same terms in another shape (the caller knows that they fit)."""
        return TracePolynomial(self.terms, shape)

    @property
    def key(self) -> frozenset[tuple[Term, fmpq]]:
        """What distinguishes this polynomial from others, hashable."""
        if self._key is None:
            self._key = frozenset(self.terms.items())
        return self._key


def accumulate(terms: Terms, term: Term, value: fmpq) -> None:
    """Add one term to a sum."""
    terms[term] = terms.get(term, 0) + value


def total(parts: Iterable[TracePolynomial]) -> TracePolynomial:
    """The sum of polynomials of one shape."""
    parts = list(parts)
    shape = parts[0].shape
    terms: Terms = {}
    for part in parts:
        if part.shape != shape:
            raise ShapeMismatch(
                f"{shape_text(shape)} plus {shape_text(part.shape)}: only equal shapes add; "
                "a 1×1 matrix becomes a number inside Trace(...)"
            )
        for term, value in part.terms.items():
            accumulate(terms, term, value)
    return TracePolynomial(terms, shape)


def product(left: TracePolynomial, right: TracePolynomial) -> TracePolynomial:
    """The product, matrix product where both are matrices; a 1×1 factor acts as a number."""
    for one, other in ((left, right), (right, left)):
        if one.shape is None and one.terms == UNIT.terms:
            return other
    shape = _product_shape(left.shape, right.shape)
    terms: Terms = {}
    for (scalars, traces, word), value in left.terms.items():
        for (more, others, tail), factor in right.terms.items():
            monomial, value_here = times_scalars(scalars, more), value * factor
            if not word or not tail:
                accumulate(terms, (monomial, _merged(traces, others), word or tail), value_here)
                continue
            numbers, dimensions, joined = opened(word + tail)
            term = (monomial, _merged(_merged(traces, others), numbers), joined)
            for (sizes, _, _), count in sizes_product(dimensions).terms.items():
                accumulate(terms, (times_scalars(monomial, sizes), *term[1:]), value_here * count)
    return TracePolynomial(terms, shape)


def _merged(left: Traces, right: Traces) -> Traces:
    return tuple(sorted(left + right)) if left and right else left or right


def _product_shape(left: Shape, right: Shape) -> Shape:
    """The shape of a product; numbers and 1×1 matrices go anywhere."""
    if left is None or right is None:
        return left or right
    if left[1] == right[0]:
        return (left[0], right[1])
    if left == (ONE, ONE) or right == (ONE, ONE):
        return right if left == (ONE, ONE) else left
    raise ShapeMismatch(
        f"{shape_text(left)} times {shape_text(right)}: the inner sizes differ; transpose one of the factors"
    )


def power(base: TracePolynomial, exponent: int) -> TracePolynomial:
    """A non-negative integer power."""
    if exponent == 0:
        return identity(base.shape[0]) if base.shape else number(1)
    if base.is_scalar and len(base.terms) == 1:
        ((scalars, traces, word), value) = next(iter(base.terms.items()))
        scalars = tuple((atom, e * exponent) for atom, e in scalars)
        traces = tuple(trace for trace in traces for _ in range(exponent))
        return TracePolynomial({(scalars, traces, word): value**exponent}, base.shape)
    result = base
    for _ in range(exponent - 1):
        result = product(result, base)
    return result


def traced(word: Word, dimension: int) -> TracePolynomial:
    """The trace of an open word."""
    if not word:
        return size(dimension)
    traces, dimensions = closed(word)
    return sizes_product(dimensions) * TracePolynomial({((), traces, ()): _ONE})


@cache
def size(dimension: int) -> TracePolynomial:
    """A dimension as a number: a letter, an integer, or a polynomial in such letters."""
    parts = []
    for summand in Add.make_args(ALPHABET.dimensions[dimension]):
        count, factors = summand.as_coeff_mul()
        part = number(count)
        for factor in factors:
            base, exponent = factor.as_base_exp()
            part = part * atom(base, int(exponent))
        parts.append(part)
    return total(parts)


def sizes_product(dimensions: tuple[int, ...]) -> TracePolynomial:
    """A product of dimensions."""
    return reduce(product, map(size, dimensions), UNIT) if dimensions else UNIT


def number(value: Any) -> TracePolynomial:
    """A rational number."""
    value = Rational(value)
    return TracePolynomial({((), (), ()): fmpq(int(value.p), int(value.q))})


def atom(expression: Any, exponent: Any = 1) -> TracePolynomial:
    """A scalar letter to a power."""
    return TracePolynomial({(((ALPHABET.atom(expression), exponent),), (), ()): _ONE})


def letter(token: int) -> TracePolynomial:
    """A matrix letter."""
    traces, _, word = opened((token,))
    shape = (ALPHABET.rows[token], ALPHABET.columns[token])
    return TracePolynomial({((), traces, word): _ONE}, shape)


def identity(dimension: int) -> TracePolynomial:
    """The identity matrix."""
    return TracePolynomial({((), (), ()): _ONE}, (dimension, dimension))


def shape_text(shape: Shape) -> str:
    """A shape, to be read."""
    if shape is None:
        return "a number"
    return "×".join(str(ALPHABET.dimensions[dimension]) for dimension in shape)


def summed(parts: list[TracePolynomial], shape: Shape) -> TracePolynomial:
    """The sum of possibly no polynomials, of a known shape."""
    return total(parts) if parts else TracePolynomial({}, shape)


_ONE = fmpq(1)
ZERO = TracePolynomial({})
UNIT = TracePolynomial({((), (), ()): _ONE})
