"""Formulas as networks: matrix products, transposes, traces, entrywise products, diagonals, inverses, and means."""

from __future__ import annotations

from functools import singledispatchmethod
from itertools import product
from typing import Any

import sympy as sp
from sympy.matrices.expressions.diagonal import DiagMatrix, DiagonalOf

from workbench.calculus.errors import DegreeTooHigh, NotPolynomial
from workbench.calculus.networks.averages import averaged
from workbench.calculus.networks.inverses import Split, Terms, lead_of, meeting, sides, solved
from workbench.calculus.networks.networks import Entry, Index, Network, named
from workbench.language.laws import MatrixMean, Random, ScalarMean
from workbench.language.letters import Symmetric, UnitVector

MOST = 20_000  # networks in a formula, at most


def equal_as_networks(left: Any, right: Any) -> bool:
    """Whether two formulas, which may hold means, are the same sum of networks: then they are equal for every size.

    Raises NotPolynomial for what is no product of entries, UnknownLaw, DegreeTooHigh.
    """
    reader = Reader()
    return not reader.cleared([*reader.read(left), *scaled(reader.read(right), -1)])


def scaled(terms: Terms, factor: Any) -> Terms:
    return [(factor * value, network) for value, network in terms]


def multiplied(*factors: Terms, by: Any) -> Terms:
    """The product of sums, each pair of networks multiplied in the way of `by`."""
    if len(factors) == 1:
        return factors[0]
    *before, last = factors
    first = multiplied(*before, by=by)
    if len(first) * len(last) > MOST:
        raise DegreeTooHigh("a formula is a sum of too many networks")
    return [(a * b, by(x, y.fresh())) for (a, x), (b, y) in product(first, last)]


def beside(one: Network, other: Network) -> Network:
    """A number times a matrix, or two numbers."""
    return one.beside(other, other.ends if any(other.ends) else one.ends)


class Reader:
    """Reads formulas; an inverse is a letter, of which it is remembered what it inverts."""

    def __init__(self) -> None:
        self.inside: dict[str, Terms] = {}  # what each inverse inverts
        self.leads: dict[str, Split] = {}  # the term of it that is solved for, where one can be
        self.letters: dict[str, Any] = {}

    def normal(self, terms: Terms) -> dict[str, tuple[Any, Network]]:
        """The different networks of a sum, by name, each with its coefficient; without those that cancel."""
        found: dict[str, tuple[Any, Network]] = {}
        for value, network in self.simplified(terms):
            factor, name = named(network)
            before = found.get(name, (sp.S.Zero, network))[0]
            found[name] = (before + value * factor, network.bare())
        sums = {name: (sp.cancel(value), network) for name, (value, network) in found.items()}
        return {name: (value, network) for name, (value, network) in sorted(sums.items()) if value != 0}

    def cleared(self, terms: Terms) -> dict[str, tuple[Any, Network]]:
        """The networks of a sum that is multiplied by every number under which a term of it stands."""
        found = self.normal(terms)
        while found:
            over = [each for _, network in found.values() for each in network.entries if not each.at]
            names = sorted({each.name for each in over if each.name in self.inside})
            if not names:
                break
            found = self.normal(self.times(list(found.values()), names[-1]))
        return found

    def times(self, terms: Terms, name: str) -> Terms:
        """A sum times the highest power of a number by which its terms are divided."""
        powers = [sum(each.name == name for each in network.entries) for _, network in terms]
        found: Terms = []
        for power, (value, network) in zip(powers, terms):
            bare = network.without(*(each for each in network.entries if each.name == name))
            factors = [self.inside[name]] * (max(powers) - power)
            found += scaled(multiplied([(sp.S.One, bare)], *factors, by=beside), value)
        return found

    def simplified(self, terms: Terms) -> Terms:
        """Every inverse that meets what it inverts is gone."""
        done: Terms = []
        waiting = list(terms)
        while waiting:
            value, network = waiting.pop()
            simpler = self.cancelled(network)
            if simpler is None:
                done.append((value, network))
            else:
                waiting += scaled(simpler, value)
            if len(done) + len(waiting) > MOST:
                raise DegreeTooHigh("a formula is a sum of too many networks")
        return done

    def cancelled(self, network: Network) -> Terms | None:
        """A network in which one inverse has met a term of what it inverts; None where none does.

        M⁻¹M = 1 is solved for one term of M: M⁻¹ times it is (1 − M⁻¹ times the others) over its coefficient.
        """
        if (shorter := self.without_lengths(network)) is not None:
            return [(sp.S.One, shorter)]
        for inverse in (each for each in network.entries if each.name in self.leads):
            split = self.leads[inverse.name]
            for near, far in sides(inverse):
                if (met := meeting(network, inverse, split[0][1], near)) is not None:
                    return solved(network, inverse, split, met, (near, far))
        return None

    def without_lengths(self, network: Network) -> Network | None:
        """A network without a uᵀu for a letter u of length one; None where there is none."""
        for each in network.entries:
            if isinstance(self.letters.get(each.name), UnitVector) and each.at and each.at[0] in network.closed:
                there = [other for other in network.entries if each.at[0] in other.at]
                if len(there) == 2 and there[0].name == there[1].name:
                    return Network(network.without(*there).entries, network.ends, network.indices - set(each.at))
        return None

    def name(self, terms: Terms) -> str:
        return "+".join(f"({sp.sstr(value)}){name}" for name, (value, _) in self.normal(terms).items())

    # -- the formulas

    @singledispatchmethod
    def read(self, node: Any) -> Terms:
        """A formula as a sum of networks."""
        if getattr(node, "is_Matrix", False) or node.has(sp.MatrixExpr):
            raise NotPolynomial(f"{node} is no product of entries")
        return [(node, Network())]

    @read.register
    def _(self, node: sp.Add | sp.MatAdd) -> Terms:
        return [term for part in node.args for term in self.read(part)]

    @read.register
    def _(self, node: sp.Mul | sp.MatMul) -> Terms:
        matrices = [part for part in node.args if getattr(part, "is_Matrix", False)]
        numbers = [part for part in node.args if part not in matrices]
        plain = sp.Mul(*(part for part in numbers if not part.has(sp.MatrixExpr)))
        factors = [self.read(part) for part in numbers if part.has(sp.MatrixExpr)]
        chain = [multiplied(*map(self.read, matrices), by=Network.then)] if matrices else []
        return scaled(multiplied([(sp.S.One, Network())], *factors, *chain, by=beside), plain)

    @read.register
    def _(self, node: sp.Pow | sp.MatPow) -> Terms:
        base, power = node.args
        if not node.has(sp.MatrixExpr):
            return [(node, Network())]
        if not power.is_Integer or power == 0:
            raise NotPolynomial(f"{node} is no whole power")
        by = Network.then if node.is_Matrix else beside
        factor = self.read(base) if power > 0 else self.inverse(base)
        return multiplied(*([factor] * abs(int(power))), by=by)

    @read.register
    def _(self, node: sp.MatrixSymbol) -> Terms:
        if self.letters.setdefault(node.name, node) != node:
            raise NotPolynomial(f"two letters are called {node.name}")
        ends = tuple(None if size == 1 else Index(size) for size in node.shape)
        at = tuple(i for i in ends if i)
        return [(sp.S.One, Network((Entry(node.name, at, isinstance(node, Symmetric)),), ends, frozenset(at)))]

    @read.register
    def _(self, node: sp.Identity) -> Terms:
        index = None if node.shape[0] == 1 else Index(node.shape[0])
        return [(sp.S.One, Network((), (index, index), frozenset([index] if index else [])))]

    @read.register
    def _(self, node: sp.OneMatrix) -> Terms:
        ends = tuple(None if size == 1 else Index(size) for size in node.shape)
        return [(sp.S.One, Network((), ends, frozenset(i for i in ends if i)))]

    @read.register
    def _(self, node: sp.ZeroMatrix) -> Terms:
        return []

    @read.register
    def _(self, node: sp.Transpose) -> Terms:
        return [(value, network.transposed()) for value, network in self.read(node.arg)]

    @read.register
    def _(self, node: sp.Trace) -> Terms:
        return [(value, network.traced()) for value, network in self.read(node.arg)]

    @read.register
    def _(self, node: sp.HadamardProduct) -> Terms:
        return multiplied(*map(self.read, node.args), by=Network.entrywise)

    @read.register
    def _(self, node: sp.HadamardPower) -> Terms:
        if not (node.exp.is_Integer and node.exp > 0):
            raise NotPolynomial(f"{node} is no whole power")
        return multiplied(*([self.read(node.base)] * int(node.exp)), by=Network.entrywise)

    @read.register
    def _(self, node: DiagMatrix) -> Terms:
        column = [(value, n, n.ends[0] or n.ends[1]) for value, n in self.read(node.args[0])]
        return [(value, Network(n.entries, (index, index), n.indices)) for value, n, index in column]

    @read.register
    def _(self, node: DiagonalOf) -> Terms:
        diagonals = [(value, n.with_equal(n.ends)) for value, n in self.read(node.arg)]
        return [(value, Network(n.entries, (n.ends[0], None), n.indices)) for value, n in diagonals]

    @read.register
    def _(self, node: sp.Inverse) -> Terms:
        return self.inverse(node.arg)

    def inverse(self, base: Any) -> Terms:
        """One over a number or a matrix as an entry of its own, and over a diagonal matrix entry by entry."""
        if base.has(Random):
            raise NotPolynomial(f"one over {base}, which is random")
        inside = list(self.normal(self.read(base)).values())
        if not inside:
            raise NotPolynomial("one over zero")
        first = inside[0][0]
        inside = [(sp.cancel(value / first), network) for value, network in inside]
        name = f"inverse of [{self.name(inside)}]"
        self.inside[name] = inside
        if not getattr(base, "is_Matrix", False) or base.shape[0] == 1:
            return [(1 / first, Network((Entry(name, ()),)))]
        row = Index(base.shape[0])
        diagonal = all(network.ends[0] is network.ends[1] for _, network in inside)
        if (lead := lead_of(inside, diagonal)) is not None:
            self.leads[name] = lead
        if diagonal:
            return [(1 / first, Network((Entry(name, (row,)),), (row, row), frozenset([row])))]
        column = Index(base.shape[0])
        symmetric = self.name([(value, n.transposed()) for value, n in inside]) == self.name(inside)
        return [(1 / first, Network((Entry(name, (row, column), symmetric),), (row, column), frozenset([row, column])))]

    @read.register
    def _(self, node: ScalarMean | MatrixMean) -> Terms:
        return averaged(self.read(node.inside), node.args[1:], self.read)
