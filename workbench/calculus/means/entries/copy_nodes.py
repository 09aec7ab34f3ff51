"""Copy nodes: sums over shared indices, written with Hadamard products and diagonals.

Where several 0/1 diagonal matrices coincide, one index is shared by more than two matrices. Such a
sum is a graph: a node for each shared index, an edge for each matrix between two of them. Parallel
edges multiply entry by entry, a loop is a diagonal, and a node with two neighbours is a matrix
product; so the graph shrinks to an expression. Every graph with at most three nodes does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sympy import HadamardProduct, Identity, MatMul, MatrixExpr, OneMatrix, Trace
from sympy.core.sorting import default_sort_key
from sympy.matrices.expressions.diagonal import DiagMatrix

from workbench.calculus.errors import DegreeTooHigh
from workbench.language.laws import random_letters


@dataclass
class Graph:
    """Matrices between shared indices 0, 1, …: vectors and loops at a node, edges between two."""

    size: Any | dict[int, Any]
    vectors: dict[int, list[MatrixExpr]] = field(default_factory=dict)
    loops: dict[int, list[MatrixExpr]] = field(default_factory=dict)
    edges: dict[tuple[int, int], list[MatrixExpr]] = field(default_factory=dict)

    def size_of(self, node: int) -> Any:
        """How many values the index of a node takes."""
        return self.size[node] if isinstance(self.size, dict) else self.size

    def add_vector(self, node: int, vector: MatrixExpr) -> None:
        """Multiply the summand by the node's entry of a vector."""
        if not isinstance(vector, OneMatrix):
            self.vectors.setdefault(node, []).append(vector)

    def add_edge(self, a: int, b: int, matrix: MatrixExpr) -> None:
        """Multiply the summand by the (a, b) entry of a matrix."""
        if a == b and isinstance(matrix, Identity):
            return
        if a == b:
            self.loops.setdefault(a, []).append(upright(matrix))
        elif a < b:
            self.edges.setdefault((a, b), []).append(matrix)
        else:
            self.edges.setdefault((b, a), []).append(matrix.T)

    def neighbours(self, node: int) -> list[int]:
        """The nodes joined to a node."""
        return sorted({a + b - node for a, b in self.edges if node in (a, b)})

    def between(self, a: int, b: int) -> list[MatrixExpr]:
        """The matrices from a to b."""
        return self.edges[a, b] if a < b else [matrix.T for matrix in self.edges[b, a]]

    def drop(self, node: int) -> None:
        """Forget a node and its edges."""
        self.vectors.pop(node, None)
        self.loops.pop(node, None)
        self.edges = {pair: matrices for pair, matrices in self.edges.items() if node not in pair}

    def weight(self, node: int) -> MatrixExpr:
        """The diagonal matrix of what stands at a node."""
        return diagonal(self.size_of(node), self.vectors.get(node, []), self.loops.get(node, []))

    def eliminate(self, node: int) -> None:
        """Sum over the index of a node with at most two neighbours."""
        around = self.neighbours(node)
        if len(around) == 2:
            left, right = around
            path = [
                hadamard(self.between(left, node)),
                self.weight(node),
                hadamard(self.between(node, right)),
            ]
            self.drop(node)
            self.add_edge(left, right, product(path))
        else:
            (left,) = around
            path = [hadamard(self.between(left, node)), self.weight(node), OneMatrix(self.size_of(node), 1)]
            self.drop(node)
            self.add_vector(left, product(path))

    def shrink(self, nodes: Sequence[int], keep: Sequence[int]) -> list[int]:
        """Eliminate nodes until only those kept, or one or two of a component, are left."""
        left = list(nodes)
        while len(left) > 2 or any(node not in keep for node in left):
            able = [n for n in left if n not in keep and 1 <= len(self.neighbours(n)) <= 2]
            if not able or (not keep and len(left) <= 2):
                break
            node = min(able, key=lambda n: -len(self.neighbours(n)))
            self.eliminate(node)
            left.remove(node)
        return left


def upright(matrix: MatrixExpr) -> MatrixExpr:
    """The matrix or its transpose, whichever comes first: they have the same diagonal."""
    return min(matrix, matrix.T, key=default_sort_key)


def in_order(matrices: Sequence[MatrixExpr]) -> list[MatrixExpr]:
    """The canonical order: identities first, what is random last."""
    return sorted(matrices, key=lambda m: (not isinstance(m, Identity), bool(random_letters(m)), default_sort_key(m)))


def hadamard(matrices: Sequence[MatrixExpr]) -> MatrixExpr:
    """The entrywise product in canonical order; I∘I = I."""
    matrices = in_order(matrices)
    while len(matrices) > 1 and isinstance(matrices[1], Identity):
        matrices = matrices[1:]
    return matrices[0] if len(matrices) == 1 else HadamardProduct(*matrices)


def diagonal(size: Any, vectors: Sequence[MatrixExpr], loops: Sequence[MatrixExpr]) -> MatrixExpr:
    """The diagonal matrix of the entries of vectors times the diagonals of matrices: I∘(xyᵀ)∘M…"""
    vectors = in_order(vectors)
    pairs = [product([x, y.T]) for x, y in zip(vectors[::2], vectors[1::2])]
    factors = [DiagMatrix(vectors[-1])] if len(vectors) % 2 else []
    if pairs or loops:
        factors.append(hadamard([Identity(size), *pairs, *loops]))
    return product(factors or [Identity(size)])


def product(matrices: Sequence[MatrixExpr]) -> MatrixExpr:
    """The matrix product without identities."""
    factors = [matrix for matrix in matrices if not isinstance(matrix, Identity)]
    if not factors:
        return matrices[0]
    return factors[0] if len(factors) == 1 else MatMul(*factors).doit(deep=False)  # type: ignore[return-value]


def components(graph: Graph, nodes: Sequence[int]) -> list[list[int]]:
    """The nodes grouped by what joins them."""
    groups, unseen = [], set(nodes)
    while unseen:
        group, front = [], [min(unseen)]
        while front:
            node = front.pop()
            if node in unseen:
                unseen.remove(node)
                group.append(node)
                front += graph.neighbours(node)
        groups.append(sorted(group))
    return groups


def closed_sum(graph: Graph, nodes: Sequence[int]) -> Any:
    """The sum over all the indices of one component, as a trace."""
    left = graph.shrink(nodes, keep=())
    if len(left) > 2:
        raise DegreeTooHigh("the indices of this mean meet in a graph without a matrix form; lower the degree")
    if len(left) == 1:
        return node_sum(graph, left[0])
    a, b = left
    *most, last = in_order(graph.between(a, b))
    middle = hadamard(most) if most else OneMatrix(graph.size_of(a), graph.size_of(b))
    return Trace(product([graph.weight(a), middle, graph.weight(b), last.T]))


def node_sum(graph: Graph, node: int) -> Any:
    """The sum over the index of a lone node: xᵀ diag(…) y, or tr(diag(…) M)."""
    vectors, loops = in_order(graph.vectors.get(node, [])), in_order(graph.loops.get(node, []))
    if not loops and not vectors:
        return graph.size_of(node)
    if not loops and len(vectors) == 1:
        return Trace(product([OneMatrix(1, graph.size_of(node)), vectors[0]]))
    if len(vectors) >= 2:
        *most, x, y = vectors
        return Trace(product([x.T, diagonal(graph.size_of(node), most, loops), y]))
    *most, last = loops
    return Trace(product([diagonal(graph.size_of(node), vectors, most), last]))


def open_sum(graph: Graph, nodes: Sequence[int], start: int, finish: int) -> MatrixExpr:
    """The matrix indexed by two nodes of a graph, everything else summed."""
    left = graph.shrink(nodes, keep=(start, finish))
    if set(left) != {start, finish}:
        raise DegreeTooHigh("the indices of this mean meet in a graph without a matrix form; lower the degree")
    if start == finish:
        return graph.weight(start)
    pair = (min(start, finish), max(start, finish))
    middle = (
        hadamard(graph.between(start, finish))
        if pair in graph.edges
        else OneMatrix(graph.size_of(start), graph.size_of(finish))
    )
    return product([graph.weight(start), middle, graph.weight(finish)])
