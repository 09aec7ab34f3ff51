r"""ψ_d(x) = ψ(x) + ψ(x − 1/2) + … + ψ(x − (d − 1)/2), the logarithmic derivative of the multivariate Γ_d.

A. T. James, *Distributions of matrix variates and latent roots* (1964).
"""

from __future__ import annotations

from typing import Any

from flint import arb, fmpq
from sympy import Expr, Function, Rational, digamma
from sympy.core.function import ArgumentIndexError

from workbench.errors import NotRational, Undefined
from workbench.language.function_rows import Row, add

LONGEST = 1000  # terms that are written out or added up


class digamma_sum(Function):
    """The sum of d digamma functions half a unit apart, d a whole number."""

    nargs = 2
    is_real = True

    @classmethod
    def eval(cls, x: Expr, d: Expr) -> Expr | None:
        if d.is_Integer and 0 <= d <= LONGEST:
            return sum((digamma(x - Rational(i, 2)) for i in range(int(d))), Rational(0))
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        raise ArgumentIndexError(self, argindex)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        x, d = map(printer._print, self.args)
        return rf"\psi_{{{d}}}\left({x}\right)" + (rf"^{{{exp}}}" if exp else "")

    @staticmethod
    def enclose(x: arb, d: arb) -> arb:
        terms = d.unique_fmpz()
        if terms is None or not 0 <= terms <= LONGEST:
            raise NotRational(f"digamma_sum needs a whole number of terms up to {LONGEST}, not {d}")
        found = sum(((x - arb(fmpq(i, 2))).digamma() for i in range(int(terms))), arb(0))
        if found.is_nan():
            raise Undefined("a digamma function at a pole: a matrix with fewer columns than rows has determinant 0")
        return found


add(
    Row(
        "digamma_sum", digamma_sum, "digamma_sum(x, n)   digamma(x) + digamma(x - 1/2) + …, n terms",
        digamma_sum.enclose, "digamma_sum", takes=2,
    )
)  # fmt: skip
