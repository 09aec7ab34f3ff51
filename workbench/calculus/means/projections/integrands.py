"""Integrands: what stands under a Gaussian mean, read as polynomial × exponential × functions × word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sympy import (
    Abs,
    Expr,
    Heaviside,
    MatrixExpr,
    MatrixSymbol,
    Max,
    Min,
    Mul,
    S,
    Trace,
    cos,
    erf,
    erfc,
    sign,
    sin,
    tanh,
)

from workbench.calculus.algebra.terms import Word, Words, matrix, normal, words
from workbench.calculus.errors import NotGaussianCalculus
from workbench.calculus.means.projections.contractions import check_word
from workbench.calculus.means.projections.sigmoids import paired

STEPS = (erf, sign, tanh)
WAVES = (cos, sin)


class Term(NamedTuple):
    """polynomial × exp(exponent) × Π functions × open words, before averaging."""

    polynomial: Expr
    exponent: Expr
    functions: tuple[Expr, ...]
    body: Words
    shape: tuple[Any, Any]

    def shifted(self, letter: MatrixSymbol, move: MatrixExpr) -> Term:
        """The term with X replaced by X + move everywhere."""
        rule = {letter: letter + move}
        return Term(
            normal(self.polynomial.xreplace(rule)),
            normal(self.exponent.xreplace(rule)),
            tuple(normal(f.xreplace(rule)) for f in self.functions),
            words(matrix(self.body, self.shape).xreplace(rule)),
            self.shape,
        )


def read_terms(inside: Any, letters: Sequence[MatrixSymbol]) -> Iterator[Term]:
    """The terms of an integrand; raises NotGaussianCalculus at what the rules cannot read."""
    shape = getattr(inside, "shape", (1, 1))
    if getattr(inside, "is_Matrix", False):
        total = {word: normal(stepwise(c)) for word, c in words(inside).items()}
    else:
        total = {(): normal(stepwise(inside))}
    for word, coefficient in total.items():
        check_word(word, letters)
        for summand in coefficient.as_ordered_terms():
            for part in normal(paired(summand)).as_ordered_terms():
                yield read_term(part, word, shape, letters)


def read_term(summand: Expr, word: Word, shape: tuple[Any, Any], letters: Sequence[MatrixSymbol]) -> Term:
    """One product of scalar factors, sorted by kind."""
    polynomial, exponent, functions = [], S.Zero, []
    for base, power in summand.as_powers_dict().items():
        if base is S.Exp1:
            exponent += power
        elif isinstance(base, STEPS + WAVES) and (base**power).has(*letters):
            if not (power.is_Integer and power > 0):
                raise NotGaussianCalculus(f"{base**power}: only whole powers of {base.func} can be averaged")
            functions += [base] * int(power)
        elif (base**power).has(*letters) and not isinstance(base, Trace):
            raise NotGaussianCalculus(
                f"no rule averages {base**power}; the rules know polynomials, exp of a quadratic form, "
                "erf, sign, Heaviside, Abs, Max(0, ·), tanh, cos and sin of projections"
            )
        else:
            polynomial.append(base**power)
    return Term(Mul(*polynomial), normal(exponent), tuple(functions), {word: S.One}, shape)


def stepwise(expression: Expr) -> Expr:
    """Heaviside, Abs, Max and Min written with sign, whose mean the rules know (equal almost surely)."""
    rules: list[tuple[type, Any]] = [
        (Heaviside, lambda node: (1 + sign(node.args[0])) / 2 if normal(node.args[0]) != 0 else node.args[1]),
        (Abs, lambda node: node.args[0] * sign(node.args[0])),
        (erfc, lambda node: 1 - erf(node.args[0])),
        (Max, lambda node: extreme(node, 1)),
        (Min, lambda node: extreme(node, -1)),
    ]
    for kind, rule in rules:
        if expression.has(kind):
            expression = expression.replace(kind, lambda *args, kind=kind, rule=rule: rule(kind(*args)))  # type: ignore[assignment]
    return expression


def extreme(node: Expr, side: int) -> Expr:
    """max(a, b) = (a + b + (a − b) sign(a − b))/2, or the minimum."""
    if len(node.args) != 2:
        raise NotGaussianCalculus(f"{node}: only the maximum or minimum of two numbers can be averaged")
    a, b = sorted(node.args, key=lambda part: part.is_number)
    return (a + b + side * (a - b) * sign(a - b)) / 2
