"""Inverse Wishart moments: means of words in W⁻¹, where W = X Xᵀ and X has i.i.d. N(0, Σ) columns.

Matsumoto, *General moments of the inverse real Wishart distribution and orthogonal Weingarten
functions* (2012): E of k entries of W⁻¹ is (−1)^k Σ over pairings p of their 2k indices of
Wg(p) ∏ Σ⁻¹, with Wg at z = −(N − d − 1). It exists exactly when N − d + 1 > 2k (for tr W^-k), since
the smallest eigenvalue λ of W has a density that vanishes like λ^((N−d−1)/2).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from sympy import And, Expr, Gt, Identity, Inverse, MatPow, MatrixExpr, S, Tuple, ZeroMatrix, expand

from workbench.calculus.algebra import terms
from workbench.calculus.errors import DegreeTooHigh, NoSuchMoment, NotPolynomial, UnknownLaw
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.pairings.inverse_powers import power_moment
from workbench.calculus.means.pairings.weingarten import all_pairings, coset_type, weighted
from workbench.calculus.means.pairings.wishart_and_inverse import without_wishart
from workbench.calculus.means.rewirings import Product, assembled, cut, products, rewired
from workbench.language import printing
from workbench.language.laws import Gaussian, gaussian, random_letters
from workbench.language.letters import Symmetric

MAX_INTERLEAVED, MAX_POWERS = 5, 10
Scalars = dict[Any, Expr]


def expect_inverse_wishart(expression: Any, X: Gaussian | None = None) -> Any:
    """The mean over X of an expression polynomial in (X Xᵀ)⁻¹, exact and rational in N and d.

    `X` may be left out when it is the only letter that stands in an inverse X Xᵀ; other letters are
    held fixed. Raises NoSuchMoment when the sizes are numbers at which the mean does not exist (see
    `inverse_moment_exists` for the condition at symbolic sizes), NotPolynomial, UnknownLaw, and
    DegreeTooHigh beyond order 5 (10 for words in W⁻¹ alone).
    """
    return averaged(expression, _letters(expression, X), (Gaussian,), _expect_one)


def _expect_one(expression: Any, X: Gaussian) -> Any:
    V = inverse_letter(_checked(X))
    parts = _products(expression, X, V)
    order = max((part.degree(V) for part in parts), default=0)
    if _condition(X, order) == S.false:
        raise NoSuchMoment(
            f"the mean of order {order} in ({X}*{X}.T)**-1 does not exist for {X.cols} columns of "
            f"dimension {X.rows}; it needs N − d + 1 > 2·order: take more columns"
        )
    total: Scalars = {}
    for part in parts:
        for key, coefficient in _mean(part, X, V).items():
            total[key] = total.get(key, S.Zero) + coefficient
    shape = tuple(expression.shape) if getattr(expression, "is_Matrix", False) else None
    return assembled(total, shape)


def upright(expression: Any, X: Gaussian) -> tuple[Any, Gaussian]:
    """An expression in (XᵀX)⁻¹ as one in (Y Yᵀ)⁻¹, Y = Xᵀ, and the letter that stands in it."""
    inverses = [node for node in expression.atoms(Inverse, MatPow) if is_inverse(node, X)]
    if X.rows == X.cols or any(node.shape[0] != X.cols for node in inverses):
        return expression, X
    Y = gaussian(X.name, X.cols, X.rows, mean=X.mean.T.doit(), cov=X.token_cov, token_cov=X.cov)
    return expression.xreplace({X.T: Y, X: Y.T}), Y


def inverse_moment_exists(expression: Any, X: Gaussian | None = None) -> Any:
    """The condition N − d + 1 > 2k under which the mean exists, k being the order in (X Xᵀ)⁻¹.

    It is sharp for traces of powers; a combination whose singular parts cancel may exist beyond it.
    """
    conditions = []

    def noted(inside: Any, letter: Gaussian) -> Any:
        V = inverse_letter(_checked(letter))
        order = max((part.degree(V) for part in _products(inside, letter, V)), default=0)
        conditions.append(_condition(letter, order))
        return inside

    averaged(expression, _letters(expression, X), (Gaussian,), noted)
    return And(*conditions)


def inverse_letter(X: Gaussian) -> Symmetric:
    """The letter that stands for (X Xᵀ)⁻¹ while a mean is computed."""
    return Symmetric(f"({X.name}*{X.name}.T)**(-1)", X.rows, X.rows)


def with_inverse_letter(expression: Any, X: Gaussian, V: MatrixExpr) -> Any:
    """The expression with every inverse power of c·X Xᵀ written with one letter."""

    def renamed(node: Any) -> Any:
        if X.rows == X.cols:
            raise NoSuchMoment(f"{X} is square, and no moment of the inverse of {X}*{X}.T exists; take more columns")
        return renamed_inverse(node, X * X.T, V)

    return expression.replace(lambda node: is_inverse(node, X), renamed)


def is_inverse(node: Any, X: Any) -> bool:
    """Whether a node is an inverse in which a letter stands."""
    return isinstance(node, Inverse | MatPow) and bool(node.exp.is_negative) and node.has(X)


def renamed_inverse(node: Any, square: Any, V: MatrixExpr) -> Any:
    """An inverse power of c·X Xᵀ by the letter V of the inverse. Raises NotPolynomial for any other inverse."""
    power, base, ((word, _),) = -int(node.exp), terms.words(node.base), terms.words(square).items()
    scale = base.get(word, S.Zero)
    if len(base) != 1 or scale == 0:
        raise NotPolynomial(
            f"{node} is not an inverse of a multiple of {printing.text(square)}, the only inverse whose mean is known; "
            "bring the expression to that form"
        )
    return scale**-power * V**power


def _letters(expression: Any, X: Gaussian | None) -> tuple[Any, ...]:
    """The Gaussian letter of the inverse Wishart matrix."""
    if X is not None:
        return (X,)
    inverses = [node for node in expression.atoms(Inverse, MatPow) if node.exp.is_negative]
    inside = {letter for letter in random_letters(Tuple(*inverses)) if isinstance(letter, Gaussian)}
    if len(inside) != 1:
        raise UnknownLaw(
            f"{len(inside)} Gaussian letters stand under an inverse in {expression}; name the one to average over"
        )
    return tuple(inside)


def _checked(X: Gaussian) -> Gaussian:
    """The letter, when its law makes X Xᵀ a central Wishart matrix."""
    if X.mean != ZeroMatrix(X.rows, X.cols) or X.token_cov != Identity(X.cols):
        raise UnknownLaw(f"{X} must have mean 0 and independent columns for the inverse moments of {X}*{X}.T")
    return X


def _products(expression: Any, X: Gaussian, V: Symmetric) -> list[Product]:
    """The expression as products of words in W⁻¹, what holds W itself being averaged first."""
    renamed = with_inverse_letter(expression, X, V)
    return products(without_wishart(renamed, X, V) if renamed.has(X) else renamed, V)


def _condition(X: Gaussian, order: int) -> Any:
    return Gt(X.cols - X.rows + 1, 2 * order) if order else S.true


def _mean(part: Product, X: Gaussian, V: Symmetric) -> Scalars:
    """The mean of one product of words, as {(scalar, open word): coefficient}."""
    order = part.degree(V)
    if order == 0:
        return {untouched(part): S.One}
    if all(atom == V for word in (*part.closed, part.open or ()) for atom, _ in word):
        if order > MAX_POWERS:
            raise DegreeTooHigh(f"order {order} in W⁻¹ is above the limit {MAX_POWERS}; split the expression")
        return power_moment(part, X)
    if order > MAX_INTERLEAVED:
        raise DegreeTooHigh(
            f"order {order} in W⁻¹ with matrices between is above the limit {MAX_INTERLEAVED}; lower the degree"
        )
    return paired(part, X, V, order, expand(X.cols - X.rows - 1))


def untouched(part: Product) -> tuple[Expr, Any]:
    """What a product without the letter is worth."""
    scalar = part.coefficient
    for word in part.closed:
        scalar *= terms.trace(word, terms.rows(word[0]))
    return scalar, part.open


def paired(part: Product, X: Any, V: MatrixExpr, order: int, z: Expr, unitary: bool = False) -> Scalars:
    """The sum over pairings, equal words gathered before the coefficients are added; −z is where Wg is taken."""
    ((inverse_cov, scale),) = terms.words(Inverse(X.cov)).items()
    pieces, counts = cut(part, V), {}
    base, ends = all_pairings(order)[0], [(i, side) for i in range(order) for side in ("row", "column")]
    for pairing in all_pairings(order, unitary):
        links = [(ends[a], ends[b]) for a, b in pairing]
        key = rewired(pieces, links, inverse_cov, lambda _: X.rows)
        counts.setdefault(key, Counter())[coset_type(base, pairing)] += 1
    return {key: (-scale) ** order * weighted(kinds, order, z, -1, unitary) for key, kinds in counts.items()}
