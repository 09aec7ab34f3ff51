"""Networks: a product of matrices, entrywise or not, as a sum over indices of a product of entries.

(A∘B)x is Σ_j A_ij B_ij x_j: indices are vertices, entries are edges between them, and the indices that are not summed
over are the ends. Sizes stay out of it: formulas with the same networks, each with the same coefficient, are equal for
every size.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations, product
from math import factorial, prod
from typing import Any

import sympy as sp

from workbench.calculus.errors import DegreeTooHigh

ORDERS = 5040  # of the vertices of a network, at most, among which its name is the first


class Index:
    """A vertex: an index that runs over so many values."""

    __slots__ = ("dimension",)

    def __init__(self, dimension: Any):
        self.dimension = dimension


Ends = tuple[Index | None, Index | None]  # the row and the column of the product; None where there is only one of them


@dataclass(frozen=True)
class Entry:
    """An edge: the entry of a matrix (two vertices), a column (one) or a number (none), by its name."""

    name: str
    at: tuple[Index, ...]
    symmetric: bool = False


@dataclass(frozen=True)
class Network:
    """A product of entries; `indices` are all that occur, summed over unless they are an end."""

    entries: tuple[Entry, ...] = ()
    ends: Ends = (None, None)
    indices: frozenset[Index] = frozenset()

    @property
    def closed(self) -> frozenset[Index]:
        return self.indices - set(self.ends)

    @property
    def held(self) -> set[Index]:
        """The indices that entries have."""
        return {i for each in self.entries for i in each.at}

    def renamed(self, names: Mapping[Index, Index]) -> Network:
        """The same with other indices; two that get one name are joined."""
        entries = tuple(replace(each, at=tuple(names.get(i, i) for i in each.at)) for each in self.entries)
        row, column = (None if i is None else names.get(i, i) for i in self.ends)
        return Network(entries, (row, column), frozenset(names.get(i, i) for i in self.indices))

    def fresh(self) -> Network:
        """The same with indices that nobody else has."""
        return self.renamed({i: Index(i.dimension) for i in self.indices})

    def beside(self, other: Network, ends: Ends) -> Network:
        """Both at once, with these ends."""
        return Network(self.entries + other.entries, ends, self.indices | other.indices)

    def with_equal(self, *pairs: tuple[Index | None, Index | None]) -> Network:
        """The same with indices of each pair equal; an end keeps its name."""
        names: dict[Index, Index] = {}

        def now(index: Index) -> Index:
            while index in names:
                index = names[index]
            return index

        for one, other in pairs:
            if one and other and (first := now(one)) is not (second := now(other)):
                keep, drop = (second, first) if second in self.ends else (first, second)
                names[drop] = keep
        return self.renamed({index: now(index) for index in names})

    def then(self, other: Network) -> Network:
        """The matrix product: the column of this one is the row of the other."""
        ends = (self.ends[0], other.ends[1])
        return self.beside(other, ends).with_equal((self.ends[1], other.ends[0]))

    def entrywise(self, other: Network) -> Network:
        """The entrywise product: rows and columns are the same."""
        return self.beside(other, self.ends).with_equal(*zip(self.ends, other.ends))

    def traced(self) -> Network:
        """The sum over equal ends."""
        return replace(self.with_equal(self.ends), ends=(None, None))

    def transposed(self) -> Network:
        return replace(self, ends=self.ends[::-1])

    def bare(self) -> Network:
        """The same without the indices that no entry has, which are a factor."""
        return replace(self, indices=self.indices & (self.held | {i for i in self.ends if i}))

    def without(self, *entries: Entry) -> Network:
        return replace(self, entries=tuple(each for each in self.entries if not any(each is one for one in entries)))


def named(network: Network) -> tuple[Any, str]:
    """The factor that indices without entries leave, and a name that equal networks share.

    Raises DegreeTooHigh for one that is too symmetric to be told from others.
    """
    parts, factor, opened, names = components(network), sp.S.One, [], []
    for indices in parts:
        entries = [each for each in network.entries if each.at and each.at[0] in indices]
        if not entries and not indices & set(network.ends):
            factor *= prod(index.dimension for index in indices)
            continue
        (opened if indices & set(network.ends) else names).append(name_of(entries, indices, network.ends))
    numbers = sorted(each.name for each in network.entries if not each.at)
    return factor, f"{'|'.join(sorted(opened))};{'|'.join(sorted(names))};{'|'.join(numbers)}"


def components(network: Network) -> list[set[Index]]:
    """Indices that entries join."""
    parts: list[set[Index]] = []
    for group in [*({i} for i in network.indices), *(set(each.at) for each in network.entries if each.at)]:
        apart = [part for part in parts if not part & group]
        parts = [*apart, group.union(*(part for part in parts if part & group))]
    return parts


def name_of(entries: list[Entry], indices: Iterable[Index], ends: Ends) -> str:
    """The first of the names that a connected network has, over the orders of its vertices that look alike."""
    colours = coloured(entries, indices, ends)
    classes = [[i for i in indices if colours[i] == colour] for colour in sorted(set(colours.values()))]
    if prod(factorial(len(each)) for each in classes) > ORDERS:
        raise DegreeTooHigh("a sum over indices is too symmetric to be compared")
    head = ",".join(str(colours[i]) if i in colours else "-" for i in ends)
    return min(f"{head}:{written(entries, order)}" for order in orders(classes))


def orders(classes: list[list[Index]]) -> Iterator[dict[Index, int]]:
    for choice in product(*(list(permutations(each)) for each in classes)):
        yield {index: place for place, index in enumerate(i for part in choice for i in part)}


def written(entries: list[Entry], order: Mapping[Index, int]) -> str:
    """A network by the numbers of its vertices."""
    rows = []
    for each in entries:
        at = [order[i] for i in each.at]
        rows.append(f"{each.name}{sorted(at) if each.symmetric else at}")
    return " ".join(sorted(rows))


def coloured(entries: list[Entry], indices: Iterable[Index], ends: Ends) -> dict[Index, int]:
    """What tells vertices apart: their range, whether they are ends, and, again and again, their neighbours."""
    seen: dict[Index, Any] = {i: (str(i.dimension), i is ends[0], i is ends[1]) for i in indices}
    colours = ranked(seen)
    for _ in range(len(seen)):
        finer = ranked({i: (colours[i], neighbours(i, entries, colours)) for i in seen})
        if len(set(finer.values())) == len(set(colours.values())):
            break
        colours = finer
    return colours


def ranked(seen: Mapping[Index, Any]) -> dict[Index, int]:
    ranks = {value: place for place, value in enumerate(sorted(set(seen.values())))}
    return {index: ranks[value] for index, value in seen.items()}


def neighbours(index: Index, entries: list[Entry], colours: Mapping[Index, int]) -> tuple[Any, ...]:
    found = []
    for each in entries:
        if index in each.at:
            at = [(colours[i], i is index) for i in each.at]
            found.append((each.name, *(sorted(at) if each.symmetric else at)))
    return tuple(sorted(found))
