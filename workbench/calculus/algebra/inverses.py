"""Reciprocals of numbers and inverses of matrices.

The inverse of a product of square letters is the product of their inverses, reversed; the inverse
of anything else is one new letter, symmetric when what it inverts is. A denominator keeps only
its primitive part as an atom, so 1/(2N − 2d) is ½·1/(N − d).
"""

from __future__ import annotations

from typing import Any

from flint import fmpq
from sympy import Inverse, sympify

from workbench.calculus.algebra.alphabets import ALPHABET, NONE
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.polynomials import ONE, UNIT, Scalars, TracePolynomial, identity, letter, shape_text
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.errors import NotTranslatable, ShapeMismatch


def as_exponent(value: Any) -> Any:
    """An exponent as an integer where it is one."""
    return int(value) if value.is_Integer else value


def square(base: TracePolynomial, what: str) -> None:
    """Raise unless the polynomial is a square matrix."""
    if base.shape is None or base.shape[0] != base.shape[1]:
        raise ShapeMismatch(f"{what} of a {shape_text(base.shape)} matrix; only square ones have one")


def inverse(base: TracePolynomial) -> TracePolynomial:
    """The inverse: of a product of square letters letter by letter, of anything else one new letter."""
    if base.is_scalar:
        return reciprocal(base.as_number(), -1).with_shape((ONE, ONE))
    assert base.shape is not None
    if base.terms and all(word == () for _, _, word in base.terms):  # a multiple of the identity
        return reciprocal(TracePolynomial(dict(base.terms)), -1) * identity(base.shape[0])
    if len(base.terms) == 1:
        (scalars, traces, word), value = next(iter(base.terms.items()))
        if all(ALPHABET.rows[token] == ALPHABET.columns[token] for token in word):
            result = reciprocal(TracePolynomial({(scalars, traces, ()): value}), -1)
            result = result * identity(base.shape[0])
            for token in reversed(word):
                result = result * letter(_letter_inverse(token))
            return result
    return _sum_inverse(base)


def _letter_inverse(token: int) -> int:
    if ALPHABET.inverse[token] != NONE:
        return ALPHABET.inverse[token]
    if token % 2:
        return ALPHABET.flip[_letter_inverse(token - 1)]
    return ALPHABET.inverse_token(token, Inverse(ALPHABET.symbols[token // 2]))


def _sum_inverse(base: TracePolynomial) -> TracePolynomial:
    """The inverse of a sum, as a letter; its transpose is the inverse of the transposed sum."""
    if not base:
        raise NotTranslatable("the inverse of a zero matrix; there is none")
    scale = base.terms[min(base.terms)]
    base = base.scaled(1 / scale)
    symmetric = same(base, base.T)
    flipped = Inverse(expression_of(base.T))
    if not symmetric and ALPHABET.known(flipped):
        inner = letter(ALPHABET.token(flipped)).T
    else:
        inner = letter(ALPHABET.token(Inverse(expression_of(base)), symmetric))
    return inner.scaled(1 / scale)


def reciprocal(base: TracePolynomial, exponent: Any) -> TracePolynomial:
    """A negative or fractional power of a number."""
    if not base:
        raise NotTranslatable("a negative or fractional power of zero; divide by something else")
    exponent = as_exponent(sympify(exponent))
    whole = isinstance(exponent, int)
    value, scalars = content(base, signed=whole)
    primitive = _monomial(1 / value, tuple((atom, -e) for atom, e in scalars)) * base
    if whole:
        front = _monomial(value**exponent, tuple((atom, e * exponent) for atom, e in scalars))
        return front * _power_of_rest(primitive, exponent)
    roots = _monomial(fmpq(1), tuple((atom, as_exponent(sympify(e * exponent))) for atom, e in scalars))
    return roots * _power_of_rest(_monomial(value), exponent) * _power_of_rest(primitive, exponent)


def _monomial(value: fmpq, scalars: Scalars = ()) -> TracePolynomial:
    return TracePolynomial({(scalars, (), ()): value})


def _power_of_rest(primitive: TracePolynomial, exponent: Any) -> TracePolynomial:
    """A power of what has no common factor: one atom, or one for each trace of a product."""
    if len(primitive.terms) == 1:
        (scalars, traces, _), value = next(iter(primitive.terms.items()))
        if not scalars and value == 1 and isinstance(exponent, int):
            result = UNIT
            for necklace in traces:
                result = result * _sum_atom(TracePolynomial({((), (necklace,), ()): fmpq(1)}), exponent)
            return result
        if not scalars and value == 1 and not traces:
            return UNIT
        if value == 1 and not traces and len(scalars) == 1 and scalars[0][1] == 1:
            return _monomial(fmpq(1), ((scalars[0][0], exponent),))
    return _sum_atom(primitive, exponent)


def _sum_atom(meaning: TracePolynomial, exponent: Any) -> TracePolynomial:
    """A power of an atom that stands for a polynomial."""
    name = ALPHABET.atom(expression_of(meaning))
    ALPHABET.meanings[name] = meaning
    return _monomial(fmpq(1), ((name, exponent),))


def content(base: TracePolynomial, signed: bool = True) -> tuple[fmpq, Scalars]:
    """The rational number and scalar monomial common to all terms; only positive ones unless signed."""
    value = base.terms[min(base.terms, key=_by_name)]
    lowest: dict[int, Any] = dict(next(iter(base.terms))[0])
    for scalars, _, _ in base.terms:
        exponents = dict(scalars)
        lowest = {a: min(e, exponents[a]) for a, e in lowest.items() if a in exponents}
    if not signed:
        value = abs(value)
        lowest = {a: e for a, e in lowest.items() if ALPHABET.atoms[a].is_positive}
    return value, tuple(sorted(lowest.items()))


def _by_name(term: Any) -> Any:
    """An order of terms in which the letters' names decide first, not the moment they were met."""
    scalars, traces, _ = term
    return not scalars, len(traces), [(-e, str(ALPHABET.atoms[a])) for a, e in scalars], term


__all__ = ["as_exponent", "content", "inverse", "reciprocal", "square"]
