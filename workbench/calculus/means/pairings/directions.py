r"""Uniform directions: a product that holds a Haar matrix only as H·b, one fixed b, is a Gaussian moment.

H·b is |b| u with u uniform on the unit sphere, and a standard Gaussian x is |x| u with |x| independent
of u. A product f of 2k copies is homogeneous, so with E|x|^2k = d(d + 2)…(d + 2k − 2)

    E f(H b) = (bᵀb)^k E f(x) / (d(d + 2)…(d + 2k − 2)).

No pairing is listed and no pole occurs, at any dimension. A square H may stand as aᵀH instead.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from sympy import Expr, Mul, S

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Word
from workbench.calculus.errors import DegreeTooHigh
from workbench.calculus.means.gaussian.expectation import DEGREE, expect_gaussian
from workbench.calculus.means.rewirings import Product, assembled
from workbench.language.laws import Gaussian, Haar, gaussian

Scalars = dict[tuple[Expr, Word | None], Expr]


def direction_mean(part: Product, H: Haar) -> Scalars | None:
    """The mean of a product of an even number of copies of H, when it is one of a single direction; else None.

    Raises DegreeTooHigh beyond the degree of Gaussian moments.
    """
    degree = part.degree(H)
    half = degree // 2
    x = gaussian(f"{H.name} as a Gaussian direction", H.rows)
    read = _as_gaussian(part, H, x)
    if read is None:
        return None
    if degree > DEGREE:
        raise DegreeTooHigh(f"degree {degree} in {H} is above the limit {DEGREE}; lower the degree")
    gauss, squared = read
    opened = gauss.open if any(atom == x for atom, _ in gauss.open or ()) else None
    shape = None if opened is None else (terms.rows(opened[0]), terms.columns(opened[-1]))
    closed = Mul(*(terms.trace(word, terms.rows(word[0])) for word in gauss.closed))
    mean = expect_gaussian(assembled({(closed, opened): S.One}, shape), x)
    front = part.coefficient * squared**half
    radius = Mul(*(H.rows + 2 * j for j in range(half)))
    words = {gauss.open: mean} if shape is None else terms.words(mean)
    return {(front * coefficient, word): 1 / radius for word, coefficient in words.items()}


def is_direction(part: Product, H: Haar) -> bool:
    """Whether a product holds H only as one direction, so that its mean has no pole in the dimension."""
    return _as_gaussian(part, H, gaussian(f"{H.name} as a Gaussian direction", H.rows)) is not None


def _as_gaussian(part: Product, H: Haar, x: Gaussian) -> tuple[Product, Expr] | None:
    """The product with x for every H·b, and bᵀb; or None when copies of H stand beside different things."""
    if H.cols == 1:
        return _replaced(part, lambda word, _: _one_column(word, H, x)), S.One
    for turned in (False, True) if H.rows == H.cols else (False,):
        b = _companion(part, H, turned)
        if b is None:
            continue
        read = _replaced(part, partial(_merged, pair=((H, turned), b), x=x))
        if not read.degree(H):
            return read, terms.trace(((b[0], True), (b[0], False)), S.One)
    return None


def _replaced(part: Product, change: Any) -> Product:
    closed = tuple(change(word, True) for word in part.closed)
    return replace(part, closed=closed, open=None if part.open is None else change(part.open, False))


def _one_column(word: Word, H: Haar, x: Gaussian) -> Word:
    return tuple((x if atom == H else atom, transposed) for atom, transposed in word)


def _companion(part: Product, H: Haar, turned: bool) -> Any:
    """The column that first follows H (or Hᵀ, when turned), a word being read in either direction."""
    for word in (*part.closed, part.open or ()):
        for reading in (word, terms.reverse(word)):
            for left, right in zip(reading, (*reading[1:], *reading[:1])):
                if left == (H, turned) and terms.columns(right) == 1 and right[0] != H:
                    return right
    return None


def _merged(word: Word, is_closed: bool, pair: Any, x: Gaussian) -> Word:
    """The word with x for each pair H, b and xᵀ for each bᵀ, Hᵀ; a closed word may be turned to find them."""
    mirrored = terms.reverse(pair)
    for turn in range(2 if is_closed else 1):
        rest, made = (*word[turn:], *word[:turn]), []
        while rest:
            found = {pair: (x, False), mirrored: (x, True)}.get(rest[:2])
            made.append(found or rest[0])
            rest = rest[2:] if found else rest[1:]
        if all(atom != pair[0][0] for atom, _ in made):
            return tuple(made)
    return word
