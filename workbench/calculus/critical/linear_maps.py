"""Linear maps on matrices: a sum Σ cᵢ Aᵢ H Bᵢ read off a SymPy expression that is affine in H.

Reading is exact and structural: products are expanded into words of letters, every word holds H
at most once, and whatever is not a sum of such words is refused by name.

This is the free algebra on matrix letters over the field of SymPy fractions: a coefficient stays whole, so that what is
solved for can be divided by it, and a trace that holds H is refused. `algebra.polynomials` multiplies coefficients out
into monomials and reads a trace in a canonical place, which is right for equality and loses both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from math import gcd, lcm
from operator import mul
from typing import Any

from sympy import (
    Expr,
    Identity,
    Integer,
    Inverse,
    MatAdd,
    MatMul,
    MatPow,
    MatrixExpr,
    MatrixSymbol,
    Rational,
    S,
    Trace,
    Transpose,
    ZeroMatrix,
    cancel,
    sympify,
    together,
)

from workbench.calculus.errors import NoClosedForm, NotAffine
from workbench.language.letters import Orthogonal

Word = tuple[MatrixExpr, ...]
Polynomial = dict[Word, Expr]


@dataclass(frozen=True)
class Term:
    """One summand c·A·H·B, or c·A·Hᵀ·B when `turned`."""

    coefficient: Expr
    left: Word
    turned: bool
    right: Word


@dataclass(frozen=True)
class AffineMap:
    """H ↦ Σ terms + constant, with the shape of the value."""

    terms: tuple[Term, ...]
    constant: Polynomial
    shape: tuple[Any, Any]


def equal_scalars(left: Any, right: Any) -> bool:
    """Whether two rational scalar expressions are the same (traces and sizes as indeterminates)."""
    return cancel(together(sympify(left) - sympify(right))) == 0


def add_word(total: Polynomial, word: Word, coefficient: Any) -> None:
    """Add coefficient·word to a polynomial, forgetting the word when nothing is left of it."""
    value = total.get(word, S.Zero) + coefficient
    if value == 0 or equal_scalars(value, 0):
        total.pop(word, None)
    else:
        total[word] = value


def words(expression: MatrixExpr) -> Polynomial:
    """A matrix expression as a sum of words of letters (inverses and unknown nodes are letters)."""
    total: Polynomial = {}
    if isinstance(expression, ZeroMatrix):
        return total
    if isinstance(expression, Identity):
        return {(): S.One}
    if isinstance(expression, MatAdd):
        for argument in expression.args:
            for word, coefficient in words(argument).items():  # type: ignore[arg-type]
                add_word(total, word, coefficient)
        return total
    if isinstance(expression, MatMul):
        return reduce(product, map(_factor, expression.args))
    if isinstance(expression, MatPow):
        return _power(expression)
    if isinstance(expression, Transpose):
        return turned(words(expression.arg))
    return {(expression,): S.One}


def _factor(argument: Any) -> Polynomial:
    """One factor of a product: a scalar is a multiple of the empty word."""
    if getattr(argument, "is_Matrix", False):
        return words(argument)
    return {(): argument} if argument != 0 else {}


def _power(expression: MatPow) -> Polynomial:
    """A power as a repeated product; other exponents make one opaque letter."""
    base, exponent = expression.args
    if not isinstance(exponent, Integer):
        return {(expression,): S.One}
    factor = words(base) if exponent > 0 else {(Inverse(base),): S.One}  # type: ignore[arg-type]
    return reduce(product, [factor] * abs(int(exponent)), {(): S.One})


def product(left: Polynomial, right: Polynomial) -> Polynomial:
    """The product of two polynomials of words."""
    total: Polynomial = {}
    for first, a in left.items():
        for second, b in right.items():
            add_word(total, _joined(first, second), a * b)
    return total


def _joined(first: Word, second: Word) -> Word:
    """Two words side by side, with X·X⁻¹ cancelled where they meet."""
    while first and second and _undo(first[-1], second[0]):
        first, second = first[:-1], second[1:]
    return first + second


def _undo(a: MatrixExpr, b: MatrixExpr) -> bool:
    """Whether ab is the identity on sight: X·X⁻¹, X⁻¹·X, QQᵀ, QᵀQ."""
    if (isinstance(a, Inverse) and a.arg == b) or (isinstance(b, Inverse) and b.arg == a):
        return True
    letter = a.arg if isinstance(a, Transpose) else a
    return isinstance(letter, Orthogonal) and b == transpose(a)


def transpose(factor: MatrixExpr) -> MatrixExpr:
    """The transpose of one factor; symmetric letters and inverses of them are their own."""
    if isinstance(factor, Inverse) and turned(words(factor.arg)) == words(factor.arg):  # type: ignore[arg-type]
        return factor
    return factor.T


def turned(polynomial: Polynomial) -> Polynomial:
    """The transpose of a polynomial of words."""
    return {tuple(map(transpose, reversed(word))): c for word, c in polynomial.items()}


def unword(word: Iterable[MatrixExpr], rows: Any) -> Any:
    """A word as a SymPy product; the empty one is the identity."""
    factors = list(word)
    return reduce(mul, factors) if factors else Identity(rows)


def expression_of(polynomial: Polynomial, rows: Any, columns: Any) -> Any:
    """A polynomial of words as a SymPy expression."""
    parts = [c * unword(word, rows) for word, c in polynomial.items()]
    return reduce(lambda a, b: a + b, parts) if parts else ZeroMatrix(rows, columns)


def affine_map(expression: MatrixExpr, unknown: MatrixSymbol) -> AffineMap:
    """Read Σ cᵢ Aᵢ H Bᵢ + C off an expression that is affine in the letter H.

    For a one-column H, a factor Trace(rᵀH) is read as the 1×1 product rᵀH.
    Raises NotAffine when H appears twice in a word, inside a function or in a trace.
    """
    if not getattr(expression, "is_Matrix", False):
        raise NotAffine(f"{expression} is a number, not a matrix expression; give the gradient as a matrix")
    terms: list[Term] = []
    constant: Polynomial = {}
    for word, coefficient in words(expression).items():
        for scalar, full_word in _pulled_out(coefficient, word, unknown):
            term = _split(scalar, full_word, unknown)
            if term is None:
                add_word(constant, full_word, scalar)
            else:
                terms.append(term)
    return AffineMap(tuple(terms), constant, tuple(expression.shape))  # type: ignore[arg-type]


def _split(coefficient: Expr, word: Word, unknown: MatrixSymbol) -> Term | None:
    """One word as A·H·B, or None when H is not in it."""
    places = [i for i, factor in enumerate(word) if factor.has(unknown)]
    if not places:
        return None
    if len(places) > 1 or word[places[0]] not in (unknown, unknown.T):
        raise NotAffine(
            f"{unword(word, 1)} is not linear in {unknown}; only sums A·{unknown}·B + C are solved here: "
            "reduce to order parameters and use fixed_points"
        )
    i = places[0]
    return Term(coefficient, word[:i], word[i] != unknown, word[i + 1 :])


def _pulled_out(scalar: Expr, word: Word, unknown: MatrixSymbol) -> list[tuple[Expr, Word]]:
    """A coefficient free of H, or, for a one-column H, coefficient·Trace(rᵀH) moved into the word."""
    if not scalar.has(unknown):
        return [(scalar, word)]
    pairs: list[tuple[Expr, Word]] = []
    for summand in scalar.expand().as_ordered_terms():
        traces = [f for f in summand.as_ordered_factors() if f.has(unknown)]
        if not traces:
            pairs.append((summand, word))
            continue
        if unknown.shape[1] != 1 or len(traces) > 1 or not isinstance(traces[0], Trace):
            raise NotAffine(f"{unknown} sits in the coefficient {summand}; only A·{unknown}·B is solved")
        for cycle, c in words(traces[0].arg).items():
            term = _split(c, cycle, unknown)
            if term is None:
                pairs.append((summand / traces[0] * c * Trace(unword(cycle, 1)), word))
                continue
            row = term.right + term.left
            row = tuple(map(transpose, reversed(row))) if term.turned else row
            if word and word[-1].shape[1] != 1:
                raise NotAffine(f"{unknown} sits in the coefficient {summand} of a matrix that is no column")
            pairs.append((summand / traces[0] * c, (*word, *row, unknown)))
    return pairs


def factors(terms: tuple[Term, ...], wrt: MatrixSymbol) -> tuple[Polynomial, Polynomial]:
    """M and R with Σ cᵢ Aᵢ U Bᵢ = M·U·R; raises NoClosedForm when the sum does not factor."""
    table: dict[Word, Polynomial] = {}
    for term in terms:
        add_word(table.setdefault(term.right, {}), term.left, term.coefficient)
    rows = [(word, row) for word, row in table.items() if row]
    if not rows:
        raise NoClosedForm(f"the coefficient of {wrt} vanishes: every {wrt} is stationary, or none")
    _, left = rows[0]
    pivot = next(iter(left))
    right = {word: cancel(row.get(pivot, S.Zero) / left[pivot]) for word, row in rows}
    for word, row in rows:
        if set(row) != set(left) or any(not equal_scalars(row[w], right[word] * left[w]) for w in left):
            raise NoClosedForm(
                f"Σ A·{wrt}·B does not factor as M·{wrt}·R and is not a polynomial in one symmetric letter: "
                "the solution is not a closed matrix expression; ask along_eigenvectors for its entries"
            )
    return left, right


def balanced(left: Polynomial, right: Polynomial, target: Polynomial) -> tuple[Polynomial, ...]:
    """Divide both sides by the rational content of M and by the one coefficient of a monomial."""
    for side in (left, right):
        divisor = content(side)
        for word in side:
            side[word] = cancel(side[word] / divisor) if len(side) == 1 else side[word] / divisor
        target = {word: c / divisor for word, c in target.items()}
    return left, right, target


def content(side: Polynomial) -> Expr:
    """What to divide a polynomial by: its coefficient if alone, else the gcd of rational contents."""
    if len(side) == 1:
        return next(iter(side.values()))
    numbers = [c.expand().as_content_primitive()[0] for c in side.values()]
    top, bottom = reduce(gcd, (abs(n.p) for n in numbers)), reduce(lcm, (n.q for n in numbers))
    return Rational(top, bottom)


def stripped(side: Polynomial, target: Polynomial, end: int) -> tuple[Polynomial, Polynomial]:
    """Cancel the square letters that a monomial side and every word of the target share at that end."""
    if len(side) != 1 or not target:
        return side, target
    (word,) = side
    while (
        word and word[end].shape[0] == word[end].shape[1] and all(other and other[end] == word[end] for other in target)
    ):
        cut = slice(1, None) if end == 0 else slice(None, -1)
        word, target = word[cut], {other[cut]: c for other, c in target.items()}
    return {word: S.One}, target


def scalar_value(expression: MatrixExpr, eigenvalues: Mapping[Any, Expr]) -> Expr:
    """What a polynomial or rational expression of commuting symmetric letters is on a common eigenvector.

    Raises NotAffine for a letter without an eigenvalue.
    """
    if expression in eigenvalues:
        return eigenvalues[expression]
    if isinstance(expression, Identity):
        return S.One
    if isinstance(expression, ZeroMatrix):
        return S.Zero
    if isinstance(expression, Transpose):
        return scalar_value(expression.arg, eigenvalues)
    if isinstance(expression, Inverse):
        return 1 / scalar_value(expression.arg, eigenvalues)  # type: ignore[arg-type]
    if isinstance(expression, MatPow):
        return scalar_value(expression.args[0], eigenvalues) ** expression.args[1]  # type: ignore[arg-type]
    if isinstance(expression, MatAdd | MatMul):
        values = [
            scalar_value(a, eigenvalues) if getattr(a, "is_Matrix", False) else a  # type: ignore[arg-type]
            for a in expression.args
        ]
        return sum(values, S.Zero) if isinstance(expression, MatAdd) else reduce(mul, values)  # type: ignore[return-value]
    raise NotAffine(f"{expression} has no stated eigenvalue here; add it to the dictionary of eigenvalues")
