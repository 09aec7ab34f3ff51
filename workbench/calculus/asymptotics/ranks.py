"""Sums over unlimited ranks: Σ_k h(x k^−σ) over k = 1, 2, … as its integral and half of what h tends to.

With h(t) = c + P(t)e^−t, h(0) = 0, the summand is flat at k = 0 (all its derivatives vanish) and falls like
k^−σ, so the Euler–Maclaurin expansion consists of two terms, ∫h(x k^−σ)dk − c/2, and what is left falls faster
than any power of x.
"""

from __future__ import annotations

from typing import Any

from sympy import Dummy, Expr, Poly, PolynomialError, Rational, S, Sum, exp, expand_mul, gamma, oo

from workbench.calculus.errors import NoClosedForm


def sum_over_ranks(line: Any) -> Expr:
    """The two terms of a sum of c + P(t)e^−t over t = x k^−σ, k = 1, 2, …

    Raises NoClosedForm when the sum is not of this kind, or diverges.
    """
    term, rank = read(line)
    arguments = {-node.exp for node in term.atoms(exp)}
    if len(arguments) != 1:
        raise NoClosedForm(f"{term} should hold one exponential of the rank {rank}")
    (t,) = arguments
    x, power = t.as_independent(rank, as_Add=False)
    if not power.is_Pow or power.base != rank:
        raise NoClosedForm(f"the exponent {t} should be a power of the rank {rank}")
    sigma, met, seen = -power.exp, Dummy("met"), Dummy("seen")
    polynomial = in_powers(term, t, x, power, seen, met)
    constant, initial = polynomial.coeff_monomial(1), polynomial.coeff_monomial(met)
    if polynomial.degree(met) != 1 or polynomial.coeff_monomial(seen) != 0 or constant + initial != 0:
        raise NoClosedForm(f"{term} should be c + P(t)exp(−t) in t = {t}, and vanish with t")
    integral = S.Zero
    for (degree, times), coefficient in polynomial.terms():
        if times:
            integral += coefficient * (gamma(degree - 1 / sigma) / sigma if degree else -gamma(1 - 1 / sigma))
    return x ** (1 / sigma) * integral - constant * Rational(1, 2)


def read(line: Any) -> tuple[Any, Any]:
    """The summand and its rank. Raises NoClosedForm when the line is no such sum."""
    if not isinstance(line, Sum) or len(line.limits) != 1 or line.limits[0][1:] != (1, oo):
        raise NoClosedForm(f"{line} should be a sum over one rank from 1 to infinity")
    return line.function, line.limits[0][0]


def in_powers(term: Expr, t: Expr, x: Expr, power: Expr, seen: Dummy, met: Dummy) -> Poly:
    """The summand as a polynomial in t (`seen`) and e^−t (`met`)."""
    body = expand_mul(expand_mul(term.xreplace({exp(-t): met})).subs(power, seen / x))
    try:
        return Poly(body, seen, met)
    except PolynomialError:
        raise NoClosedForm(f"{term} should be a polynomial in {t} and its exponential") from None
