"""The delta method: the law of a ratio of sample means, which is what softmax attention is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from flint import fmpq
from sympy import Expr, Order, oo

from workbench.calculus.errors import CalculusError
from workbench.exact.values import evaluate
from workbench.language.laws import E


class NoRatio(CalculusError):
    """A ratio of means that the delta method cannot be applied to."""


@dataclass(frozen=True)
class RatioOfMeans:
    """The law of A_n/B_n for means A_n, B_n over n independent tokens, to order 1/n.

    mean = limit + bias/n + remainder and covariance = spread/n + remainder, remainder = O(1/n²).
    """

    limit: Any
    bias: Any
    spread: Any
    n: Expr

    @property
    def mean(self) -> Any:
        """E[A_n/B_n] to order 1/n."""
        return self.limit + self.bias / self.n

    @property
    def covariance(self) -> Any:
        """Cov[A_n/B_n] to order 1/n."""
        return self.spread / self.n

    @property
    def remainder(self) -> Order:
        """What mean and covariance leave out, as n → ∞."""
        return Order(self.n**-2, (self.n, oo))


def delta_method(value: Any, weight: Expr, n: Expr) -> RatioOfMeans:
    """The ratio of Σ v(X_k)e(X_k) to Σ e(X_k) over n independent tokens, to order 1/n.

    With a = E(v e), b = E(e): limit a/b, bias a·E(e²)/b³ − E(v e²)/b², and spread
    E(vvᵀe²)/b² − (a E(v e²)ᵀ + E(v e²) aᵀ)/b³ + aaᵀ E(e²)/b⁴: the textbook delta method with
    cov(A,B) = E(v e²) − ab and var B = E(e²) − b². Softmax attention is v = X, e = exp(wᵀX).
    Needs e > 0 and finite second moments of v e and e.
    Re-check: `check_delta_method`, the second-order jet of the ratio along the tokens of a finite law.
    Raises NoRatio when the weight is a matrix, the value no column, or n not a letter.
    """
    if getattr(weight, "is_Matrix", False):
        raise NoRatio(f"the weight {weight} is a matrix; give it as a number (tr, dot or form of it)")
    if getattr(value, "is_Matrix", False) and value.shape[1] != 1:
        raise NoRatio(f"the value {value} has {value.shape[1]} columns; give one token's value, a column")
    if not getattr(n, "is_Symbol", False):
        raise NoRatio(f"the number of tokens must be a letter, not {n}; substitute its value afterwards")
    a, b = E(value * weight), E(weight)
    c, f = E(value * weight**2), E(weight**2)
    second = E(value * _turned(value) * weight**2)
    return RatioOfMeans(
        limit=a / b,
        bias=(f / b**3) * a - (1 / b**2) * c,
        spread=second / b**2 - (a * _turned(c) + c * _turned(a)) / b**3 + (f / b**4) * (a * _turned(a)),
        n=n,
    )


def check_delta_method(
    found: RatioOfMeans, value: Any, weight: Expr, tokens: list[dict[Any, Any]], probabilities: list[fmpq]
) -> bool:
    """Whether limit, bias and spread are those of the jet of A/B, for a token law with finitely many values.

    `tokens` lists points at which value and weight are rational. The independent route: along token k
    the ratio (a + ε(v_k e_k − a))/(b + ε(e_k − b)) has a first-order term whose covariance is the
    spread and a second-order term whose mean is the bias.
    """
    values = [np.atleast_2d(evaluate(value, t)) for t in tokens]
    weights = [evaluate(weight, t) for t in tokens]
    a = _mean([v * e for v, e in zip(values, weights, strict=True)], probabilities)
    b = _mean(weights, probabilities)
    first, second = [], []
    for v, e in zip(values, weights, strict=True):
        slope_a, slope_b = v * e - a, e - b
        first.append((slope_a - a / b * slope_b) / b)
        second.append(-first[-1] * slope_b / b)
    spread = _mean([u @ u.T for u in first], probabilities)
    expected = [(found.limit, a / b), (found.bias, _mean(second, probabilities)), (found.spread, spread)]
    return all(_same(_over(node, tokens, probabilities), other) for node, other in expected)


def _over(node: Any, tokens: list[dict[Any, Any]], probabilities: list[fmpq]) -> Any:
    """An expression in E(…) nodes, each mean being the sum over the finite law."""
    from workbench.language.laws import MatrixMean, ScalarMean

    means = {
        mean: _mean([evaluate(mean.inside, token) for token in tokens], probabilities)
        for mean in node.atoms(ScalarMean, MatrixMean)
    }
    return evaluate(node, means)


def _mean(values: list[Any], probabilities: list[fmpq]) -> Any:
    return sum((p * v for v, p in zip(values, probabilities, strict=True)), fmpq(0))


def _same(one: Any, other: Any) -> bool:
    return bool(np.all(np.atleast_2d(one) == np.atleast_2d(other)))


def _turned(value: Any) -> Any:
    """The transpose of a column; a number is its own."""
    return value.T if getattr(value, "is_Matrix", False) else value
