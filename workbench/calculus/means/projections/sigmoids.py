"""Sigmoids: powers of tanh of one centred Gaussian number, and softmax over two tokens, which is one.

    e^a/(e^a + e^b) = (1 + tanh((a − b)/2))/2,        τ_n(g) = E tanh⁽ⁿ⁾(gG) for a standard normal G.

Even powers of tanh are sums of its odd derivatives, so τ₁, τ₃, … say all their means; odd powers have mean 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sympy import Add, Expr, Integer, Mul, Poly, Pow, S, exp, sqrt, tanh

from workbench.calculus.algebra.terms import normal
from workbench.calculus.errors import NotGaussianCalculus
from workbench.language.tanh_means import T, slope, tanh_mean


@dataclass(frozen=True)
class Sigmoids:
    """Copies of tanh of one centred Gaussian number of this variance."""

    variance: Expr

    def derivative(self, orders: tuple[int, ...]) -> Expr:
        """E Π tanh⁽ᵏ⁾(u) for these orders k."""
        whole = Poly(1, T)
        for order in orders:
            whole *= slope(order)
        total = S.Zero
        while whole.degree() > 0:
            power, leading = whole.degree(), whole.LC()
            if power % 2:  # odd in u: no mean
                whole -= Poly(leading * T**power, T)
                continue
            share = leading / slope(power - 1).LC()
            total += share * tanh_mean(Integer(power - 1), sqrt(self.variance))
            whole -= share * slope(power - 1)
        return total + whole.eval(0)


def one_sigmoid(means: tuple[Expr, ...], cov: Any) -> Sigmoids:
    """The law of several tanh. Raises NotGaussianCalculus unless all are of one centred number."""
    if any(mean != 0 for mean in means) or any(normal(entry - cov[0][0]) != 0 for row in cov for entry in row):
        raise NotGaussianCalculus(
            "the mean of tanh, and so of softmax over two tokens, is known of one centred Gaussian number; "
            "several of them, beside exponentials or with a mean, have no closed form here"
        )
    return Sigmoids(cov[0][0])


def paired(summand: Expr) -> Expr:
    """A product with softmax over two tokens in it, e^a/(e^a + e^b), written with tanh."""
    powers = summand.as_powers_dict()
    exponent = normal(powers.get(S.Exp1, S.Zero))
    for base, power in powers.items():
        pair = softmax_pair(base)
        if pair is None or not (power.is_Integer and power < 0):
            continue
        count, (a, b) = -int(power), pair
        for first in range(count + 1):
            if normal(exponent - first * a - (count - first) * b) == 0:
                weight = tanh(normal((a - b) / 2))
                rest = Mul(*(other**p for other, p in powers.items() if other not in (base, S.Exp1)))
                return rest * ((1 + weight) ** first * (1 - weight) ** (count - first) / 2**count).expand()
    return summand


def softmax_pair(base: Expr) -> tuple[Expr, Expr] | None:
    """The exponents a and b of e^a + e^b; None for anything else."""
    if not isinstance(base, Add) or len(base.args) != 2 or not all(isinstance(part, exp) for part in base.args):
        return None
    a, b = (part.exp for part in base.args)
    return a, b


def has_pair(expression: Any) -> bool:
    """Whether one over e^a + e^b stands in an expression."""
    return any(p.exp.is_negative and softmax_pair(p.base) is not None for p in expression.atoms(Pow))
