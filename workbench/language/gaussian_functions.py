r"""Special functions of the scalar Gaussian calculus: Owen's T and ζ(t, g) = E erf(t + gG)².

T(h, a) = (1/2π) ∫₀ᵃ exp(−h²(1+x²)/2)/(1+x²) dx           (D. B. Owen, 1956)
ζ(t, g) = 1 − 8 T(√2 t/√(1+2g²), 1/√(1+4g²)),   ζ(0, g) = (2/π) arcsin(2g²/(1+2g²)).
"""

from __future__ import annotations

from typing import Any

from flint import acb, arb, ctx
from sympy import Expr, Float, Function, Max, S, Symbol, asin, atan, erf, erfc, exp, pi, sqrt
from sympy.core.function import ArgumentIndexError

from workbench.errors import Undefined
from workbench.language.function_rows import Row, add

GUARD_BITS = 30


class owens_t(Function):
    """Owen's T function of h and a: even in h, odd in a."""

    nargs = 2
    is_real = True

    @classmethod
    def eval(cls, h: Expr, a: Expr) -> Expr | None:
        if h.is_infinite or a.is_zero:
            return S.Zero
        if h.is_zero:
            return atan(a) / (2 * pi)
        if a in (S.Infinity, S.NegativeInfinity):
            return (1 if a is S.Infinity else -1) * erfc(abs(h) / sqrt(2)) / 4
        if a == 1:
            return (1 - erf(h / sqrt(2)) ** 2) / 8
        if a.could_extract_minus_sign():
            return -cls(h, -a)
        if h.could_extract_minus_sign():
            return cls(-h, a)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        h, a = self.args
        if argindex == 1:
            return -exp(-(h**2) / 2) * erf(a * h / sqrt(2)) / (2 * sqrt(2 * pi))
        if argindex == 2:
            return exp(-(h**2) * (1 + a**2) / 2) / (2 * pi * (1 + a**2))
        raise ArgumentIndexError(self, argindex)

    def _eval_evalf(self, prec: int) -> Expr | None:
        return evaluated(self, enclose_owens_t, prec)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return named(r"T", self.args, printer, exp)

    @staticmethod
    def enclose(h: arb, a: arb) -> arb:
        return enclose_owens_t(h, a, ctx.prec)


class zeta_erf(Function):
    """ζ(t, g) = E erf(t + gG)² for a standard normal G: even in t and in g."""

    nargs = 2
    is_real = True

    @classmethod
    def eval(cls, t: Expr, g: Expr) -> Expr | None:
        if t.is_infinite:
            return S.One
        if g.is_zero:
            return erf(t) ** 2
        if t.is_zero:
            return 2 / pi * asin(2 * g**2 / (1 + 2 * g**2))
        if t.could_extract_minus_sign():
            return cls(-t, g)
        if g.could_extract_minus_sign():
            return cls(t, -g)
        return None

    def fdiff(self, argindex: int = 1) -> Expr:
        t, g = self.args
        if argindex == 1:
            return zeta_slope(t, g)
        if argindex == 2:  # heat equation: ∂_g E f(t + gG) = g ∂_t² E f(t + gG)
            at = Symbol("t", real=True)
            return g * zeta_slope(at, g).diff(at).subs(at, t)
        raise ArgumentIndexError(self, argindex)

    def _eval_rewrite_as_owens_t(self, t: Expr, g: Expr, **kwargs: Any) -> Expr:
        return 1 - 8 * owens_t(sqrt(2) * t / sqrt(1 + 2 * g**2), 1 / sqrt(1 + 4 * g**2))

    def _eval_evalf(self, prec: int) -> Expr | None:
        return evaluated(self, enclose_zeta_erf, prec)

    def _latex(self, printer: Any, exp: Any = None) -> str:
        return named(r"\zeta", self.args, printer, exp)

    @staticmethod
    def enclose(t: arb, g: arb) -> arb:
        return enclose_zeta_erf(t, g, ctx.prec)


add(Row("owens_t", owens_t, "owens_t(h, a)   Owen's T", owens_t.enclose, "owens_t", takes=2))
add(Row("zeta_erf", zeta_erf, "zeta_erf(t, g)   E[erf(t + g*z)**2]", zeta_erf.enclose, "zeta_erf", takes=2))


def zeta_slope(t: Expr, g: Expr) -> Expr:
    """∂_t ζ = E 2 erf(t+gG) erf'(t+gG), by conditioning on where erf' weighs G."""
    q = 1 + 2 * g**2
    return 4 * exp(-(t**2) / q) * erf(t / sqrt((1 + 4 * g**2) * q)) / sqrt(pi * q)


def relu(x: Expr) -> Expr:
    """The positive part of a number."""
    return Max(0, x)


def enclose_owens_t(h: Any, a: Any, prec: int = 53) -> arb:
    """A ball that contains T(h, a), computed with prec + 30 bits.

    The radius is rigorous: `acb.integral` between exact points encloses the integral, and inexact
    arguments add rad(h)/(2√(2π)) + rad(a)/(2π), bounds of the two partial derivatives.
    """
    with ctx.workprec(prec + GUARD_BITS):
        h, a = arb(h), arb(a)
        if not (h.is_finite() and a.is_finite()):
            raise Undefined(f"Owen's T is enclosed at finite arguments, not at ({h}, {a})")
        slack = abs(arb(0, h.rad())) / (2 * (2 * arb.pi()).sqrt()) + abs(arb(0, a.rad())) / (2 * arb.pi())
        return exact_owens_t(abs(h.mid()), a.mid()) + arb(0, slack.upper())


def exact_owens_t(h: arb, a: arb) -> arb:
    """T at exact h ≥ 0 and exact a; |a| > 1 by T(h, a) + T(ah, 1/a) = (Φ(h)+Φ(ah))/2 − Φ(h)Φ(ah)."""
    if a < 0:
        return -exact_owens_t(h, -a)
    if a <= 1:
        return owens_integral(h, a)
    below, at = phi(h), phi(a * h)
    rest = a * h
    inner = owens_integral(rest.mid(), (1 / a).mid())
    # the midpoints of ah and 1/a differ from them by less than their radii; same bounds as above
    inner += arb(0, (abs(arb(0, rest.rad())) + abs(arb(0, (1 / a).rad()))).upper())
    return (below + at) / 2 - below * at - inner


def owens_integral(h: arb, a: arb) -> arb:
    """(1/2π) ∫₀ᵃ exp(−h²(1+x²)/2)/(1+x²) dx between exact points, 0 ≤ a ≤ 1."""
    square = acb(h * h) / 2

    def density(x: acb, analytic: bool) -> acb:
        stretch = 1 + x * x
        return (-square * stretch).exp() / stretch

    return acb.integral(density, acb(0), acb(a)).real / (2 * arb.pi())


def phi(x: arb) -> arb:
    """The standard normal distribution function."""
    return (-x / arb(2).sqrt()).erfc() / 2


def enclose_zeta_erf(t: Any, g: Any, prec: int = 53) -> arb:
    """A ball that contains ζ(t, g), through Owen's T with its rigorous radius."""
    with ctx.workprec(prec + GUARD_BITS):
        square = arb(g) ** 2
        h = arb(2).sqrt() * arb(t) / (1 + 2 * square).sqrt()
        return 1 - 8 * enclose_owens_t(h, 1 / (1 + 4 * square).sqrt(), prec)


def evaluated(node: Function, enclose: Any, prec: int) -> Expr | None:
    """A special value in floating point, correct to the last bit or so; None for symbolic arguments."""
    if not all(part.is_number for part in node.args):
        return None
    digits = [part.evalf(int((prec + GUARD_BITS) * 0.302) + 3) for part in node.args]
    if not all(digit.is_Float or digit.is_Rational for digit in digits):
        return None
    value = enclose(*(ball(digit, prec) for digit in digits), prec)
    return Float(value.mid().str(int(prec * 0.302) + 10, radius=False), precision=prec)


def ball(number: Expr, prec: int) -> arb:
    """A SymPy number as a ball at working precision."""
    with ctx.workprec(prec + GUARD_BITS):
        return arb(str(number))


def named(symbol: str, arguments: tuple[Expr, ...], printer: Any, power: Any) -> str:
    """LaTeX of a named function, with its power if it has one."""
    inside = ", ".join(printer._print(part) for part in arguments)
    raised = f"^{{{power}}}" if power is not None else ""
    return rf"{symbol}{raised}\left({inside}\right)"
