"""Eigenvector coordinates: vectors put on eigenvectors of a symmetric letter.

With μ = r·u_α and h = u_β on eigenvectors of Σ, a form μᵀΣᵏh is a number and a word Σᵏμ a multiple
of u_α. What holds no such vector (tr Σ, say) stays as it is, so the dimension stays symbolic.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Add, Expr, ImmutableMatrix, MatrixExpr, Mul, Pow, S, Trace, Transpose, factor, sympify

from workbench.calculus.algebra.printing import expression_of
from workbench.calculus.algebra.translation import polynomial
from workbench.calculus.critical.linear_maps import Word, scalar_value, words
from workbench.calculus.errors import NotAffine
from workbench.language.letters import Symmetric

Vectors = Mapping[Any, Mapping[Any, Any]]  # vector → eigenvalue → coordinate on its eigenvector


def on_eigenvectors(expression: Any, of: Symmetric, vectors: Vectors) -> Any:
    """An expression with its vectors on eigenvectors of `of`: a number, or the column of coordinates.

    `vectors` says for each vector letter its coordinates, by eigenvalue; different eigenvalue letters
    stand for different, orthonormal eigenvectors, listed in the order of their first appearance. A
    column with one entry is returned as a number.
    Re-check: at a diagonal letter over ℚ, on every choice of different basis vectors.
    Raises NotAffine where a vector meets a matrix that is no function of the letter.
    """
    values = list(dict.fromkeys(value for coordinates in vectors.values() for value in coordinates))
    canonical = expression_of(polynomial(expression))
    if not getattr(canonical, "is_Matrix", False):
        return factor(_number(canonical, of, vectors))
    column = [factor(_coordinate(canonical, of, vectors, value)) for value in values]
    return column[0] if len(column) == 1 else ImmutableMatrix(column)


def _coordinate(column: MatrixExpr, of: Symmetric, vectors: Vectors, value: Any) -> Expr:
    """The coordinate of a column of words Σ…Σμ on the eigenvector with that eigenvalue."""
    total = S.Zero
    for word, coefficient in words(column).items():
        *front, last = word
        if last not in vectors:
            raise NotAffine(f"{last} is on no stated eigenvector of {of}; add it to the dictionary of vectors")
        share = sympify(vectors[last].get(value, 0))
        total += _number(sympify(coefficient), of, vectors) * _along(front, of, value) * share
    return total


def _number(expression: Expr, of: Symmetric, vectors: Vectors) -> Expr:
    """A scalar with every form aᵀΣ…Σb of its vectors worked out."""
    if not any(expression.has(vector) for vector in vectors):
        return expression
    if isinstance(expression, Trace):
        return sum((c * _form(word, of, vectors) for word, c in words(expression.arg).items()), S.Zero)
    if isinstance(expression, Add | Mul | Pow):
        make: Callable[..., Any] = expression.func
        return make(*[_number(part, of, vectors) for part in expression.args])
    raise NotAffine(f"{expression} is no polynomial of forms in {', '.join(map(str, vectors))}")


def _form(word: Word, of: Symmetric, vectors: Vectors) -> Expr:
    """aᵀΣ…Σb: over the eigenvectors, the product of both coordinates and the eigenvalues between."""
    first, *between, last = word
    left = first.arg if isinstance(first, Transpose) else first
    if left not in vectors or last not in vectors:
        raise NotAffine(f"the trace of {word} mixes stated eigenvectors of {of} with other vectors; state them all")
    shared = [value for value in vectors[left] if value in vectors[last]]
    products = (vectors[left][v] * vectors[last][v] * _along(between, of, v) for v in shared)
    return sum(products, S.Zero)


def _along(front: Any, of: Symmetric, value: Any) -> Expr:
    """What a product of functions of the letter is on the eigenvector with that eigenvalue."""
    total = S.One
    for matrix in front:
        total *= scalar_value(matrix, {of: value})
    return total
