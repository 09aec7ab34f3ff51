"""Translation between SymPy matrix expressions and trace polynomials, lossless both ways.

What is not a sum, product, power, transpose, inverse or trace of letters becomes a letter (or an
atom) of its own, with its arguments brought to normal form first: (A + B)⁻¹ is one letter,
symmetric when A + B is; log tr(AB) and log tr(BA) are the same atom.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import product as choices
from typing import Any

from sympy import (
    Add,
    Determinant,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    Inverse,
    Lambda,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Mul,
    Number,
    OneMatrix,
    Pow,
    Symbol,
    Trace,
    Transpose,
    ZeroMatrix,
    default_sort_key,
    exp,
    sympify,
)  # fmt: skip
from sympy.matrices import MatrixBase
from sympy.matrices.expressions.applyfunc import ElementwiseApplyFunction
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.equality import same
from workbench.calculus.algebra.inverses import as_exponent, inverse, reciprocal, square
from workbench.calculus.algebra.polynomials import (
    ONE,
    UNIT,
    TracePolynomial,
    atom,
    identity,
    letter,
    number,
    summed,
    total,
)  # fmt: skip
from workbench.calculus.algebra.printing import expression_of, word_expression
from workbench.calculus.algebra.words import Word, transpose
from workbench.calculus.errors import NotTranslatable
from workbench.language.complex_gaussians import Adjoint
from workbench.language.laws import MatrixMean, ScalarMean

Mean = Callable[[Any], TracePolynomial]


def polynomial(expression: Any, mean: Mean | None = None) -> TracePolynomial:
    """A SymPy expression as a trace polynomial; `mean` says what to do with E nodes."""
    return _Reader(mean).read(sympify(expression))


class _Reader:
    """Reads one expression; shared parts are read once."""

    def __init__(self, mean: Mean | None) -> None:
        self.mean = mean
        self.seen: dict[Any, TracePolynomial] = {}

    def read(self, expression: Any) -> TracePolynomial:
        if expression not in self.seen:
            self.seen[expression] = self._read(expression)
        return self.seen[expression]

    def _read(self, expression: Any) -> TracePolynomial:
        reader = _reader_of(type(expression))
        if reader:
            return reader(self, expression)
        if isinstance(expression, MatrixExpr):
            return self._opaque_matrix(expression)
        if isinstance(expression, Expr):
            return atom(self._normal(expression))
        raise NotTranslatable(
            f"{expression} is neither a number nor a matrix; write it with letters, products and Trace"
        )

    def _explicit(self, expression: Any) -> TracePolynomial:
        raise NotTranslatable(
            f"an explicit {expression.shape[0]}×{expression.shape[1]} array in a symbolic expression; "
            "use a matrix letter and substitute its values afterwards"
        )

    def _number(self, expression: Any) -> TracePolynomial:
        return number(expression) if expression.is_Rational else atom(expression)

    def _symbol(self, expression: Any) -> TracePolynomial:
        return atom(expression)

    def _sum(self, expression: Any) -> TracePolynomial:
        return total([self.read(part) for part in expression.args])

    def _product(self, expression: Any) -> TracePolynomial:
        result = UNIT
        for factor in expression.args:
            result = result * self.read(factor)
        return result

    def _matrix_letter(self, expression: Any) -> TracePolynomial:
        return letter(ALPHABET.token(expression))

    def _identity(self, expression: Any) -> TracePolynomial:
        return identity(ALPHABET.dimension(expression.shape[0]))

    def _zero(self, expression: Any) -> TracePolynomial:
        rows, columns = expression.shape
        return TracePolynomial({}, (ALPHABET.dimension(rows), ALPHABET.dimension(columns)))

    def _ones(self, expression: Any) -> TracePolynomial:
        rows, columns = (
            letter(ALPHABET.token(OneMatrix(size, 1))) if size != 1 else identity(ONE) for size in expression.shape
        )
        return rows * columns.T

    def _transpose(self, expression: Any) -> TracePolynomial:
        return self.read(expression.arg).T

    def _trace(self, expression: Any) -> TracePolynomial:
        return self.read(expression.arg).trace

    def _matrix_power(self, expression: Any) -> TracePolynomial:
        base, exponent = self.read(expression.base), expression.exp
        square(base, "a power")
        if exponent.is_Integer:
            return base ** int(exponent) if exponent >= 0 else inverse(base) ** int(-exponent)
        if base.is_scalar:
            return self._scalar_power(base.as_number(), exponent).with_shape((ONE, ONE))
        symbol = MatPow(expression_of(base), exponent)
        return letter(ALPHABET.token(symbol, same(base, base.T)))

    def _inverse(self, expression: Any) -> TracePolynomial:
        base = self.read(expression.arg)
        square(base, "an inverse")
        return inverse(base)

    def _power(self, expression: Any) -> TracePolynomial:
        base, exponent = expression.as_base_exp()
        return self._scalar_power(self.read(base), exponent)

    def _scalar_power(self, base: TracePolynomial, exponent: Any) -> TracePolynomial:
        if exponent.is_Integer:
            return base ** int(exponent) if exponent >= 0 else reciprocal(base, int(exponent))
        if exponent.is_Rational:
            return reciprocal(base, exponent)
        normal = expression_of(base)
        if normal == 1 or getattr(normal, "is_Exp1", False):
            return atom(self._normal(Pow(normal, exponent)))
        result = UNIT
        for summand in Add.make_args(exponent.expand()):
            count, rest = summand.as_coeff_Mul()
            if rest == 1 or not count.is_Rational:
                result = result * self._scalar_power(base, summand)
            else:
                result = result * atom(Pow(normal, self._normal(rest)), as_exponent(count))
        return result

    def _exponential(self, expression: Any) -> TracePolynomial:
        result = UNIT
        for summand in Add.make_args(expression_of(self.read(expression.exp))):
            count, rest = summand.as_coeff_Mul()
            rational = count.is_Rational and rest != 1
            result = result * (atom(exp(rest), as_exponent(count)) if rational else atom(exp(summand)))
        return result

    def _determinant(self, expression: Any) -> TracePolynomial:
        base = self.read(expression.arg)
        square(base, "a determinant")
        if base.is_scalar:
            return base.as_number()
        return atom(Determinant(expression_of(min(base, base.T, key=lambda p: sorted(p.terms)))))

    def _scalar_mean(self, expression: Any) -> TracePolynomial:
        return self.mean(expression) if self.mean else atom(expression)

    def _matrix_mean(self, expression: Any) -> TracePolynomial:
        return self.mean(expression) if self.mean else letter(ALPHABET.token(expression))

    def _opaque_matrix(self, expression: Any) -> TracePolynomial:
        normal = self._normal(expression)
        return letter(ALPHABET.token(normal, True if isinstance(normal, DiagMatrix) else None))

    def _diagonal(self, expression: Any) -> TracePolynomial:
        """The diagonal of P as a column: (I∘P)·1."""
        rows, _ = expression.arg.shape
        return self.read(HadamardProduct(Identity(rows), expression.arg) * OneMatrix(rows, 1))

    def _entrywise_product(self, expression: Any) -> TracePolynomial:
        """A Hadamard product, linear in each factor; what is left is one letter."""
        factors = [self.read(part) for part in expression.args]
        parts = []
        for terms in choices(*(factor.terms.items() for factor in factors)):
            front, words = UNIT, []
            for (scalars, traces, word), value in terms:
                front = front * TracePolynomial({(scalars, traces, ()): value})
                words.append(word)
            parts.append(front * _hadamard(words, factors[0].shape))
        return summed(parts, factors[0].shape)

    def _entrywise_power(self, expression: Any) -> TracePolynomial:
        base, exponent = expression.args
        if exponent.is_Integer and exponent > 0:
            return self._entrywise_product(HadamardProduct(*[base] * int(exponent)))
        return self._opaque_matrix(expression)

    def _entrywise_function(self, expression: Any) -> TracePolynomial:
        (variable,) = expression.function.variables
        function = Lambda(_ENTRY, expression.function.expr.xreplace({variable: _ENTRY}))
        inside = expression_of(self.read(expression.expr))
        return letter(ALPHABET.token(ElementwiseApplyFunction(function, inside)))

    def _normal(self, expression: Any) -> Any:
        """The expression with its arguments in normal form."""
        if not expression.args or isinstance(expression, Symbol | MatrixSymbol):
            return expression
        return expression.func(*[
            expression_of(self.read(part)) if isinstance(part, Expr) else part for part in expression.args
        ])  # fmt: skip


_READERS: dict[Any, Callable[[_Reader, Any], TracePolynomial]] = {
    MatrixBase: _Reader._explicit, Number: _Reader._number, Symbol: _Reader._symbol,
    MatrixSymbol: _Reader._matrix_letter, Adjoint: _Reader._matrix_letter, ScalarMean: _Reader._scalar_mean,
    MatrixMean: _Reader._matrix_mean, MatAdd: _Reader._sum, MatMul: _Reader._product,
    Inverse: _Reader._inverse, MatPow: _Reader._matrix_power, Transpose: _Reader._transpose,
    Identity: _Reader._identity, ZeroMatrix: _Reader._zero, OneMatrix: _Reader._ones,
    Trace: _Reader._trace, Determinant: _Reader._determinant, Add: _Reader._sum,
    HadamardProduct: _Reader._entrywise_product,
    ElementwiseApplyFunction: _Reader._entrywise_function,
    DiagonalOf: _Reader._diagonal,
    HadamardPower: _Reader._entrywise_power, Mul: _Reader._product,
    exp: _Reader._exponential, Pow: _Reader._power,
}  # fmt: skip


_ENTRY = Symbol("entry", real=True)


def _hadamard(words: list[Word], shape: Any) -> TracePolynomial:
    """The Hadamard product of words as one letter, or as the transpose of a letter that is known."""
    diagonal = () in words  # I∘P is I∘Pᵀ
    if diagonal:
        words = [min(word, transpose(word)) for word in words]
    letters, flipped = (
        HadamardProduct(*sorted((word_expression(w, shape) for w in side), key=default_sort_key))
        for side in (words, [transpose(word) for word in words])
    )
    if letters != flipped and not diagonal and ALPHABET.known(flipped):
        return letter(ALPHABET.token(flipped)).T
    return letter(ALPHABET.token(letters, diagonal or letters == flipped))


@cache
def _reader_of(kind: type) -> Callable[[_Reader, Any], TracePolynomial] | None:
    return next((_READERS[known] for known in kind.__mro__ if known in _READERS), None)


__all__ = ["expression_of", "polynomial", "same"]
