"""Means over a column of which only the mean and the covariance are known.

Up to degree two all laws with the same two moments agree, so a Gaussian stands in for the column; what is of a higher
degree, or no polynomial, they do not determine, and it is refused.
"""

from __future__ import annotations

from typing import Any

from workbench.calculus.errors import DegreeTooHigh, UnknownLaw
from workbench.calculus.means.gaussian.expectation import expect_gaussian
from workbench.language.laws import SecondMoments, gaussian


def expect_by_moments(inside: Any, letter: SecondMoments) -> Any:
    """The mean of a polynomial of degree at most two in a letter. Raises UnknownLaw for a higher degree."""
    stand_in = gaussian(letter.name, letter.rows, mean=letter.mean, cov=letter.cov)
    try:
        return expect_gaussian(inside.xreplace({letter: stand_in}), stand_in, degree=2)
    except DegreeTooHigh:
        raise UnknownLaw(
            f"{inside} is of degree above two in {letter.name}, of which only the mean and the covariance are known; "
            f"say more of its law, e.g. gaussian({letter.name!r}, …)"
        ) from None
