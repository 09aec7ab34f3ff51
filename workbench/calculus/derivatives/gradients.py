r"""Gradients, directional derivatives and Hessians of matrix functions, by cutting words.

A differential replaces each letter in turn by its differential: dW → D, d(M⁻¹) → −M⁻¹ (dM) M⁻¹,
d det M → det M · tr(M⁻¹ dM), df(s) → f′(s) ds; what is left is linear in D, and the gradient is
read off by cutting each necklace at D: tr(G D) has gradient Gᵀ (Magnus & Neudecker 1988).

For a symmetric letter the gradient is that of the unconstrained function, symmetrised: the
symmetric G with df = tr(G dW) for every symmetric dW. For a 1×1 letter and for a scalar letter it
is a number.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import fmpq
from sympy import Determinant, Dummy, Inverse, MatrixExpr, diff

from workbench.calculus.algebra.alphabets import ALPHABET, ONE
from workbench.calculus.algebra.inverses import inverse
from workbench.calculus.algebra.polynomials import (
    UNIT,
    ZERO,
    TracePolynomial,
    atom,
    letter,
    number,
    product,
    shape_text,
    summed,
)  # fmt: skip
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.substitution import after, marker, replaced, substituted
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.derivatives.entries import entrywise_change, is_entrywise
from workbench.calculus.errors import NotDifferentiable, ShapeMismatch
from workbench.calculus.means.gaussian.expectation import moment
from workbench.language.laws import MatrixMean, ScalarMean


def gradient(expression: Any, wrt: Any) -> Any:
    """The gradient of a number with respect to a matrix, vector or scalar letter, in SymPy.

    Means `E(...)` inside are computed first. A matrix-valued expression is refused: take its
    trace or its `directional` derivative.
    """
    return expression_of(gradient_polynomial(_polynomial(expression), wrt))


def directional(expression: Any, wrt: Any, direction: Any) -> Any:
    """The derivative of a number or a matrix along a change of a letter, in SymPy."""
    along = polynomial(direction)
    base = _differential(_polynomial(expression), wrt, _Direction(wrt))
    _check_direction(along, wrt)
    return expression_of(_along(base, wrt, along))


def hessian_action(expression: Any, wrt: Any, direction: Any) -> Any:
    """The Hessian of a number applied to a direction: how the gradient changes along it."""
    slope = gradient_polynomial(_polynomial(expression), wrt)
    along = polynomial(direction)
    _check_direction(along, wrt)
    return expression_of(_along(_differential(slope, wrt, _Direction(wrt)), wrt, along))


def gradient_polynomial(base: TracePolynomial, wrt: Any) -> TracePolynomial:
    """The gradient of a trace polynomial."""
    if not base.is_scalar:
        raise ShapeMismatch(
            f"the gradient of {shape_text(base.shape)} values; only a number has one here: "
            "take a trace first, or multiply it by fixed vectors on both sides: tr(…), a.T*(…)*b"
        )
    direction = _Direction(wrt)
    change = _differential(base.as_number(), wrt, direction)
    if direction.token is None:
        return change
    slope = _cut(change, direction.token)
    if direction.symmetric:
        slope = (slope + slope.T).scaled(fmpq(1, 2))
    return slope


def _polynomial(expression: Any) -> TracePolynomial:
    """An expression with its means computed."""
    if getattr(expression, "has", None) and expression.has(ScalarMean, MatrixMean):
        return moment(expression)
    return polynomial(expression)


class _Direction:
    """The differential of the letter: itself a letter, or 1 for a scalar."""

    def __init__(self, wrt: Any) -> None:
        self.token: int | None = None
        self.symmetric = False
        if not getattr(wrt, "is_symbol", False):
            raise NotDifferentiable(f"{wrt} is not a letter; differentiate with respect to a letter")
        if isinstance(wrt, MatrixExpr):
            self.letter = ALPHABET.token(wrt)
            rows, columns = ALPHABET.rows[self.letter], ALPHABET.columns[self.letter]
            self.symmetric = ALPHABET.flip[self.letter] == self.letter and rows != ONE
            self.token = marker(rows, columns, "direction")
            self.value = letter(self.token)
            if self.symmetric:
                self.value = (self.value + self.value.T).scaled(fmpq(1, 2))


def _check_direction(along: TracePolynomial, wrt: Any) -> None:
    expected = polynomial(wrt).shape
    if along.shape != expected:
        raise ShapeMismatch(
            f"a direction of shape {shape_text(along.shape)} for {wrt}, which is {shape_text(expected)}; "
            "give a direction of the same shape"
        )


def _along(base: TracePolynomial, wrt: Any, along: TracePolynomial) -> TracePolynomial:
    """A differential with the direction put in."""
    token = _Direction(wrt).token
    return base * along if token is None else substituted(base, {token // 2: along})


def _cut(change: TracePolynomial, token: int) -> TracePolynomial:
    """The matrix G with tr(Gᵀ D) the given number."""
    terms: dict = {}
    for (scalars, traces, _), value in change.terms.items():
        place = next(i for i, trace in enumerate(traces) if token in trace or token + 1 in trace)
        key = (scalars, traces[:place] + traces[place + 1 :], after(traces[place], token))
        terms[key] = terms.get(key, 0) + value
    return TracePolynomial(terms, (ALPHABET.columns[token], ALPHABET.rows[token])).T


def _differential(base: TracePolynomial, wrt: Any, direction: _Direction) -> TracePolynomial:
    """The differential of a polynomial, linear in the direction."""
    rules = _Rules(wrt, direction)
    parts = []
    for (scalars, traces, word), value in base.terms.items():
        parts += rules.of_scalars(scalars, TracePolynomial({((), traces, word): value}, base.shape))
        front = TracePolynomial({(scalars, (), ()): value})
        open_word = TracePolynomial({((), (), word): fmpq(1)}, base.shape)
        for place, trace in enumerate(traces):
            change = rules.of_trace(trace)
            if change:
                others = TracePolynomial({((), traces[:place] + traces[place + 1 :], ()): fmpq(1)})
                parts.append(front * others * change * open_word)
        if base.shape is not None and word:
            others = TracePolynomial({((), traces, ()): fmpq(1)})
            change = rules.of_word(word)
            if change:
                parts.append((front * others * change).with_shape(base.shape))
    return summed(parts, base.shape)


class _Rules:
    """The differentials of letters, atoms and words, each computed once."""

    def __init__(self, wrt: Any, direction: _Direction) -> None:
        self.wrt, self.direction = wrt, direction
        self.of_trace = lru_cache(maxsize=None)(self._trace)
        self.of_letter = lru_cache(maxsize=None)(self._letter)
        self.of_atom = lru_cache(maxsize=None)(self._atom)

    def of_word(self, word: tuple[int, ...]) -> TracePolynomial | None:
        """The differential of a product of letters."""
        parts = []
        for place, token in enumerate(word):
            change = self.of_letter(token)
            if change is None:
                continue
            for piece, left in ((word[:place], True), (word[place + 1 :], False)):
                if piece:
                    factor = replaced(piece, {})
                    change = factor * change if left else change * factor
            parts.append(change)
        return summed(parts, parts[0].shape) if parts else None

    def _trace(self, trace: tuple[int, ...]) -> TracePolynomial | None:
        """The differential of a trace; entrywise products and functions move their cofactor inside."""
        parts = []
        for place, token in enumerate(trace):
            cofactor = trace[place + 1 :] + trace[:place]
            if is_entrywise(token):
                change = entrywise_change(token, cofactor, self._inside)
            else:
                change = self.of_letter(token)
                change = change if change is None or not cofactor else change * replaced(cofactor, {})
            if change is not None:
                parts.append(change.trace)
        return summed(parts, None) if parts else None

    def _inside(self, expression: Any) -> TracePolynomial | None:
        """The differential of an argument, or None when it does not move."""
        if not _depends(expression, self.wrt):
            return None
        return _differential(polynomial(expression), self.wrt, self.direction)

    def _letter(self, token: int) -> TracePolynomial | None:
        """The differential of one letter, which may be an inverse of something."""
        if token % 2:
            change = self.of_letter(token - 1)
            return None if change is None else change.T
        symbol = ALPHABET.symbols[token // 2]
        if symbol == self.wrt:
            return self.direction.value
        if not _depends(symbol, self.wrt):
            return None
        if isinstance(symbol, Inverse):
            change = _differential(polynomial(symbol.arg), self.wrt, self.direction)
            return -(letter(token) * change * letter(token))
        raise NotDifferentiable(
            f"{symbol} depends on {self.wrt} in a way that cutting words does not cover; "
            "write it with products, transposes, inverses and traces"
        )

    def of_scalars(self, scalars: Any, rest: TracePolynomial) -> list[TracePolynomial]:
        """The differential of a scalar monomial, times the rest of its term."""
        parts = []
        for place, (name, exponent) in enumerate(scalars):
            change = self.of_atom(name)
            if change:
                lowered = ((name, exponent - 1),) if exponent != 1 else ()
                kept = tuple(sorted((*scalars[:place], *lowered, *scalars[place + 1 :])))
                power = number(exponent) * TracePolynomial({(kept, (), ()): fmpq(1)})
                parts.append((power * change * rest).with_shape(rest.shape))
        return parts

    def _atom(self, name: int) -> TracePolynomial:
        """The differential of a scalar atom."""
        expression = ALPHABET.atoms[name]
        if expression == self.wrt:
            return UNIT
        if not _depends(expression, self.wrt):
            return ZERO
        if name in ALPHABET.meanings:
            return _differential(ALPHABET.meanings[name], self.wrt, self.direction)
        if isinstance(expression, Determinant):
            inside = polynomial(expression.arg)
            change = _differential(inside, self.wrt, self.direction)
            return atom(expression) * product(inverse(inside), change).trace
        return self._chain(expression)

    def _chain(self, expression: Any) -> TracePolynomial:
        """The chain rule for a smooth function of numbers."""
        if isinstance(expression, MatrixExpr) or expression.has(ScalarMean, MatrixMean):
            raise NotDifferentiable(f"{expression} has no known differential; compute its means first")
        arguments = expression.args
        dummies = [Dummy(real=True) for _ in arguments]
        parts = []
        for dummy, argument in zip(dummies, arguments, strict=True):
            change = _differential(polynomial(argument), self.wrt, self.direction)
            if change:
                slope = diff(expression.func(*dummies), dummy)
                slope = slope.subs(dict(zip(dummies, arguments, strict=True)))
                parts.append(polynomial(slope) * change)
        return summed(parts, None)


def _depends(expression: Any, wrt: Any) -> bool:
    """Whether an expression contains the letter (the law of a random letter does not count)."""
    if expression == wrt:
        return True
    is_letter = getattr(expression, "is_symbol", False)
    return not is_letter and any(_depends(part, wrt) for part in expression.args)


__all__ = ["directional", "gradient", "gradient_polynomial", "hessian_action"]
