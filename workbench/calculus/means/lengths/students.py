"""Means over Student and elliptical columns μ + r z: first over the Gaussian z, then over the lengths r.

    E r^2k = ν^k / ((ν − 2)(ν − 4) … (ν − 2k))  of r² = ν/χ²_ν, which exists for ν > 2k;  1, κ of a kurtosis κ

X = M + Z D with D = diag(r). With Z averaged, words in D are left; the indices of its copies coincide as those of a
mask do, with the cumulants of r. A polynomial of degree k in a Student letter has a mean for ν > k exactly, unless its
highest terms cancel.
Source: Kotz and Nadarajah, Multivariate t Distributions and Their Applications (2004), chapter 1; for a kurtosis
Muirhead, Aspects of Multivariate Statistical Theory (1982), section 1.5.
"""

from __future__ import annotations

from math import comb, prod
from typing import Any

from sympy import Expr, Mul, OneMatrix, Poly, S, factor

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.errors import DegreeTooHigh, NoSuchMoment, UnknownLaw
from workbench.calculus.means.finite.diagonals import Diagonal, restored
from workbench.calculus.means.finite.finite_laws import assembled, set_partitions, shape_of
from workbench.calculus.means.finite.shared_indices import Contraction
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.calculus.means.rewirings import Product, cut, products
from workbench.language.laws import gaussian
from workbench.language.letters import Scalar, Vector
from workbench.language.students import ScaleMixture, Student

MOST = 8  # copies of a letter with several columns
KNOWN = 4  # the degree up to which a kurtosis determines a mean


def expect_scaled(expression: Any, letter: ScaleMixture, degree: int = DEGREE) -> Any:
    """The mean of a polynomial in a Student or an elliptical letter, for every number of its columns.

    Raises NoSuchMoment for a Student letter with too few degrees of freedom, UnknownLaw above degree four in an
    elliptical one, NotPolynomial, and DegreeTooHigh above degree eight in a letter of several columns.
    """
    length = Scalar(f"length of {letter.name}")
    z = gaussian(letter.name, letter.rows, letter.cols, cov=letter.scale)
    body = expression.xreplace({letter: letter.mean + length * z})
    check_order(order_in(body, length), letter)
    if letter.cols == 1:
        return over_length(expect_gaussian(body, z, degree=degree), length, letter)
    reading = Diagonal(Vector(f"lengths of {letter.name}", letter.cols, 1))
    found = expect_gaussian(expression.xreplace({letter: letter.mean + z * reading.matrix}), z, degree=degree)
    return over_lengths(found, reading, letter)


def check_order(order: int, letter: ScaleMixture) -> None:
    """Refuse a moment that a letter has not, or that is not determined."""
    if isinstance(letter, Student):
        if (letter.freedom > order) == S.false:
            raise NoSuchMoment(
                f"a moment of order {order} of {letter.name} does not exist for {letter.freedom} degrees of freedom; "
                f"it needs more than {order}"
            )
    elif order > KNOWN:
        raise UnknownLaw(
            f"a mean of degree {order} in {letter.name} is not determined by its covariance and its kurtosis, which "
            f"give those up to degree {KNOWN}; say more of its law, e.g. Student(nu, Sigma)"
        )


def order_in(expression: Any, length: Scalar) -> int:
    """The degree of an expression in a number, its sums multiplied out."""
    atom = ALPHABET.atom(length)
    return max((int(dict(scalars).get(atom, 0)) for scalars, _, _ in polynomial(expression).terms), default=0)


def over_length(found: Any, length: Scalar, letter: ScaleMixture) -> Any:
    """The mean over the length of a single column, whose odd powers stand with odd powers of z and so are gone."""

    def averaged(number: Expr) -> Expr:
        parts = Poly(number, length).terms()
        return sum((rest * moment(power, letter) for (power,), rest in parts), S.Zero)  # type: ignore[return-value]

    if not getattr(found, "is_Matrix", False):
        return averaged(found)
    words = {word: averaged(number) for word, number in terms.words(found).items()}
    return terms.matrix({word: number for word, number in words.items() if number != 0}, found.shape)


def over_lengths(found: Any, reading: Diagonal, letter: ScaleMixture) -> Any:
    """The mean over the lengths of several columns, on the diagonal of a matrix."""
    count, one = letter.cols, reading.one
    plain = found.xreplace({OneMatrix(count, 1): one, OneMatrix(1, count): one.T, OneMatrix(count, count): one * one.T})
    total: dict[Any, Expr] = {}
    for part in products(plain, reading.matrix):
        for key, coefficient in _mean(part, letter, reading).items():
            total[key] = total.get(key, S.Zero) + coefficient
    return restored(assembled({key: factor(value) for key, value in total.items() if value != 0}, plain), reading)


def _mean(part: Product, letter: ScaleMixture, reading: Diagonal) -> dict[Any, Expr]:
    """The mean of one product of words, as {(scalar, matrix): coefficient}."""
    copies, total = part.degree(reading.matrix), {}
    if copies > MOST:
        raise DegreeTooHigh(f"degree {copies} in {letter} is above the limit {MOST}; lower the degree")
    pieces = cut(part, reading.matrix)
    shape = None if part.open is None else shape_of(part.open, letter.cols)
    for blocks in set_partitions(copies):
        if any(len(block) % 2 for block in blocks):
            continue  # an odd cumulant, and the law is symmetric
        weight = prod((cumulant(len(block), letter) for block in blocks), start=S.One)
        key = Contraction(pieces, blocks, letter.cols, reading.ones).value(shape)
        total[key] = total.get(key, S.Zero) + weight
    return total


def cumulant(order: int, letter: ScaleMixture) -> Expr:
    """The cumulant of a length with a random sign: κₙ = mₙ − Σ_k C(n − 1, k − 1) κₖ mₙ₋ₖ."""
    lower = (comb(order - 1, k - 1) * cumulant(k, letter) * moment(order - k, letter) for k in range(2, order, 2))
    return moment(order, letter) - sum(lower, S.Zero)


def moment(order: int, letter: ScaleMixture) -> Expr:
    """E r^k for even k."""
    half = order // 2
    if isinstance(letter, Student):
        freedom = letter.freedom
        return freedom**half / Mul(*(freedom - 2 * j for j in range(1, half + 1)))
    return letter.parameter if half == 2 else S.One
