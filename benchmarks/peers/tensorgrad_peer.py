"""tensorgrad: expectations of tensor networks by Stein's identity, with symbolic sizes.

Its own numerical evaluation needs named tensors, which torch has dropped, so results are read here.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import sympy
import tensorgrad as tg
from protocol import COLUMNS, ROWS, VALUES, answer
from tensorgrad.extras.expectation import Expectation

i, n = sympy.symbols("i n")
SIZES = {i: ROWS, n: COLUMNS}
x, q, w = (tg.Variable(name, i) for name in "xqw")
Z, X, Y, T, M = (tg.Variable(name, i, n=n) for name in "ZXYTM")
A, S, L = (tg.Variable(name, i, j=i).with_symmetries("i j") for name in "ASL")
C, G = (tg.Variable(name, i, j=i) for name in "CG")


def chain(matrix: Any, k: int, letter: Any) -> Any:
    """tr((Z Zᵀ A)^k) as a network."""
    parts = []
    for t in range(k):
        after = f"a{(t + 1) % k}"
        parts += [matrix.rename(i=f"a{t}", n=f"n{t}"), matrix.rename(i=f"b{t}" if letter else after, n=f"n{t}")]
        parts += [letter.rename(i=f"b{t}", j=after)] if letter else []
    return tg.Product(parts)


def forms(k: int) -> Any:
    parts = [(x.rename(i=f"a{t}"), A.rename(i=f"a{t}", j=f"b{t}"), x.rename(i=f"b{t}")) for t in range(k)]
    return tg.Product([factor for triple in parts for factor in triple])


def with_covariance(inside: Any, letter: Any, cov: Any) -> Any:
    """The mean over a letter with row covariance `cov` and independent columns."""
    names = {edge: f"{edge}_" for edge in letter.edges}
    spread = [cov.rename(i="i", j="i_")] + ([tg.Delta(n, "n", "n_")] if "n" in letter.edges else [])
    return Expectation(inside, letter, covar=tg.Product(spread), covar_names=names)


def sandwich() -> Any:
    inside = tg.Product([
        X.rename(i="r", n="n0"), X.rename(i="a", n="n0"), C.rename(i="a", j="b"),
        X.rename(i="b", n="n1"), X.rename(i="c", n="n1"),
    ])  # fmt: skip
    return with_covariance(inside, X, S)


def risk() -> Any:
    plain = tg.Product([w, q])
    predicted = tg.Product([
        q.rename(i="a"), G.rename(i="a", j="b"), T.rename(i="b", n="n0"), T.rename(i="c", n="n0"), w.rename(i="c"),
    ])  # fmt: skip
    error = plain - predicted
    square = tg.functions.prod(error, error) if hasattr(tg, "functions") else tg.Product([error, error])
    return with_covariance(with_covariance(Expectation(square, w), q, L), T, L)


def mixed(k: int) -> Any:
    """tr((Y Zᵀ Z Yᵀ)^(k/2)), Z averaged first, then Y with its mean."""
    parts, turns = [], k // 2
    for t in range(turns):
        parts += [Y.rename(i=f"a{t}", n=f"b{t}"), Z.rename(i=f"c{t}", n=f"b{t}"), Z.rename(i=f"c{t}", n=f"e{t}")]
        parts += [Y.rename(i=f"a{(t + 1) % turns}", n=f"e{t}")]
    return Expectation(Expectation(tg.Product(parts), Z), Y, mu=M)


def array(tensor: Any) -> tuple[list[str], Any]:
    """A result as an array of exact integers, with the names of its axes."""
    kind = type(tensor).__name__
    if kind == "Variable":
        edges = list(tensor.edges)
        return edges, np.array(VALUES[tensor.name], dtype=object)
    if kind == "Rename":
        edges, entries = array(tensor.tensor)
        return [tensor.mapping.get(edge, edge) for edge in edges], entries
    if kind == "Delta":
        return delta(tensor)
    if kind == "Sum":
        edges = list(tensor.edges)
        total: Any = 0
        for part, weight in zip(tensor.terms, tensor.weights):
            names, entries = array(part)
            total = total + int(weight) * np.transpose(entries, [names.index(edge) for edge in edges])
        return edges, total
    if kind == "Product":
        return contracted(tensor)
    if kind == "Function":  # only whole powers, entry by entry, occur
        edges, entries = array(tensor.inputs[0])
        return edges, entries ** int(tensor.signature.k)
    if kind == "Zero":
        edges = list(tensor.edges)
        return edges, np.zeros([SIZES[tensor.shape[edge]] for edge in edges], dtype=object)
    raise NotImplementedError(kind)


def delta(tensor: Any) -> tuple[list[str], Any]:
    edges, size = list(tensor.edges), SIZES[tensor.size]
    entries = np.zeros([size] * len(edges), dtype=object)
    for place in range(size):
        entries[(place,) * len(edges)] += 1
    return edges, entries


def contracted(tensor: Any) -> tuple[list[str], Any]:
    letters: dict[str, str] = {}
    operands, names = [], []
    for factor in tensor.factors:
        edges, entries = array(factor)
        names.append("".join(letters.setdefault(edge, chr(97 + len(letters))) for edge in edges))
        operands.append(np.asarray(entries, dtype=object))
    edges = list(tensor.edges)
    out = "".join(letters[edge] for edge in edges)
    return edges, np.einsum(",".join(names) + "->" + out, *operands)


def value(result: Any) -> list[Fraction]:
    edges, entries = array(result)
    order = sorted(range(len(edges)), key=lambda axis: "ra".find(edges[axis]) if edges[axis] in "ra" else 9)
    return [Fraction(entry) for entry in np.transpose(np.asarray(entries, dtype=object), order).reshape(-1)]


if __name__ == "__main__":
    answer(
        {
            "quadratic": lambda k: lambda: Expectation(forms(k), x).full_simplify(),
            "chi-square": lambda k: lambda: Expectation(tg.functions.pow(tg.Product([x, x]), k), x).full_simplify(),
            "isotropic": lambda k: lambda: Expectation(chain(Z, k, None), Z).full_simplify(),
            "symmetric": lambda k: lambda: Expectation(chain(Z, k, A), Z).full_simplify(),
            "arbitrary": lambda k: lambda: Expectation(chain(Z, k, C), Z).full_simplify(),
            "sandwich": lambda k: lambda: sandwich().full_simplify(),
            "risk": lambda k: lambda: risk().full_simplify(),
            "mixed": lambda k: lambda: mixed(k).full_simplify(),
        },
        value,
    )
