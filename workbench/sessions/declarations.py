"""Declarations: what the letters of a typed line mean, by what is said of them or else by custom.

    X: d×N ~ N(0, Sigma);  (u, v) ~ N(0, [[1, rho], [rho, 1]]);  A: d×d;  a: d;  g: positive;  N > d + 1
    d = 3;  W = X*X.T                  names for numbers and formulas
    k = g + c*k/(1 + k)                the positive number that an equation names, or several equations together

A letter of which nothing is said means what it mostly means in papers; where that does not fit the formula
(C in X*C*X.T is N×N), the shapes that letters of its kind may have are tried in turn.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import sympy as sp

from workbench.errors import BadInput, NotUnderstood
from workbench.exact.instances import Draw, letters_of
from workbench.exact.rings import Balls, Undefined
from workbench.exact.values import evaluate
from workbench.language import laws
from workbench.language import letters as L
from workbench.language.clauses import told
from workbench.language.distributions import random_letter
from workbench.language.entries import LETTERED, below, split_name
from workbench.language.fixed_points import FixedPoint, Unknown
from workbench.language.functions import measurable
from workbench.language.index_sums import index_of, letters_of_sum
from workbench.language.law_parameters import parameters
from workbench.language.matrix_roots import with_roots
from workbench.language.names import SIZELESS, names_in, reserved
from workbench.language.reading import is_matrix, meaning, number, parsed
from workbench.language.spelling import with_letters
from workbench.language.syntax import shortened
from workbench.sessions.existence import decidable

NAME = r"[A-Za-z][A-Za-z0-9_]*"
DECLARATION = re.compile(rf"\(?\s*({NAME}(?:\s*,\s*{NAME})*)\s*\)?\s*(?::\s*([^~]*?))?\s*(?:~\s*(.*))?")
DEFINITION = re.compile(rf"({NAME})\s*=\s*([^=<>~].*)")
TRIED = 12  # points at which equations are asked for a fixed point
TIMES = re.compile(r"\s*[×,]\s*|\s+x\s+|\s+by\s+|(?<=^\w)x(?=\w$)")
SIZES, COUNTS = ("d", "r", "p"), ("N", "L", "M", "n", "m")
SQUARE = {"spd": L.spd, "symmetric": L.symmetric, "orthogonal": L.orthogonal}
NUMBERS: dict[str, Callable[[str], Any]] = {
    "real": L.scalar, "scalar": L.scalar, "positive": L.positive, "probability": L.probability, "large": L.large,
    "overlap": L.overlap, "size": L.size, "count": L.count,
}  # fmt: skip
CUSTOM = {
    **dict.fromkeys(("Sigma", "Lambda", "Gamma", "Omega"), "spd d"),
    **dict.fromkeys(("t", "s", "k", "theta", "alpha", "eta", "gamma", "delta"), "real"),
    **dict.fromkeys(("g", "h", "sigma", "tau", "lam", "eps", "epsilon", "kappa", "lamda"), "positive"),
    "rho": "overlap",
    **dict.fromkeys(SIZES, "size"),
    **dict.fromkeys(COUNTS, "count"),
}
RANDOM = {
    "X": "d×N ~ N(0, Sigma)", "Z": "d×N ~ N(0, I)", "x": "d ~ N(0, Sigma)", "z": "~ N(0, 1)",
    "u": "(u, v) ~ N(0, [[1, rho], [rho, 1]])", "v": "(u, v) ~ N(0, [[1, rho], [rho, 1]])",
}  # fmt: skip
NAME_OF_A_LAW = re.compile(r"\s*(?:P|Q|D|p|q|mu|nu|rho|pi)\w*\s*")  # of one that is said elsewhere: x ~ P_x
SIZED = re.compile("(?![eij]$)[a-zHKPT]|[a-z]_(?:[a-z]|in|out)")  # a length: k, T or d_k
INEQUALITIES = {ast.Gt: sp.Gt, ast.GtE: sp.Ge, ast.Lt: sp.Lt, ast.LtE: sp.Le}
WHOLE = ("size", "count")
MATRICES, COLUMNS = ("d×d", "N×N", "d×N", "N×d"), ("d", "N", "real")


@dataclass
class Alphabet:
    """The letters of a typed line: their meanings by name, what was said of each, and the hypotheses."""

    meanings: dict[str, Any] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  # name → how it is declared, for the reader
    hypotheses: list[Any] = field(default_factory=list)
    announced: dict[str, str] = field(default_factory=dict)  # name → its declaration, which is still to be read
    declared: frozenset[str] = frozenset()  # the names of which something was said, as against meant by custom

    def copy(self) -> Alphabet:
        return Alphabet(dict(self.meanings), dict(self.said), list(self.hypotheses), declared=self.declared)

    def __getitem__(self, name: str) -> Any:
        """The meaning of a name; one of which nothing was said gets its customary one."""
        if name not in self.meanings and name in self.announced:
            self.declare(self.announced.pop(name))
        if name not in self.meanings:
            self.declare_by_custom(name)
        return self.meanings[name]

    def is_entry(self, name: str) -> bool:
        """Whether a name of which nothing was said is an entry: x_1, Sigma_12, or A_12 where A is declared."""
        base, indices = split_name(name)
        covariance = CUSTOM.get(base, "").startswith("spd") and len("".join(indices)) > 1
        return bool(indices) and (covariance or base in {*self.declared, *self.announced} or base in "xXZz")

    def declare_entry(self, name: str) -> None:
        """Let a name be an entry of the letter before its index. Raises NotUnderstood for one with other readings."""
        base, indices = split_name(name)
        self.meanings[name] = below(base, self[base], indices)
        places = indices if len(indices) > 1 else indices[0]
        self.said[name] = f"= entry ({', '.join(places)}) of {base}"

    def declare_by_custom(self, name: str, shape: str = "") -> None:
        """Give a name its customary meaning, or that of a shape."""
        if name in SIZELESS:
            raise BadInput(f"{name} has no size here; write it with one, e.g. {name}(d)")
        if self.is_entry(name):
            self.declare_entry(name)
        elif not shape and name in RANDOM:
            said = RANDOM[name]
            self.declare(said if said.startswith("(") else f"{name}{': ' if said[0] != '~' else ' '}{said}")
        elif not shape and name in CUSTOM:
            self.declare(f"{name}: {CUSTOM[name]}")
        else:
            self.declare(f"{name}: {shape or (MATRICES if name[0].isupper() else COLUMNS)[0]}")

    def declare_covariance(self, name: str, length: Any = None) -> None:
        """Let a name of which nothing was said be a covariance, or a variance where it is a small letter."""
        if name in self.meanings or name in self.announced or CUSTOM.get(name, "real") != "real" or name in RANDOM:
            return
        if name[0].isupper():
            self.declare(f"{name}: spd {'d' if length is None else length}")
        else:
            self.declare(f"{name}: positive")

    def declare_columns(self, tree: ast.AST) -> None:
        """Let X, of which nothing was said, have as many columns as a sum over them runs over: n of sum_{i=1}^n."""
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not (index := index_of(node)) or len(node.args) != 4:
                continue
            last = node.args[3].id if isinstance(node.args[3], ast.Name) else ""
            for name in letters_of_sum(node, index):
                if last in COUNTS and last != "N" and name in ("X", "Z") and name not in self.known():
                    self.declare(f"{name}: {RANDOM[name].replace('N ', f'{last} ', 1)}")

    def declare_mean(self, name: str, shape: Sequence[Any]) -> None:
        """Let a name of which nothing was said, and that is no number by custom, have the shape of a mean."""
        known = {*self.meanings, *self.announced, *RANDOM} | {each for each in CUSTOM if CUSTOM[each] not in WHOLE}
        if name not in known:
            kind = {0: "real", 1: "vector "}.get(len(shape), "") + "×".join(map(str, shape))
            self.declare(f"{name}: {kind}")

    def declare_probability(self, name: str) -> None:
        """Let a small letter of which nothing was said be a probability."""
        if name[0].islower() and name not in {*self.meanings, *self.announced, *RANDOM}:
            self.declare(f"{name}: probability")

    def declare_count(self, name: str) -> None:
        """Let a small letter of which nothing was said be a whole number."""
        if name[0].islower() and name not in {*self.meanings, *self.announced, *RANDOM}:
            self.declare(f"{name}: count")

    def declare_positive(self, name: str) -> None:
        """Let a small letter of which nothing was said be a positive number."""
        if name[0].islower() and name not in {*self.meanings, *self.announced, *RANDOM}:
            self.declare(f"{name}: positive")

    def declare(self, text: str) -> None:
        """Take in one declaration or hypothesis. Raises BadInput with one sentence."""
        text = with_letters(text).strip()
        if re.search(r"[<>]", text):
            self.hypotheses += [said for said in self.relations(text) if said != sp.true]
            return
        found, defined = DECLARATION.fullmatch(text), DEFINITION.fullmatch(text)
        if not defined and "=" in text:
            raise BadInput(f"{shortened(text)!r} declares nothing; if it is a statement of its own, check it by itself")
        if not defined and (not found or not (found[2] or found[3])):
            raise BadInput(f'{shortened(text)!r} declares nothing; write "A: d×d", "X ~ N(0, Sigma)", "N > d + 1" or '
                           f'"d = 3", with semicolons between')  # fmt: skip
        names = named_in(text)
        for name in names:
            if reserved(name) or name in (*SIZELESS, "draw"):
                raise BadInput(f"{name} already has a meaning here; give the letter another name")
            if found and found[3] and (indexed := LETTERED.fullmatch(name)):
                base = indexed[1]
                raise NotUnderstood(f"{name} ~ …: an index that is a letter is not read; independent columns are "
                                    f"declared as {base.upper()}: d×N ~ N(0, Sigma), independent entries as "
                                    f"{base.lower()}: d ~ N(0, I), and numbers by their own names")  # fmt: skip
        if defined:
            self.define(*defined.groups())
            return
        assert found
        kind, law = (found[2] or "").strip(), found[3]
        kind = f"{kind} d" if kind in (*SQUARE, "unit") else kind
        if law is None and kind.isdigit() and set(names) <= {*SIZES, *COUNTS}:
            for name in names:
                self.define(name, kind)
        elif law is None:
            for name in names:
                self.meanings[name] = self.fixed(name, kind)
                self.said[name] = kind
        elif len(names) > 1:
            self.jointly(names, kind, law, apart=not text.startswith("("))
        else:
            self.meanings[names[0]] = random_letter(self, names[0], self.lengths(kind) if kind else (), law)
            self.said[names[0]] = f"{kind} ~ {law}".strip()

    def define(self, name: str, formula: str) -> None:
        """Let a name stand for a formula, or for the positive number that equations name: t = f(t)."""
        if len(system := self.equations(name, formula)) > 1 or name in speaks_of(formula):
            self.define_fixed_point(system)
            return
        value = self.with_identity(formula)
        self.meanings[name] = number(value) if is_matrix(value) and value.shape == (1, 1) else value
        self.said[name] = f"= {formula}"

    def equations(self, name: str, formula: str) -> dict[str, str]:
        """The definitions that speak of each other, this one among them."""
        said = {other: found[2] for other, text in self.announced.items() if (found := DEFINITION.fullmatch(text))}
        said[name] = formula
        ahead = {each: reached(each, said) for each in said}
        return {each: said[each] for each in said if each == name or (each in ahead[name] and name in ahead[each])}

    def define_fixed_point(self, system: dict[str, str]) -> None:
        """Let names stand for the positive numbers that solve equations in them. Raises BadInput for a matrix."""
        self.meanings |= {name: Unknown(place) for place, name in enumerate(system)}
        images = [number(self.formula(formula)) for formula in system.values()]
        for (name, formula), image in zip(system.items(), images, strict=True):
            if image.atoms(laws.Random):
                raise BadInput(f"{name} = {formula} is random, and a fixed point is a number that is fixed")
        if not comes_to_rest(images):
            equations = " and ".join(f"{name} = {formula}" for name, formula in system.items())
            raise BadInput(f"{equations} names no number: the iteration from 0 comes to rest nowhere; write equations "
                           "whose right sides grow slower than the unknowns")  # fmt: skip
        for place, (name, formula) in enumerate(system.items()):
            self.announced.pop(name, None)
            self.meanings[name] = FixedPoint(place, images)
            self.said[name] = f"= {formula}, where the iteration from 0 comes to rest"

    def fixed(self, name: str, kind: str) -> Any:
        """A letter that is not random."""
        word, _, rest = kind.partition(" ")
        if word in NUMBERS and not rest:
            return NUMBERS[word](name)
        if word in SQUARE:
            first, *others = self.lengths(rest)
            if others not in ([], [first]):
                raise BadInput(f"{name}: {kind} has as many rows as columns; write {name}: {word} {first}")
            return SQUARE[word](name, first)
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
        parts = TIMES.split(re.sub(r"^\((.*)\)$", r"\1", text.strip()))
        if not text.strip() or len(parts) > 2 or re.match("[A-Za-z]{2,} ", text):
            raise BadInput(
                f"{shortened(text)!r} is no shape; write d×N (or d x N) for a matrix, d for a vector, "
                f"or one of {', '.join([*NUMBERS, *SQUARE, 'unit'])}"
            )
        return [self.length(part) for part in parts]

    def length(self, text: str) -> Any:
        """A size: how many rows or columns there are; a letter of which nothing was said is one."""
        tree = parsed(text, self.known())
        for name in names_in(tree):
            if name in {*self.meanings, *self.announced, *RANDOM} or CUSTOM.get(name) in WHOLE:
                continue
            if not SIZED.fullmatch(name):
                raise BadInput(f"{shortened(text)!r} is no size; declare {name} as one, {name}: size or {name}: count, "
                               f"or give a value, d = 3")  # fmt: skip
            self.declare(f"{name}: {'count' if name[0].isupper() else 'size'}")
        size = self.meant(tree)
        if is_matrix(size) or not size.is_integer or size.is_nonpositive:
            raise BadInput(
                f"{shortened(text)!r} is no size; declare it as one (size or count), or give its value, d = 3"
            )
        return measurable(size)

    def formula(self, text: str) -> Any:
        """A formula in these letters, those not yet declared by custom."""
        return self.meant(parsed(text, self.known()))

    def with_identity(self, text: str) -> Any:
        """A formula in which an I without a size has the first one that fits, d or N or another that is declared."""
        tree = parsed(text, self.known())
        self.declare_columns(tree)
        if not {*SIZELESS} & {*names_in(tree)}:
            return self.meant(tree)
        sizes = [self.length(name) for name in dict.fromkeys(("d", "N", *self.sizes()))]
        letters = {name: self[name] for name in names_in(tree) if name not in SIZELESS}
        problem: BadInput | None = None
        for size in sizes:
            try:
                return meaning(tree, {**letters, "I": sp.Identity(size), "ones": sp.OneMatrix(size, 1)})
            except BadInput as error:
                problem = problem or error
        raise problem or BadInput("there is no size")

    def sizes(self) -> list[str]:
        """The names of sizes so far."""
        return [name for name, value in self.meanings.items() if isinstance(value, L.Size)]

    def known(self) -> set[str]:
        """The names that were declared, or will be."""
        return {*self.meanings, *self.announced}

    def meant(self, tree: ast.expr) -> Any:
        return meaning(tree, {name: self[name] for name in names_in(tree)})

    def relations(self, text: str) -> list[Any]:
        """A hypothesis such as N > d + 1; 0 < t < 1 is two."""
        tree = parsed(text, self.known())
        if not isinstance(tree, ast.Compare) or not all(type(sign) in INEQUALITIES for sign in tree.ops):
            raise BadInput(f"{shortened(text)!r} is no hypothesis; write an inequality, e.g. N > d + 1")
        meant = [self.meant(side) for side in (tree.left, *tree.comparators)]
        for side in meant:
            if is_matrix(side) and side.shape != (1, 1):
                raise BadInput(f"{shortened(text)!r} is an order between matrices or vectors, which is not read; a "
                               f"covariance is declared as Sigma: spd d")  # fmt: skip
        sides = list(map(number, meant))
        for random in sp.Tuple(*sides).atoms(laws.Random):
            raise BadInput(f"the hypothesis {shortened(text)!r} speaks of {random}, which is random; suppose something "
                           f"of fixed letters")  # fmt: skip
        found = [INEQUALITIES[type(sign)](*pair) for sign, pair in zip(tree.ops, pairwise(sides))]
        return [decidable(said, shortened(text)) for said in found]

    def jointly(self, names: list[str], kind: str, law: str, apart: bool) -> None:
        """Several random numbers with a joint law, the coordinates of one Gaussian vector; or letters apart."""
        tree, size = parsed(law, self.known()), len(names)
        if apart and isinstance(tree, ast.Call) and not any(isinstance(part, ast.List) for part in tree.args):
            for name in names:  # x, y ~ N(0, Sigma): each by itself
                self.meanings[name] = random_letter(self, name, self.lengths(kind) if kind else (), law)
                self.said[name] = f"{kind} ~ {law}".strip()
            return
        mean, cov = parameters(self, tree)[:2]
        if not is_matrix(cov) or tuple(cov.shape) != (size, size):
            raise BadInput(f"{', '.join(names)} need a {size}×{size} covariance, e.g. N(0, [[1, rho], [rho, 1]])")
        given = {} if mean == 0 else {"mean": mean}
        joint = laws.gaussian(laws.TOGETHER.join(names), sp.Integer(size), cov=cov, **given)
        for place, name in enumerate(names):
            row = sp.ImmutableMatrix([[int(place == other) for other in range(size)]])
            self.meanings[name] = sp.Trace(row * joint)
            self.said[name] = f"({', '.join(names)}) ~ {law}"

    def is_value(self, name: str) -> bool:
        """Whether a name stands for something that is fixed, N = 5, and no entry or random letter."""
        value = self.meanings.get(name)
        return (
            isinstance(value, sp.Basic) and not self.said[name].startswith("= entry") and not value.atoms(laws.Random)
        )

    def in_words(self, names: Iterable[str]) -> str:
        """What is said of some names, and of those that their definitions speak of, for the reader."""
        told: dict[str, list[str]] = {}
        defined = {name: said[1:] for name, said in self.said.items() if said.startswith("=")}
        names = {*names}.union(*(reached(name, defined) for name in {*names} & defined.keys()))
        spoken = names.union(*(speaks_of(defined[name]) for name in names & defined.keys()))
        while more := {other for name in spoken & self.said.keys() for other in speaks_of(self.said[name])
                       if other in defined and self.is_value(other)} - spoken:  # fmt: skip
            spoken |= more
        for name in sorted(n for n in spoken if n in self.said):
            told.setdefault(self.said[name], []).append(name)
        words = [said if said.startswith("(") else f"{', '.join(who)}{' ' if said[0] in '~=' else ': '}{said}"
                 for said, who in told.items()]  # fmt: skip
        return "; ".join([*words, *(f"{h.lhs} {h.rel_op} {h.rhs}" for h in self.hypotheses)])


def comes_to_rest(images: list[Any]) -> bool:
    """Whether equations have a fixed point at one of a few points of their letters."""
    number = FixedPoint(0, images)
    for place in range(TRIED):
        try:
            evaluate(number, Draw(f"{place}").values(letters_of(number)), Balls())
        except (Undefined, ArithmeticError, ValueError):
            continue
        return True
    return False


def speaks_of(formula: str) -> set[str]:
    """The names in a formula."""
    return set(re.findall(NAME, formula))


def reached(name: str, said: dict[str, str]) -> set[str]:
    """The names that a definition speaks of, and those that their definitions speak of."""
    found, ahead = set(), {name}
    while ahead:
        ahead = {other for each in ahead for other in speaks_of(said[each]) if other in said} - found
        found |= ahead
    return found


def named_in(text: str) -> list[str]:
    """The names that a declaration gives a meaning to; a hypothesis gives none."""
    head = re.split("[:~=<>]", text)[0].strip().strip("()")
    return [] if re.search("[<>]", text) else [name.strip() for name in head.split(",")]


def declared(where: Iterable[str], roots: Iterable[str] = ()) -> Alphabet:
    """The alphabet of some texts, each holding declarations with semicolons between them, in any order.

    roots: the names of which a root is taken, Sigma**(1/2), as they are written.
    """
    alphabet = Alphabet()
    parts = once([with_letters(part).strip() for text in where for part in told(text)])
    covariances = [name for name, kind in CUSTOM.items() if kind.startswith("spd")]
    parts = with_roots(parts, [with_letters(name).strip() for name in roots], covariances)
    for part in parts:
        for name in named_in(part):
            if name in alphabet.announced:
                raise BadInput(f"{name} is declared twice, {shortened(alphabet.announced[name])!r} and "
                               f"{shortened(part)!r}; say all of it at once, e.g. x: d ~ N(0, Sigma)")  # fmt: skip
            alphabet.announced[name] = part
    for part in sorted(parts, key=lambda part: not named_in(part)):  # what hypotheses speak of comes first
        if not named_in(part) or not set(named_in(part)) & set(alphabet.meanings):
            alphabet.declare(part)
    alphabet.announced, alphabet.declared = {}, frozenset(name for part in parts for name in named_in(part))
    return alphabet


def once(parts: list[str]) -> list[str]:
    """Declarations without those that say again, or say more of, what another says: x: d and x ~ N(0, Sigma)."""
    found: list[str] = []
    places: dict[tuple[str, ...], int] = {}  # where each group of letters was declared first
    for part in parts:
        names = tuple(named_in(part))
        place = places.setdefault(names, len(found)) if names else len(found)
        if place < len(found) and (both := together(found[place], part)):
            found[place] = both
        else:
            found.append(part)
    return found


def together(one: str, other: str) -> str:
    """One declaration that says what two say of the same letters; empty where they say different things."""
    heads, shapes, laws_said = zip(*((*said.partition("~")[0].partition(":")[::2], said.partition("~")[2])
                                     for said in (one, other)))  # fmt: skip
    if any(re.search(r"(?<![<>])=", head) for head in heads):
        return ""
    shape, law = (
        of_kind(shapes) or the_one(shapes),
        the_one([law for law in laws_said if not NAME_OF_A_LAW.fullmatch(law)] or laws_said),
    )
    if shape is None or law is None or not (law or of_kind(shapes)):
        return ""
    return f"{heads[0].strip()}{f': {shape}' if shape else ''}{f' ~ {law}' if law else ''}"


def of_kind(shapes: Iterable[str]) -> str:
    """The shape of a letter of which one text says the kind alone, unit, and another the lengths, d."""
    kind, lengths = sorted((shape.strip() for shape in shapes), key=lambda shape: shape not in (*SQUARE, "unit"))
    known = kind in (*SQUARE, "unit") and lengths and not re.match("[A-Za-z]{2,}", lengths)
    return f"{kind} {lengths}" if known else ""


def the_one(texts: Iterable[str]) -> str | None:
    """What texts say that say the same or nothing."""
    full = sorted((text.strip() for text in texts if text.strip()), key=len)
    said = {re.sub(r"\bI\(\w+\)", "I", re.sub(r"\s", "", text)): text for text in full}
    return next(iter(said.values()), "") if len(said) < 2 else None
