"""Steps: means of products of signs of correlated Gaussian variables, and their derivatives in the means.

erf(u) = E sign(u + n) for an independent n ~ N(0, 1/2), so erf is a sign with more variance. With
V the *doubled* covariance (V_kk = 2 var u_k, plus 1 for an erf):

    E sign(u)          = erf(m/√V)
    E sign(u) sign(v)  = (2/π) arcsin(V_uv/√(V_uu V_vv))           at zero means (Sheppard, Williams)
                       = sign(m_u m_v) − 4 T(h_u, a_u) − 4 T(h_v, a_v)   in general (Owen 1956)

and a derivative puts one variable at its jump: ∂_k E Π sign = 2 φ(m_k) E[Π others | u_k = 0]
(Price 1958), which is elementary as soon as one of two signs is differentiated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import comb, factorial

from sympy import Add, Expr, Mul, Rational, S, asin, erf, exp, fraction, pi, sign, sqrt, together

from workbench.calculus.algebra.sums import expand
from workbench.calculus.algebra.terms import normal
from workbench.calculus.errors import NotGaussianCalculus
from workbench.language.gaussian_functions import owens_t, zeta_erf

Orders = tuple[int, ...]


@dataclass(frozen=True)
class Steps:
    """Signs of jointly Gaussian variables: means m and doubled covariance V; `smooth` tells the erfs."""

    means: tuple[Expr, ...]
    cov: tuple[tuple[Expr, ...], ...]
    smooth: tuple[bool, ...]

    def derivative(self, orders: Orders) -> Expr:
        """∂^orders of E Π sign(u_k) in the means."""
        value = S.One
        for block in self.blocks():
            part = self.restricted(block)
            value *= part.connected(tuple(orders[k] for k in block))
        return value

    def blocks(self) -> list[list[int]]:
        """The indices in groups that are independent of each other."""
        groups: list[list[int]] = []
        for k in range(len(self.means)):
            linked = [group for group in groups if any(self.cov[k][other] != 0 for other in group)]
            groups = [group for group in groups if group not in linked] + [sorted(sum(linked, [k]))]
        return groups

    def restricted(self, kept: Sequence[int]) -> Steps:
        """The same law seen on some of the variables."""
        return Steps(
            tuple(self.means[k] for k in kept),
            tuple(tuple(self.cov[k][other] for other in kept) for k in kept),
            tuple(self.smooth[k] for k in kept),
        )

    def connected(self, orders: Orders) -> Expr:
        """The derivative for one group of correlated variables."""
        at = next((k for k, order in enumerate(orders) if order), None)
        if at is None:
            return self.value()
        if self.cov[at][at] == 0:
            return self.flat(at)
        rest = [k for k in range(len(orders)) if k != at]
        given, n, total = self.conditioned(at), orders[at] - 1, S.Zero
        for j in range(n + 1):
            bump = comb(n, j) * bell_slope(self.means[at], self.cov[at][at], n - j)
            for shift in compositions(j, len(rest)):
                slide = self.slide(at, dict(zip(rest, shift, strict=True)))
                if bump != 0 and slide != 0:
                    raised = tuple(orders[k] + b for k, b in zip(rest, shift, strict=True))
                    total += bump * slide * given.derivative(raised)
        return 2 * total

    def flat(self, at: int) -> Expr:
        """A sign of a constant does not move, unless the constant is zero."""
        if self.means[at] == 0:
            raise NotGaussianCalculus(
                "two projections under sign, Heaviside or Max jump together; write them as one function"
            )
        return S.Zero

    def slide(self, at: int, shift: dict[int, int]) -> Expr:
        """How often, and how fast, the conditional means of the others move with the mean of one."""
        ways = Rational(factorial(sum(shift.values())), Mul(*(factorial(b) for b in shift.values())))
        return ways * Mul(*((-self.cov[at][k] / self.cov[at][at]) ** b for k, b in shift.items()))

    def conditioned(self, at: int) -> Steps:
        """The other variables, given that this one is zero."""
        rest = [k for k in range(len(self.means)) if k != at]
        pivot, cross = self.cov[at][at], self.cov[at]
        return Steps(
            tuple(over(self.means[k] * pivot - cross[k] * self.means[at], pivot) for k in rest),
            tuple(tuple(over(self.cov[k][i] * pivot - cross[k] * cross[i], pivot) for i in rest) for k in rest),
            (False,) * len(rest),
        )

    def value(self) -> Expr:
        """E Π sign(u_k) itself."""
        if len(self.means) % 2 and all(mean == 0 for mean in self.means):
            return S.Zero
        if len(self.means) == 1:
            m, v = self.means[0], self.cov[0][0]
            return erf(m / root(v)) if v != 0 else Add(sign(m))
        if len(self.means) == 2:
            return self.pair()
        raise NotGaussianCalculus(
            f"the mean of a product of {len(self.means)} correlated erf, sign, Heaviside or Max has no "
            "closed form here; expand one of them in a Hermite series (`mehler`)"
        )

    def pair(self) -> Expr:
        """E sign(u) sign(v)."""
        (m, k), ((v, c), (_, w)) = self.means, self.cov
        if m == k and v == w and all(self.smooth) and expand(v - c) == 1:
            return Mul(zeta_erf(m, sqrt(c / 2)))
        if m == 0 == k:
            return 2 / pi * asin(c / (root(v) * root(w)))
        rest = root(expand(v * w - c**2))
        if rest == 0:
            return self.collinear_pair()
        if m == 0 or k == 0:
            height = k / root(w) if m == 0 else m / root(v)
            return 4 * owens_t(sqrt(2) * height, c / rest)
        if v == w and expand(m - k) == 0:
            return 1 - 8 * owens_t(sqrt(2) * m / root(v), root(v - c) / root(v + c))
        if v == w and expand(m + k) == 0:
            return 8 * owens_t(sqrt(2) * m / root(v), root(v + c) / root(v - c)) - 1
        one = owens_t(sqrt(2) * m / root(v), expand(k * v - m * c) / (m * rest))
        two = owens_t(sqrt(2) * k / root(w), expand(m * w - k * c) / (k * rest))
        return Add(sign(m * k), -4 * one, -4 * two)

    def collinear_pair(self) -> Expr:
        """E sign(h + z) sign(k ± z) = ±(1 − |erf(h/√2) ∓ erf(k/√2)|), the same z in both."""
        (m, k), ((v, c), (_, w)) = self.means, self.cov
        side = c / (root(v) * root(w))
        if side not in (1, -1):
            raise NotGaussianCalculus(
                "two projections under sign, Heaviside or Max are proportional by a factor of unknown "
                "sign; declare the factor positive"
            )
        return side * (1 - abs(erf(m / root(v)) - side * erf(k / root(w))))


def bell_slope(mean: Expr, doubled: Expr, order: int) -> Expr:
    """The derivative of the density at zero of N(m, V/2), in m."""
    terms = (
        Rational(
            (-1) ** (order + j) * factorial(order) * 2 ** (order - j),
            factorial(j) * factorial(order - 2 * j) * 2**j,
        )
        * mean ** (order - 2 * j)
        / doubled ** (order - j)
        for j in range(order // 2 + 1)
    )
    return Add(*terms) * exp(expand(-(mean**2) / doubled)) / (sqrt(pi) * root(doubled))


def compositions(total: int, parts: int) -> Iterator[Orders]:
    """The ways to write a total as an ordered sum of whole numbers."""
    if parts == 0:
        yield from [()] if total == 0 else []
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def over(top: Expr, bottom: Expr) -> Expr:
    """A quotient whose numerator is one multiplied-out polynomial."""
    upper, lower = fraction(together(top))
    return normal(upper) / (lower * bottom)


def root(value: Expr) -> Expr:
    """The root of a positive quotient, as a quotient of roots without square factors."""
    top, bottom = fraction(together(value))
    content, rest = expand(top).primitive()
    return sqrt(content) * sqrt(rest) / sqrt(bottom)
