"""Means of derivatives of tanh, τ_n(g) = E tanh⁽ⁿ⁾(gG) for a standard normal G and odd n, as functions of g."""

from __future__ import annotations

from functools import cache
from typing import Any

from flint import acb, arb, ctx
from sympy import Expr, Function, Integer, Poly, S, Symbol
from sympy.core.function import ArgumentIndexError

from workbench.errors import BadInput
from workbench.language.function_rows import Row, add
from workbench.language.gaussian_functions import GUARD_BITS, evaluated

T = Symbol("T")
HIGHEST = 40  # derivatives of tanh


class tanh_mean(Function):
    """τ_n(g) = E tanh⁽ⁿ⁾(gG) for a standard normal G and an odd order n: even in g."""

    nargs = 2
    is_real = True

    @classmethod
    def eval(cls, n: Expr, g: Expr) -> Expr | None:
        if n.is_Integer and n % 2 == 0:
            return S.Zero
        if g.is_zero and n.is_Integer:
            return Integer(slope(int(n)).eval(0))
        return cls(n, -g) if g.could_extract_minus_sign() else None

    def fdiff(self, argindex: int = 1) -> Expr:
        n, g = self.args
        if argindex == 2:  # heat equation: ∂_g E f(gG) = g E f″(gG)
            return g * tanh_mean(n + 2, g)
        raise ArgumentIndexError(self, argindex)

    def _eval_evalf(self, prec: int) -> Expr | None:
        return evaluated(self, lambda n, g, bits: enclose_tanh_mean(n, g, bits), prec)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        order, g = map(printer._print, self.args)
        whole = rf"\operatorname{{tanhmean}}\left({order}, {g}\right)"
        return whole if exp is None else f"{whole}^{{{exp}}}"

    @staticmethod
    def enclose(n: arb, g: arb) -> arb:
        return enclose_tanh_mean(n, g, ctx.prec)


def odd_order(order: Any, value: Any) -> None:
    if not (order.is_Integer and order.is_odd and 0 < order <= HIGHEST):
        raise BadInput(f"tanh_mean({order}, …): the order is an odd whole number up to {HIGHEST - 1}")


add(
    Row(
        "tanh_mean", tanh_mean, "tanh_mean(n, g)   the mean of the n-th derivative of tanh at g*z, n odd",
        tanh_mean.enclose, "tanh_mean", takes=2, check=odd_order,
    )
)  # fmt: skip


@cache
def slope(order: int) -> Poly:
    """The derivative of that order of tanh, as a polynomial in tanh."""
    return Poly(T, T) if order == 0 else (1 - Poly(T**2, T)) * slope(order - 1).diff(T)


def enclose_tanh_mean(n: Any, g: Any, prec: int = 53) -> arb:
    """A ball that contains τ_n(g): the integral between points far out, and a bound of what lies beyond them."""
    order = int(arb(n).unique_fmpz())
    with ctx.workprec(prec + GUARD_BITS):
        g, reach = arb(g), arb(prec + GUARD_BITS).sqrt() * 2
        coefficients = [int(c) for c in slope(order).all_coeffs()]
        middle = acb(g.mid())

        def density(x: acb, analytic: bool) -> acb:
            t, value = (middle * x).tanh(), acb(0)
            for c in coefficients:
                value = value * t + c
            return value * (-x * x / 2).exp()

        inside = acb.integral(density, acb(-reach), acb(reach)).real / (2 * arb.pi()).sqrt()
        beyond = size(order) * (reach / arb(2).sqrt()).erfc()
        # an inexact g moves the integrand by less than rad(g)·|x|·sup|tanh⁽ⁿ⁺¹⁾|, and E|G| < 1
        moved = size(order + 1) * abs(arb(0, g.rad()))
        return inside + arb(0, (beyond + moved).upper())


def size(order: int) -> int:
    """A bound of |tanh⁽ⁿ⁾|: tanh lies between −1 and 1."""
    return sum(abs(int(c)) for c in slope(order).all_coeffs())
