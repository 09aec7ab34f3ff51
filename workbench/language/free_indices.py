r"""Free indices: E[x_i x_j] = Σ_ij, a statement about every i and j, at places that stand for all of them.

No place differs from another in what is said of the letters, so two indices that differ may be the first and the
second, and two that are equal both the first: as many statements as there are ways for the indices to coincide.
"""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise

from workbench.errors import NotUnderstood
from workbench.language.exchangeable_sums import indices as bound_by

INDICES = "ijklmn"
# x_i and A_ij; W_k is a matrix of its own
LETTERED = re.compile(rf"((?=[a-z]|\w+_[{INDICES}]{{2}}\b)[A-Za-z]+)_([{INDICES}]{{1,2}})")
DIFFER = re.compile(rf"\s*([{INDICES}](?:\s*(?:!=|≠|\\neq?(?![A-Za-z])|<)\s*[{INDICES}])+)\s*")
PLACED = re.compile(r"\b[A-Za-z]+_\{?\d|\[\s*\[|\[\s*\d|\bkron\b|\bvec\b|⊗|\\otimes")  # what tells places apart
MOST = 4  # indices: there are 15 ways for four to coincide
OF_COLUMNS = ("norm", "norm2", "inner")


def apart_from(parts: Iterable[str]) -> tuple[list[str], set[frozenset[str]]]:
    """Declarations without those that say that indices differ, i != j, and the pairs that do."""
    kept: list[str] = []
    differ: set[frozenset[str]] = set()
    for part in parts:
        pieces = part.split(";")
        found = [DIFFER.fullmatch(piece) for piece in pieces]
        kept.append(";".join(piece for piece, match in zip(pieces, found) if not match))
        for match in filter(None, found):
            names = re.findall(rf"(?<![A-Za-z\\])[{INDICES}](?![A-Za-z])", match[1])
            differ |= {frozenset(pair) for pair in pairwise(names)}
    return [part for part in kept if part.strip()], differ


def free(tree: ast.AST, known: Collection[str]) -> list[str]:
    """The indices of a statement that no sum runs over, in their order; known: names that are letters."""
    bound = {name for node in ast.walk(tree) if isinstance(node, ast.Call) for name in bound_by(node)}
    names = [name for node in ast.walk(tree) for name in indices_of(node, known)]
    return [name for name in dict.fromkeys(names) if name not in bound]


def indices_of(node: ast.AST, known: Collection[str]) -> list[str]:
    """The indices that a node has: x_i has i, and A[i, j] has i and j."""
    if isinstance(node, ast.Name) and node.id not in known and (found := LETTERED.fullmatch(node.id)):
        return list(found[2])
    if isinstance(node, ast.Subscript):
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        names = [part.id for part in inside if isinstance(part, ast.Name)]
        return names if len(names) == len(inside) and all(name in INDICES for name in names) else []
    return []


def at_places(tree: ast.expr, text: str, known: Collection[str], differ: set[frozenset[str]]) -> list[ast.expr]:
    """A statement at the places that its free indices may stand for; itself where it has none.

    Raises NotUnderstood where one place may differ from another.
    """
    indices = free(tree, known)
    single = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} & {*INDICES}
    inside = {name.id for node in ast.walk(tree) if isinstance(node, ast.Subscript) and indices_of(node, known)
              for name in ast.walk(node.slice) if isinstance(name, ast.Name)}  # fmt: skip
    if not indices or single - inside or {*indices} & {*known}:
        return [tree]
    if len(indices) > MOST:
        raise NotUnderstood(f"a statement about every {', '.join(indices)} has {len(indices)} indices; at most {MOST} "
                            f"are read, so state it for a product of matrices")  # fmt: skip
    if PLACED.search(text):
        raise NotUnderstood(f"a statement about every {', '.join(indices)} is read where no place differs, "
                            f"so write numbers for the letters, x_1 and Sigma_12")  # fmt: skip
    columns = columns_in(tree)
    ways = (dict(zip(indices, places)) for places in coincidences(len(indices)))
    return [AtPlaces(way, columns, known).visit(copy.deepcopy(tree)) for way in ways if apart(way, differ)]


def apart(way: dict[str, int], differ: set[frozenset[str]]) -> bool:
    """Whether indices that are said to differ have places that do."""
    return all(len({way[name] for name in pair if name in way}) == len(pair & way.keys()) for pair in differ)


def coincidences(count: int, used: int = 0) -> Iterator[tuple[int, ...]]:
    """The ways for that many indices to coincide, those that differ first: 1, 2 and then 1, 1."""
    if not count:
        yield ()
        return
    for place in (used + 1, *range(1, used + 1)):
        for rest in coincidences(count - 1, max(used, place)):
            yield (place, *rest)


def vectors_in(tree: ast.AST) -> list[ast.AST]:
    """What is transposed, or stands beside the dot of a scalar product, and so is no number."""
    dots = [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)]
    turned = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return [*turned, *(side for dot in dots for side in (dot.left, dot.right))]


def columns_in(tree: ast.AST) -> set[str]:
    """The names with an index that are transposed, or whose norm or scalar product is taken: columns of a matrix."""
    parts = vectors_in(tree)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    parts += [part for call in calls if getattr(call.func, "id", "") in OF_COLUMNS for part in call.args]
    return {name.id.partition("_")[0] for part in parts for name in ast.walk(part)
            if isinstance(name, ast.Name) and len((LETTERED.fullmatch(name.id) or ["", "", ""])[2]) == 1}  # fmt: skip


class AtPlaces(ast.NodeTransformer):
    """Writes numbers, counted from one below letters, for the indices of a statement."""

    def __init__(self, places: dict[str, int], columns: set[str], known: Collection[str]):
        self.places, self.columns, self.known = places, columns, known

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = LETTERED.fullmatch(node.id)
        if not found or node.id in self.known or not {*found[2]} <= {*self.places}:
            return node
        if found[1] in self.columns:
            return ast.parse(f"{found[1].upper()}[:, {self.places[found[2]] - 1}]", mode="eval").body
        if found[1].islower() and found[1] not in self.known and found[1].upper() in self.known:
            raise NotUnderstood(f"is {node.id} a column of {found[1].upper()}, or an entry of {found[1]}? a column is "
                                f"transposed or has a norm here; declare {found[1]} for its entries")  # fmt: skip
        return ast.Name(f"{found[1]}_{''.join(str(self.places[name]) for name in found[2])}", ast.Load())

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        if not indices_of(node, self.known):
            self.generic_visit(node)
            return node
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        places = [ast.Constant(self.places[part.id] - 1) for part in parts if isinstance(part, ast.Name)]
        inside: ast.expr = ast.Tuple(list(places), ast.Load()) if len(places) > 1 else places[0]
        return ast.Subscript(self.visit(node.value), inside, ast.Load())
