"""Means through entrywise products: E[X∘X], E[diag(Xa) B], tr((I∘XXᵀ) A)…

The (i, j) entry of A∘B is (eᵢᵀA eⱼ)(eᵢᵀB eⱼ). With a letter for each eᵢ the integrand is a product of
bilinear forms, whose mean is one too; summing over i and j then gives back Hadamard
products and diagonals.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import reduce
from itertools import count
from typing import Any

from sympy import (
    Add,
    Expr,
    HadamardPower,
    HadamardProduct,
    Identity,
    MatMul,
    MatrixExpr,
    Mul,
    OneMatrix,
    S,
    Trace,
    Transpose,
)  # fmt: skip
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Factor, Word
from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.calculus.means.conditioning import averaged
from workbench.calculus.means.entries.copy_nodes import Graph, closed_sum, components, open_sum, product
from workbench.calculus.means.finite.finite_laws import expect_finite
from workbench.calculus.means.gaussian.expectation import expect_gaussian
from workbench.calculus.means.pairings.haar import expect_haar
from workbench.calculus.means.rewirings import Product, products
from workbench.language.laws import Gaussian, Haar, Mask, OneHot, Random
from workbench.language.letters import Vector

Form = tuple[Any, MatrixExpr, Any]  # aᵀMb, or aᵀm with None for b
Lead = tuple[int | None, MatrixExpr]
ALONE = Identity(1)  # the outer end of a row or of a column
MEANS = {Gaussian: expect_gaussian, Haar: expect_haar, Mask: expect_finite, OneHot: expect_finite}
ENTRYWISE = (HadamardProduct, HadamardPower, DiagMatrix, DiagonalOf)


def expect_entrywise(expression: Any, *letters: Random) -> Any:
    """The mean of a polynomial that may hold its letters in entrywise products.

    The letters are Gaussian, Haar, masks or random indices; others, random or not, are held fixed.
    Raises UnknownLaw, NotPolynomial, DegreeTooHigh.
    """
    return averaged(expression, letters, tuple(MEANS), _expect_one)


def _expect_one(expression: Any, X: Random) -> Any:
    plain = _rewritten(expression, X)
    is_matrix = getattr(expression, "is_Matrix", False)
    total = [_mean(part, X, expression) for part in _products(plain, X)]
    if is_matrix:
        return terms.tidy(Add(*total)) if total else 0 * expression
    return Add(*total)


def _rewritten(expression: Any, X: Random) -> Any:
    """Entrywise powers as products, entrywise products of columns as diagonals times a column."""
    if not getattr(expression, "args", ()) or not expression.has(X) or expression == X:
        return expression
    parts = [_rewritten(part, X) for part in expression.args]
    if isinstance(expression, HadamardPower):
        if not (parts[1].is_Integer and parts[1] > 0):
            raise NotPolynomial(f"the entrywise power {expression} is no polynomial in {X}; only whole powers are")
        return _column_or_matrix([parts[0]] * int(parts[1]))
    if isinstance(expression, HadamardProduct):
        return _column_or_matrix(parts)
    if isinstance(expression, DiagMatrix) and isinstance(expression.args[0], HadamardProduct | HadamardPower):
        inner = expression.args[0]
        columns = [inner.base] * int(inner.exp) if isinstance(inner, HadamardPower) else inner.args
        return product([_rewritten(DiagMatrix(column), X) for column in columns])
    if isinstance(expression, DiagMatrix) and isinstance(expression.args[0], DiagonalOf):
        return HadamardProduct(Identity(expression.shape[0]), _rewritten(expression.args[0].arg, X))
    if isinstance(expression, DiagonalOf):
        size = expression.shape[0]
        return HadamardProduct(Identity(size), parts[0]) * OneMatrix(size, 1)
    return expression.func(*parts)


def _column_or_matrix(parts: list[MatrixExpr]) -> MatrixExpr:
    """An entrywise product; of columns, as diagonal matrices times the last column. Ones change nothing."""
    parts = [part for part in parts if not isinstance(part, OneMatrix)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    if parts[0].shape[1] == 1:
        return product([*(DiagMatrix(part) for part in parts[:-1]), parts[-1]])
    if parts[0].shape[0] == 1:
        return product([parts[0], *(DiagMatrix(part.T) for part in parts[1:])])
    return HadamardProduct(*parts)


def _products(expression: Any, X: Random) -> list[Product]:
    """The expression as products of words in which X may hide in entrywise factors only."""
    hidden = {node: Vector(f"entrywise {i}", *node.shape) for i, node in enumerate(_outermost(expression, X))}
    back = {letter: node for node, letter in hidden.items()}
    named = expression.xreplace(hidden)

    def unnamed(word: Word) -> Word:
        return tuple((back.get(atom, atom), transposed) for atom, transposed in word)

    found = []
    for part in products(named, X):
        pending = [part]
        for letter in back:
            pending = [q for p in pending for q in _split(p, letter)]
        found += [
            Product(p.coefficient, tuple(map(unnamed, p.closed)), None if p.open is None else unnamed(p.open))
            for p in pending
        ]
    return found


def _split(part: Product, letter: Any) -> list[Product]:
    """The traces of a letter moved from the coefficient to the closed words."""
    if not part.coefficient.has(letter):
        return [part]
    return [Product(p.coefficient, (*part.closed, *p.closed), part.open) for p in products(part.coefficient, letter)]


def _outermost(expression: Any, X: Random) -> list[MatrixExpr]:
    """The entrywise nodes that hold X, not those inside another."""
    if isinstance(expression, ENTRYWISE) and expression.has(X):
        return [expression]
    return list(dict.fromkeys(node for part in getattr(expression, "args", ()) for node in _outermost(part, X)
                              if expression != X))  # fmt: skip


@dataclass
class Scalars:
    """The integrand as a scalar in letters eᵢ, one for each shared index."""

    X: Random
    nodes: dict[Vector, int] = field(default_factory=dict)
    sizes: dict[int, Any] = field(default_factory=dict)
    fresh: Any = field(default_factory=count)

    def node(self, size: Any) -> Vector:
        """A letter for the unit vector of a new index."""
        place = next(self.fresh)
        letter = Vector(f"e[{place}]", size, 1)
        self.nodes[letter], self.sizes[place] = place, size
        return letter

    def ends(self, factor: Factor) -> tuple[Vector, Vector, Expr]:
        """The row and column letters of an entrywise factor, and its entry there as a scalar."""
        atom, transposed = factor
        row = self.node(atom.shape[0])
        if isinstance(atom, DiagMatrix):
            return row, row, self.entry(atom.args[0], row, ALONE)
        column = self.node(atom.shape[1])
        entry = Mul(*(self.entry(part, row, column) for part in atom.args))
        return (column, row, entry) if transposed else (row, column, entry)

    def entry(self, part: MatrixExpr, row: Any, column: Any) -> Expr:
        """One entry of a matrix as a scalar; entrywise factors may stand inside it again."""
        if not any(node.has(self.X) for node in part.atoms(*ENTRYWISE)):
            return Trace(row.T * part * column)
        return Add(*(c * self.opened(word, row, column) for word, c in terms.words(part).items()))

    def opened(self, word: Word, start: Any, finish: Any) -> Expr:
        """A word as a scalar: cut at its entrywise factors, and closed by the outer letters or on itself."""
        scalar, piece, left = S.One, (), start
        closing = None
        for factor in word:
            if not (isinstance(factor[0], ENTRYWISE) and factor[0].has(self.X)):
                piece += (factor,)
                continue
            row, column, entry = self.ends(factor)
            if left is None:
                closing, first = (piece, row), True
            else:
                first = False
            scalar *= entry * (1 if first else self.bridge(left, piece, row))
            piece, left = (), column
        if closing is not None:
            return scalar * self.bridge(left, piece + closing[0], closing[1])
        if finish is None:
            return terms.trace(word, terms.rows(word[0]))
        return scalar * self.bridge(left, piece, finish)

    def bridge(self, left: Any, word: Word, right: Any) -> Expr:
        """The bilinear form of a word between two letters."""
        return Trace(MatMul(left.T, *(Transpose(a) if t else a for a, t in word), right))


def _mean(part: Product, X: Random, expression: Any) -> Any:
    """The mean of one product of words."""
    scalars = Scalars(X)
    body = part.coefficient
    outer: tuple[Any, ...] = ()
    if part.open is not None:
        outer = tuple(
            ALONE if size == 1 else Vector(f"e[{side}]", size, 1)
            for side, size in zip(("row", "column"), expression.shape)
        )
        body = body * scalars.opened(part.open, *outer)
    for word in part.closed:
        body = body * scalars.opened(word, None, None)
    mean = terms.normal(MEANS[type(X)](body, X)) if body.has(X) else terms.normal(body)
    parts = [_summed(summand, scalars, outer) for summand in Add.make_args(mean) if summand != 0]
    if any(part.has(*{*scalars.nodes, *outer} - {ALONE}) for part in parts):
        raise DegreeTooHigh(f"the indices of a mean over {X} meet in a graph without a matrix form; lower the degree")
    return Add(*parts) if not outer else reduce(lambda a, b: a + b, parts, 0 * expression)


def _summed(summand: Expr, scalars: Scalars, outer: tuple[Any, ...]) -> Any:
    """One product of bilinear forms summed over all its indices."""
    value, forms = _forms(summand, {*scalars.nodes, *outer} - {ALONE})
    place = _merged(forms, scalars)
    graph = Graph({place[letter]: scalars.sizes[place[letter]] for letter in scalars.nodes})
    leads: dict[Any, Lead] = {}
    whole: Any = None
    for a, matrix, b in forms:
        if b in outer:
            a, matrix, b = b, matrix.T, a
        if a in outer and b in outer:
            whole = matrix if a == outer[0] else matrix.T
        elif a in outer:
            leads[a] = (place.get(b), matrix)
        else:
            _join(graph, place[a], place.get(b), matrix)
    return _closed(graph, leads, outer, whole, value)


def _forms(summand: Expr, letters: set[Any]) -> tuple[Expr, list[Form]]:
    """A product as a scalar times the bilinear forms of its letters."""
    value, forms = S.One, []
    for factor in Mul.make_args(summand):
        base, power = factor.as_base_exp()
        if letters and base.has(*letters):
            forms += [_form(base, letters)] * int(power)
        else:
            value *= factor
    return value, forms


def _merged(forms: list[Form], scalars: Scalars) -> dict[Any, int]:
    """The node of each index, one for indices that a form eᵢᵀeⱼ makes equal."""
    place = dict(scalars.nodes)
    for a, matrix, b in forms:
        if isinstance(matrix, Identity) and a in place and b in place:
            old, new = place[a], place[b]
            place = {letter: new if node == old else node for letter, node in place.items()}
    return place


def _form(base: Any, letters: set[Any]) -> Form:
    """A bilinear form aᵀMb as (a, M, b), or aᵀm as (a, m, None)."""
    ((word, scale),) = terms.words(base.args[0]).items()
    if word[0][0] not in letters:
        word = terms.reverse(word)
    a, b = word[0][0], word[-1][0]
    if b not in letters or len(word) == 1:
        return a, terms.matrix({word[1:]: scale}, (a.shape[0], 1)), None
    return a, terms.matrix({word[1:-1]: scale}, (a.shape[0], b.shape[0])), b


def _join(graph: Graph, a: int, b: int | None, matrix: MatrixExpr) -> None:
    """One form as a vector, an edge or a loop; through a fixed column, as two vectors."""
    if b is None:
        graph.add_vector(a, matrix)
        return
    ((word, _),) = terms.words(matrix).items()
    place = next((i for i in range(1, len(word)) if terms.is_cut(word, i)), None)
    if place is None:
        graph.add_edge(a, b, matrix)
        return
    graph.add_vector(a, terms.matrix({word[:place]: S.One}, (matrix.shape[0], 1)))
    graph.add_vector(b, terms.matrix({terms.reverse(word[place:]): S.One}, (matrix.shape[1], 1)))


def _closed(graph: Graph, leads: dict[Any, Lead], outer: tuple[Any, ...], whole: Any, value: Expr) -> Any:
    """The sum over all indices, the outer ones left open."""
    nodes, kept = sorted(graph.size), []  # type: ignore[arg-type]
    if outer and whole is None:
        (start, before), (finish, after) = (leads.get(end, (None, Identity(1))) for end in outer)
        ends = {node for node in (start, finish) if node is not None}
        kept = [n for c in components(graph, nodes) if ends & set(c) for n in c]
        whole = _opened(graph, kept, start, finish, before, after)
    for component in components(graph, [n for n in nodes if n not in kept]):
        value = Mul(value, terms.normal(closed_sum(graph, component)))
    return value if not outer else value * whole


def _opened(graph: Graph, kept: list[int], start: Any, finish: Any, before: Any, after: Any) -> MatrixExpr:
    """The matrix between the outer ends; an end without an index stands beside a column."""
    if start is not None and finish is not None:
        joined = {n for c in components(graph, kept) if start in c for n in c}
        if start == finish or finish in joined or len(joined) == len(kept):
            return product([before, open_sum(graph, kept, start, finish), after.T])
        left = _column(graph, sorted(joined), start, before)
        return product([left, _column(graph, [n for n in kept if n not in joined], finish, after).T])
    left = before if start is None else _column(graph, kept, start, before)
    right = after if finish is None else _column(graph, kept, finish, after)
    return product([left, right.T])


def _column(graph: Graph, nodes: list[int], node: int, lead: MatrixExpr) -> MatrixExpr:
    """A matrix times the column of what is summed onto a node."""
    return product([lead, open_sum(graph, nodes, node, node), OneMatrix(graph.size_of(node), 1)])
