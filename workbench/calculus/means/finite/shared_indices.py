"""Shared indices: a product cut at diagonal matrices, with the indices of each block made equal.

A copy that stands alone is the identity and is walked through; a block of several is a copy node,
and the words between such nodes are the edges of its graph.
"""

from __future__ import annotations

from typing import Any

from sympy import Expr, MatrixExpr, Mul, S

from workbench.calculus.algebra import terms
from workbench.calculus.algebra.terms import Word
from workbench.calculus.means.entries.copy_nodes import Graph, closed_sum, components, open_sum, product
from workbench.calculus.means.rewirings import FINISH, START, Cut, End

Blocks = tuple[tuple[int, ...], ...]


class Contraction:
    """One way in which the indices of the copies coincide, turned into a scalar and an open matrix."""

    def __init__(self, pieces: Cut, blocks: Blocks, size: Any, ones: Word):
        self.pieces, self.size, self.ones = pieces, size, ones
        self.node_of = {place: i for i, block in enumerate(blocks) if len(block) > 1 for place in block}
        self.graph, self.seen = Graph(size), set()

    def value(self, shape: tuple[Any, Any] | None) -> tuple[Expr, MatrixExpr | None]:
        """The traces of the contraction as one scalar, and its open matrix where a shape is given."""
        leads = self.leads() if shape is not None else {}
        self.read_edges()
        scalar = self.pieces.untouched * self.read_loops()
        kept: list[int] = []
        opened = None
        if shape is not None:
            kept, opened = self.opened(leads, shape)
        rest = [node for node in sorted(set(self.node_of.values())) if node not in kept]
        for component in components(self.graph, rest):
            scalar = Mul(scalar, terms.normal(closed_sum(self.graph, component)))
        return scalar, opened

    def follow(self, here: End) -> tuple[End, Word]:
        """From one end to the next node (or back to where it began), through the copies that stand alone."""
        word: Word = ()
        while True:
            there, piece = self.pieces.bridges[here]
            self.seen |= {here, there}
            word = terms.join(word, piece)
            if there in (START, FINISH) or there[0] in self.node_of:
                return there, word
            here = (there[0], "column" if there[1] == "row" else "row")
            if here in self.seen:
                return here, word

    def leads(self) -> dict[End, tuple[End, Word]]:
        """What leads from the two outer ends to the first nodes."""
        first = self.follow(START)
        return {START: first} if first[0] == FINISH else {START: first, FINISH: self.follow(FINISH)}

    def read_edges(self) -> None:
        """The words from node to node become edges; one through a column of one is two vectors."""
        for end in self.pieces.bridges:
            if end in self.seen or end in (START, FINISH) or end[0] not in self.node_of:
                continue
            there, word = self.follow(end)
            self.join(self.node_of[end[0]], self.node_of[there[0]], word)

    def join(self, a: int, b: int, word: Word) -> None:
        """A word between two nodes."""
        place = next((i for i in range(1, len(word)) if terms.is_cut(word, i)), None)
        if place is None:
            self.graph.add_edge(a, b, terms.matrix({word: S.One}, (self.size, self.size)))
            return
        for node, vector in ((a, word[:place]), (b, terms.reverse(word[place:]))):
            if vector != self.ones:
                self.graph.add_vector(node, terms.matrix({vector: S.One}, (self.size, 1)))

    def read_loops(self) -> Expr:
        """The traces that meet no node."""
        scalar = S.One
        for end in self.pieces.bridges:
            if end not in self.seen:
                scalar *= terms.trace(self.follow(end)[1], self.size)
        return scalar

    def opened(self, leads: dict[End, tuple[End, Word]], shape: tuple[Any, Any]) -> tuple[list[int], MatrixExpr]:
        """The nodes between the outer ends, and the matrix there."""
        there, left = leads[START]
        if there == FINISH:
            return [], terms.matrix({left: S.One}, shape)
        last, right = leads[FINISH]
        start, finish = self.node_of[there[0]], self.node_of[last[0]]
        nodes = sorted(set(self.node_of.values()))
        kept = [n for c in components(self.graph, nodes) if start in c or finish in c for n in c]
        before = terms.matrix({left: S.One}, (shape[0], self.size))
        after = terms.matrix({terms.reverse(right): S.One}, (self.size, shape[1]))
        return kept, product([before, open_sum(self.graph, kept, start, finish), after])
