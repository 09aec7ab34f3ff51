"""Means over Student vectors x = μ + r z, r² = ν/χ²_ν: first over the Gaussian z, then over the radius r.

    E r^2k = ν^k / ((ν − 2)(ν − 4) … (ν − 2k)),  which exists for ν > 2k

A polynomial of degree k in x has a mean for ν > k exactly, unless its highest terms cancel.
Source: Kotz and Nadarajah, Multivariate t Distributions and Their Applications (2004), chapter 1.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, Mul, Poly, S

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import NoSuchMoment
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.language.laws import gaussian
from workbench.language.letters import Scalar
from workbench.language.students import Student


def expect_student(expression: Any, letter: Student, degree: int = DEGREE) -> Any:
    """The mean of a polynomial in a Student vector, for more degrees of freedom than the degree of the polynomial.

    Raises NoSuchMoment where there are fewer, NotPolynomial, DegreeTooHigh.
    """
    radius, z = Scalar(f"radius of {letter.name}"), gaussian(f"{letter.name}", letter.rows, cov=letter.scale)
    body = expression.xreplace({letter: letter.mean + radius * z})
    order = order_in(body, radius)
    if (letter.freedom > order) == S.false:
        raise NoSuchMoment(
            f"a moment of order {order} of {letter.name} does not exist for {letter.freedom} degrees of freedom; "
            f"it needs more than {order}"
        )
    found = expect_gaussian(body, z, degree=degree)
    if not getattr(found, "is_Matrix", False):
        return averaged(found, radius, letter.freedom)
    words = {word: averaged(factor, radius, letter.freedom) for word, factor in terms.words(found).items()}
    return terms.matrix({word: factor for word, factor in words.items() if factor != 0}, found.shape)


def order_in(expression: Any, radius: Scalar) -> int:
    """The degree of an expression in a number, its sums multiplied out."""
    atom = ALPHABET.atom(radius)
    return max((int(dict(scalars).get(atom, 0)) for scalars, _, _ in polynomial(expression).terms), default=0)


def averaged(number: Expr, radius: Scalar, freedom: Expr) -> Expr:
    """The mean of a polynomial in the radius, whose odd powers stand with odd powers of z and so are gone."""
    parts = Poly(number, radius).terms()
    return sum((factor * radius_moment(power // 2, freedom) for (power,), factor in parts), S.Zero)  # type: ignore


def radius_moment(half: int, freedom: Expr) -> Expr:
    """E r^2k of r² = ν/χ²_ν."""
    return freedom**half / Mul(*(freedom - 2 * j for j in range(1, half + 1)))
