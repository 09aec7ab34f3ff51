"""The calculus of the workbench, timed on the trace polynomial that it returns."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import reduce
from typing import Any

import numpy as np
from protocol import COLUMNS, ROWS, VALUES, answer
from sympy import Add

from workbench.calculus import expect, expression_of, gradient, moment, polynomial
from workbench.calculus.algebra.alphabets import ALPHABET
from workbench.calculus.algebra.polynomials import TracePolynomial
from workbench.language.laws import E, gaussian, haar
from workbench.language.letters import count, form, matrix, size, spd, symmetric, tr, vector

d, n = size("d"), count("n")
A, C, B, G = symmetric("A", d), matrix("C", d, d), matrix("B", d, d), matrix("G", d, d)
S, L = spd("S", d), spd("L", d)
x, Z, X = gaussian("x", d), gaussian("Z", d, n), gaussian("X", d, n, cov=S)
Y = gaussian("Y", d, n, mean=matrix("M", d, n))
V = gaussian("V", d, n, mean=matrix("K", d, n))
T, q, w = gaussian("T", d, n, cov=L), gaussian("q", d, cov=L), gaussian("w", d)
RISK = E((tr(w.T * q) - form(q, G * T * T.T, w)) ** 2)

W, V = gaussian("W", d, n), gaussian("V", d, count("m"))
H, a, b = haar("H", d), vector("a", d), vector("b", d)
CASES = {
    "quadratic": lambda k: E(form(x, A, x) ** k),
    "chi-square": lambda k: E(tr(x.T * x) ** k),
    "isotropic": lambda k: E(tr((Z * Z.T) ** k)),
    "wishart": lambda k: E((X * X.T) ** k),
    "symmetric": lambda k: E(tr((Z * Z.T * A) ** k)),
    "arbitrary": lambda k: E(tr((Z * Z.T * C) ** k)),
    "two wisharts": lambda k: E(tr((W * W.T * V * V.T) ** k)),
    "sandwich": lambda k: E(X * X.T * C * X * X.T),
    "risk": lambda k: RISK,
    "mixed": lambda k: E(tr((Y * Z.T * Z * Y.T) ** (k // 2)) if k < 6 else tr(Y * Z.T * Z * V.T * V * Y.T)),
}


def risk_gradient(k: int) -> Any:
    """The gradient of the risk, the risk itself being computed before."""
    risk = expression_of(moment(RISK))
    return lambda: polynomial(gradient(risk, G))


WHOLE: dict[str, Callable[[int], Any]] = {  # their means are written out in SymPy, with coefficients rational in d
    "haar words": lambda k: E(tr((H * C * H.T * B) ** (k // 2))),
    "haar entry": lambda k: E(form(a, H, b) ** k),
    "inverse wishart": lambda k: E((X * X.T).inv() ** k),
}


def whole(build: Callable[[int], Any]) -> Callable[[int], Callable[[], Any]]:
    """The mean as an expression; it is no trace polynomial."""

    def prepare(k: int) -> Callable[[], Any]:
        mean = build(k)
        return lambda: expect(mean)

    return prepare


def prepared(build: Callable[[int], Any]) -> Callable[[int], Callable[[], Any]]:
    """The expression is built before the clock starts, as it is for every peer."""

    def prepare(k: int) -> Callable[[], Any]:
        mean = build(k)
        return lambda: moment(mean)

    return prepare


def value(result: Any) -> list[Any]:
    """A trace polynomial at the point, in exact integers; a mean of another kind has no peer, and is no point."""
    if not isinstance(result, TracePolynomial):
        return [len(Add.make_args(result))]
    sizes, letters = {str(d): ROWS, str(n): COLUMNS, "m": COLUMNS}, {}

    def letter(token: int) -> Any:
        if token not in letters:
            entries = np.array(VALUES[ALPHABET.symbols[token // 2].name], dtype=object)
            letters[token] = entries.T if token % 2 else entries
        return letters[token]

    def word(tokens: tuple[int, ...]) -> Any:
        return reduce(np.matmul, map(letter, tokens)) if tokens else np.identity(ROWS, dtype=object)

    traces: dict[Any, int] = {}
    total: Any = 0
    for (scalars, necklaces, tail), number in result.terms.items():
        part = Fraction(int(number.p), int(number.q))
        for atom, exponent in scalars:
            part *= Fraction(sizes[str(ALPHABET.atoms[atom])]) ** int(exponent)
        for necklace in necklaces:
            if necklace not in traces:
                traces[necklace] = np.trace(word(necklace))
            part *= traces[necklace]
        total = total + (part if result.shape is None else part * word(tail))
    return [total] if result.shape is None else list(np.asarray(total).reshape(-1))


if __name__ == "__main__":
    doors = {name: prepared(build) for name, build in CASES.items()}
    answer({**doors, "risk gradient": risk_gradient} | {name: whole(build) for name, build in WHOLE.items()}, value)
