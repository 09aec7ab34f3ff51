"""Means over counts: of one number by its factorial moments, of a column up to degree two by mean and covariance.

E x^k = Σ_j S(k, j) E x(x − 1)…(x − j + 1)      S: Stirling numbers of the second kind
factorial moments: n(n − 1)…(n − j + 1) q^j of a binomial count, λ^j of a Poisson one
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Identity, Mul, Poly, PolynomialError, S
from sympy.functions.combinatorial.numbers import stirling

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial, UnknownLaw
from workbench.calculus.means.gaussian.expectation import expect_gaussian
from workbench.language.counts import Binomial, Multinomial, Poisson, two_moments
from workbench.language.laws import Random, gaussian
from workbench.language.letters import Scalar


def expect_counts(expression: Any, letter: Any) -> Any:
    """The mean of a polynomial in a count; of a column of counts, up to degree two.

    Raises NotPolynomial, and DegreeTooHigh for a column above degree two.
    """
    if letter.shape == (1, 1) and not isinstance(letter, Multinomial):
        number = Scalar(f"count {letter.name}")
        found = expression_of(polynomial(expression.xreplace({letter: number * Identity(1)})))
        return with_moments(found, number, letter)
    mean, cov = two_moments(letter)
    stand_in = gaussian(letter.name, letter.rows, mean=mean, cov=cov)
    try:
        return expect_gaussian(expression.xreplace({letter: stand_in}), stand_in, degree=2)
    except DegreeTooHigh:
        raise DegreeTooHigh(
            f"{expression} is of degree above two in the column {letter.name} of counts, whose means are known up to "
            "degree two; declare single counts as numbers for higher moments"
        ) from None


def with_moments(found: Any, number: Scalar, letter: Random) -> Any:
    """An expression with every power of a number by its moment."""
    if not getattr(found, "is_Matrix", False):
        return averaged(found, number, letter)
    words = {word: averaged(factor, number, letter) for word, factor in terms.words(found).items()}
    return terms.matrix({word: factor for word, factor in words.items() if factor != 0}, found.shape)


def averaged(value: Expr, number: Scalar, letter: Random) -> Expr:
    try:
        parts = Poly(value, number).terms()
    except PolynomialError:
        parts = None
    if parts is None or any(factor.has(number) for _, factor in parts):
        raise NotPolynomial(f"the mean over the count {letter} is known of polynomials in it only")
    return sum((factor * count_moment(power, letter) for (power,), factor in parts), S.Zero)  # type: ignore


def count_moment(order: int, letter: Random) -> Expr:
    """E x^k by the factorial moments of its law."""
    return sum((stirling(order, j) * factorial_moment(j, letter) for j in range(order + 1)), S.Zero)  # type: ignore


def factorial_moment(order: int, letter: Random) -> Expr:
    if isinstance(letter, Binomial):
        return Mul(*(letter.trials - i for i in range(order))) * letter.rate**order
    if isinstance(letter, Poisson):
        return letter.rate**order
    raise UnknownLaw(f"{letter} has no factorial moments that are known here")
