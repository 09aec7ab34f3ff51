"""What an inverse meets: M⁻¹M = 1 is solved for one term of M, so that M⁻¹ times it is written by the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from workbench.calculus.networks.networks import Entry, Index, Network

Term = tuple[Any, Network]
Terms = list[Term]
Split = tuple[Term, Terms]  # a term of a sum, and the others
Met = tuple[dict[Index, Index], tuple[Entry, ...]]  # what the indices of a term are here, and its entries


def lead_of(inside: Terms, diagonal: bool) -> Split | None:
    """The first term of a sum that can be solved for, with the others: its entries are not among those of another."""
    for place, (value, network) in enumerate(inside):
        own, rest = kinds(network), [*inside[:place], *inside[place + 1 :]]
        joined = network.ends[0] is network.ends[1]
        if (
            set(network.ends) <= network.held
            and joined == diagonal
            and not any(own <= kinds(other) for _, other in rest)
        ):
            return (value, network), rest
    return None


def kinds(network: Network) -> Counter[tuple[str, int]]:
    """The entries by their names, those on the diagonal apart."""
    return Counter((each.name, len(set(each.at))) for each in network.entries)


def sides(inverse: Entry) -> list[tuple[Index, Index]]:
    """Where an inverse can meet what it inverts, and its other end; on a diagonal both are the same."""
    if len(inverse.at) == 2 and inverse.at[0] is not inverse.at[1]:
        return [(inverse.at[1], inverse.at[0]), (inverse.at[0], inverse.at[1])]
    return [(inverse.at[0], inverse.at[0])] if len(inverse.at) == 1 else []


def meeting(network: Network, inverse: Entry, term: Network, near: Index) -> Met | None:
    """Where in a network a term stands beside an inverse, with nothing else between; None where it does not."""
    after = inverse.at[-1] is near  # the inverse comes first: its column is the row of the term
    row, column = term.ends if after else term.ends[::-1]
    if row is None or column is None or (row is not column and near not in network.closed):
        return None
    for names, used in placements(list(term.entries), {row: near}, network.without(inverse), ()):
        inner = [here for index, here in names.items() if index is not column]
        rest = network.without(inverse, *used)
        alone = all(here in network.closed and not any(here in each.at for each in rest.entries) for here in inner)
        if alone and len(set(names.values())) == len(names):
            return names, used
    return None


def placements(wanted: list[Entry], names: dict[Index, Index], among: Network, used: tuple) -> Iterator[Met]:
    """All ways to find entries, one after another, that are joined as those of a term are."""
    if not wanted:
        yield names, used
        return
    first = next((each for each in wanted if not each.at or any(i in names for i in each.at)), None)
    if first is None:
        return
    others = [each for each in wanted if each is not first]
    for each in among.entries:
        if each.name == first.name and len(each.at) == len(first.at):
            for at in {each.at, each.at[::-1]} if each.symmetric else {each.at}:
                if all(names.get(i, here) is here for i, here in zip(first.at, at)):
                    found = {**names, **dict(zip(first.at, at))}
                    if all(found[i] is here for i, here in zip(first.at, at)):
                        yield from placements(others, found, among.without(each), (*used, each))


def solved(network: Network, inverse: Entry, split: Split, met: Met, at: tuple[Index, Index]) -> Terms:
    """A network with M⁻¹ times the lead of M replaced by the identity, less M⁻¹ times the other terms."""
    ((value, lead), rest), (names, used), (near, far) = split, met, at
    row, column = lead.ends if inverse.at[-1] is near else lead.ends[::-1]
    gone = {here for index, here in names.items() if index not in (row, column)}
    other = names[column]
    left = network.without(inverse, *used)
    left = Network(left.entries, left.ends, left.indices - gone)
    if row is column:
        terms: Terms = [(1 / value, left)]
    else:
        terms = [(1 / value, Network(left.entries, left.ends, left.indices - {near}).with_equal((far, other)))]
    for factor, each in rest:
        piece = each.fresh()
        first, last = piece.ends if inverse.at[-1] is near else piece.ends[::-1]
        beside_it = Network((*left.entries, inverse, *piece.entries), left.ends, left.indices | piece.indices)
        terms.append((-factor / value, beside_it.with_equal((first, near), (last, other))))
    return terms
