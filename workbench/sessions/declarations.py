"""Declarations: what the letters of a typed line mean, by what is said of them or else by custom.

    X: d×N ~ N(0, Sigma);  (u, v) ~ N(0, [[1, rho], [rho, 1]]);  A: d×d;  a: d;  g: positive;  N > d + 1

A letter of which nothing is said means what it mostly means in papers; where that does not fit the formula
(C in X*C*X.T is N×N), the shapes that letters of its kind may have are tried in turn.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp

from workbench import laws
from workbench import letters as L
from workbench.errors import BadInput
from workbench.notation import CONSTANTS, FUNCTIONS, is_matrix, meaning, number, parsed, shortened

NAME = r"[A-Za-z][A-Za-z0-9_]*"
DECLARATION = re.compile(rf"\(?\s*({NAME}(?:\s*,\s*{NAME})*)\s*\)?\s*(?::\s*([^~]*?))?\s*(?:~\s*(.*))?")
TIMES = re.compile(r"\s*×\s*|\s+x\s+|\s+by\s+")
RESERVED = {*FUNCTIONS, *CONSTANTS, "grad"} - {"I"}
SIZES, COUNTS = ("d", "r", "p"), ("N", "L", "M", "n", "m")
SQUARE = {"spd": L.spd, "symmetric": L.symmetric, "orthogonal": L.orthogonal}
NUMBERS: dict[str, Callable[[str], Any]] = {
    "real": L.scalar, "scalar": L.scalar, "positive": L.positive, "probability": L.probability, "large": L.large,
    "overlap": L.overlap, "size": L.size, "count": L.count,
}  # fmt: skip
CUSTOM = {
    **dict.fromkeys(("Sigma", "Lambda", "Gamma", "Omega"), "spd d"),
    **dict.fromkeys(("t", "s", "k", "theta", "alpha", "eta", "gamma", "delta"), "real"),
    **dict.fromkeys(("g", "h", "sigma", "tau", "lam", "eps", "kappa", "lamda"), "positive"),
    "rho": "overlap",
    **dict.fromkeys(SIZES, "size"),
    **dict.fromkeys(COUNTS, "count"),
}
RANDOM = {
    "X": "d×N ~ N(0, Sigma)", "Z": "d×N ~ N(0, I)", "x": "d ~ N(0, Sigma)", "z": "~ N(0, 1)",
    "u": "(u, v) ~ N(0, [[1, rho], [rho, 1]])", "v": "(u, v) ~ N(0, [[1, rho], [rho, 1]])",
}  # fmt: skip
MATRICES, COLUMNS = ("d×d", "N×N", "d×N", "N×d"), ("d", "N", "real")


@dataclass
class Alphabet:
    """The letters of a typed line: their meanings by name, what was said of each, and the hypotheses."""

    meanings: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  # name → how it is declared, for the reader
    hypotheses: list[Any] = field(default_factory=list)

    def copy(self) -> Alphabet:
        return Alphabet(dict(self.meanings), dict(self.said), list(self.hypotheses))

    def __getitem__(self, name: str) -> Any:
        """The meaning of a name; one of which nothing was said gets its customary one."""
        if name not in self.meanings:
            self.declare_by_custom(name)
        return self.meanings[name]

    def declare_by_custom(self, name: str, shape: str = "") -> None:
        """Give a name its customary meaning, or that of a shape."""
        if not shape and name in RANDOM:
            said = RANDOM[name]
            self.declare(said if said.startswith("(") else f"{name}{': ' if said[0] != '~' else ' '}{said}")
        elif not shape and name in CUSTOM:
            self.declare(f"{name}: {CUSTOM[name]}")
        else:
            self.declare(f"{name}: {shape or (MATRICES if name[0].isupper() else COLUMNS)[0]}")

    def declare(self, text: str) -> None:
        """Take in one declaration or hypothesis. Raises BadInput with one sentence."""
        text = text.strip()
        if re.search(r"[<>]", text):
            self.hypotheses.append(self.relation(text))
            return
        found = DECLARATION.fullmatch(text)
        if not found or not (found[2] or found[3]):
            raise BadInput(f'{shortened(text)!r} declares nothing; write "A: d×d", "X ~ N(0, Sigma)" or "N > d + 1"')
        names, kind, law = [n.strip() for n in found[1].split(",")], (found[2] or "").strip(), found[3]
        for name in names:
            if name in RESERVED or name == "I":
                raise BadInput(f"{name} already has a meaning here; give the letter another name")
        if law is None:
            for name in names:
                self.meanings[name] = self.fixed(name, kind)
                self.said[name] = kind
        elif len(names) > 1:
            self.jointly(names, law)
        else:
            self.meanings[names[0]] = self.random(names[0], kind, law)
            self.said[names[0]] = f"{kind} ~ {law}".strip()

    def fixed(self, name: str, kind: str) -> Any:
        """A letter that is not random."""
        word, _, rest = kind.partition(" ")
        if word in NUMBERS and not rest:
            return NUMBERS[word](name)
        if word in SQUARE:
            return SQUARE[word](name, self.lengths(rest)[0])
        if word == "unit":
            shape, _, others = rest.partition("orthogonal to")
            across = [self.meant(parsed(other)) for other in others.split(",") if other.strip()]
            try:
                return L.unit_vector(name, self.lengths(shape)[0], orthogonal_to=across)
            except ValueError as problem:
                raise BadInput(str(problem)) from None
        if word == "vector":
            return L.vector(name, self.lengths(rest)[0])
        lengths = self.lengths(kind)
        return L.matrix(name, *lengths) if len(lengths) == 2 else L.vector(name, lengths[0])

    def lengths(self, text: str) -> list[Any]:
        """The sizes in a shape: d×N, or d."""
        parts = TIMES.split(text.strip())
        if not text.strip() or len(parts) > 2:
            raise BadInput(
                f"{shortened(text)!r} is no shape; write d×N (or d x N) for a matrix, d for a vector, "
                f"or one of {', '.join([*NUMBERS, *SQUARE, 'unit'])}"
            )
        return [self.formula(part) for part in parts]

    def formula(self, text: str) -> Any:
        """A formula in these letters, those not yet declared by custom."""
        return self.meant(parsed(text))

    def meant(self, tree: ast.expr) -> Any:
        return meaning(tree, {name: self[name] for name in names_in(tree)})

    def relation(self, text: str) -> Any:
        """A hypothesis such as N > d + 1."""
        tree = parsed(text)
        signs = {ast.Gt: sp.Gt, ast.GtE: sp.Ge, ast.Lt: sp.Lt, ast.LtE: sp.Le}
        if not isinstance(tree, ast.Compare) or len(tree.ops) != 1 or type(tree.ops[0]) not in signs:
            raise BadInput(f"{shortened(text)!r} is no hypothesis; write one inequality, e.g. N > d + 1")
        left, right = (number(self.meant(side)) for side in (tree.left, tree.comparators[0]))
        return signs[type(tree.ops[0])](left, right)

    def random(self, name: str, kind: str, law: str) -> Any:
        """A Gaussian letter: its columns are independent; a number stands for the one entry of a 1×1 letter."""
        given_shape = self.lengths(kind) if kind else []
        mean, cov, *more = self.parameters(law, given_shape)
        shape = given_shape if kind else self.shape_of_law(name, mean, cov)
        rows, columns = (*shape, sp.S.One)[:2]
        given = {"cov": covariance(cov, rows)}
        if not (mean == 0):
            given["mean"] = mean if is_matrix(mean) else mean * sp.OneMatrix(rows, columns)
        if more:
            given["token_cov"] = covariance(more[0], columns)
        try:
            letter = laws.gaussian(name, rows, columns, **given)
        except ValueError as error:
            raise BadInput(str(error)) from None
        return sp.Trace(letter) if letter.shape == (1, 1) else letter

    def shape_of_law(self, name: str, mean: Any, cov: Any) -> list[Any]:
        """The shape that a law implies: that of its mean, or columns as long as its covariance is wide."""
        if is_matrix(mean):
            return list(mean.shape)
        if not is_matrix(cov) and cov is not IDENTITY:
            return [sp.S.One, sp.S.One]
        rows = self["d"] if cov is IDENTITY else cov.shape[0]
        return [rows, self["N"]] if name[0].isupper() else [rows, sp.S.One]

    def parameters(self, law: str, shape: Sequence[Any] = ()) -> list[Any]:
        """Mean and covariance (and that of the columns) in N(…, …); an I among other terms has the letter's size."""
        tree = parsed(law)
        if not (isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "N"):
            raise BadInput(f"{shortened(law)!r} is no law that is known here; write N(mean, covariance)")
        if not 2 <= len(tree.args) <= 3 or tree.keywords:
            raise BadInput(f"{shortened(law)!r}: a normal law has a mean and a covariance, N(0, Sigma)")
        rows, columns = (*shape, sp.S.One)[:2] if shape else (None, None)
        lengths = (rows, rows, columns)
        return [self.parameter(argument, length) for argument, length in zip(tree.args, lengths)]

    def parameter(self, tree: ast.expr, length: Any) -> Any:
        if isinstance(tree, ast.Name) and tree.id == "I":
            return IDENTITY
        if isinstance(tree, ast.List):
            return self.table(tree)
        names = names_in(tree)
        if "I" not in names:
            return self.meant(tree)
        letters = {name: self[name] for name in names if name != "I"}
        return meaning(tree, letters, like=sp.Identity(self["d"] if length is None else length))

    def table(self, tree: ast.List) -> Any:
        """A matrix of numbers, [[1, rho], [rho, 1]]."""
        rows = [row.elts for row in tree.elts if isinstance(row, ast.List)]
        if len(rows) != len(tree.elts) or len({len(row) for row in rows}) != 1:
            raise BadInput(f"{shortened(ast.unparse(tree))!r} is no matrix; write its rows, [[1, rho], [rho, 1]]")
        return sp.ImmutableMatrix([[number(self.meant(entry)) for entry in row] for row in rows])

    def jointly(self, names: list[str], law: str) -> None:
        """Several random numbers with a joint law: the coordinates of one Gaussian vector."""
        mean, cov = self.parameters(law)[:2]
        size = len(names)
        if not is_matrix(cov) or tuple(cov.shape) != (size, size):
            raise BadInput(f"{', '.join(names)} need a {size}×{size} covariance, e.g. N(0, [[1, rho], [rho, 1]])")
        given = {} if mean == 0 else {"mean": mean}
        joint = laws.gaussian("_".join(names), sp.Integer(size), cov=cov, **given)
        for place, name in enumerate(names):
            row = sp.ImmutableMatrix([[int(place == other) for other in range(size)]])
            self.meanings[name] = sp.Trace(row * joint)
            self.said[name] = f"({', '.join(names)}) ~ {law}"

    def in_words(self, names: Iterable[str]) -> str:
        """What is said of some names, for the reader."""
        told: dict[str, list[str]] = {}
        for name in sorted(n for n in names if n in self.said):
            told.setdefault(self.said[name], []).append(name)
        words = [said if said.startswith("(") else f"{', '.join(who)}{' ' if said[0] == '~' else ': '}{said}"
                 for said, who in told.items()]  # fmt: skip
        return "; ".join([*words, *(f"{h.lhs} {h.rel_op} {h.rhs}" for h in self.hypotheses)])


IDENTITY = sp.Symbol("I")  # the identity of whatever size is needed


def covariance(value: Any, length: Any) -> Any:
    """A covariance of that length: a matrix, or a number that multiplies the identity."""
    if value is IDENTITY:
        return sp.Identity(length)
    return value if is_matrix(value) else value * sp.Identity(length)


def names_in(tree: ast.AST) -> list[str]:
    """The letters that a syntax tree names, those that are called or constants aside."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    called |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    return [name for name in dict.fromkeys(found) if name not in RESERVED]


def declared(where: Iterable[str]) -> Alphabet:
    """The alphabet of some texts, each holding declarations with semicolons between them."""
    alphabet = Alphabet()
    parts = [part for text in where for part in text.split(";") if part.strip()]
    # What is fixed comes first, so that a law may name a letter that is declared after it.
    for part in sorted(parts, key=lambda part: ("~" in part) + 2 * bool(re.search(r"[<>]", part))):
        alphabet.declare(part)
    return alphabet


def meanings_of(alphabet: Alphabet, names: list[str]) -> Iterator[Alphabet]:
    """The alphabets that could be meant: names of which nothing was said take the shapes of their kind, usual first."""
    open_ = [name for name in names if name not in alphabet.meanings and name not in CUSTOM and name not in RANDOM]
    choices = [MATRICES[:2] if name == "I" else MATRICES if name[0].isupper() else COLUMNS for name in open_]
    for shapes in combined([len(choice) for choice in choices]):
        found = alphabet.copy()
        for name, choice, place in zip(open_, choices, shapes):
            if name == "I":
                found.meanings["I"] = sp.Identity(found["d" if place == 0 else "N"])
            else:
                found.declare_by_custom(name, choice[place])
        for name in names:
            found[name]
        yield found


MOST = 4096  # combinations of shapes that are tried


def combined(lengths: list[int]) -> list[tuple[int, ...]]:
    """All choices of places, those with the fewest unusual ones first."""
    from itertools import islice, product

    every = islice(product(*map(range, lengths)), MOST)
    return sorted(every, key=lambda places: (sum(place > 0 for place in places), sum(places)))
