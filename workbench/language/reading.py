"""Notation: typed text → SymPy, by a whitelist over Python's syntax tree.

    N*(N+1)*Lambda*C*Lambda + tr(Lambda*C)*Lambda,   inv(Sigma + sigma**2*I),   a.T*Sigma*b

Text is parsed and never evaluated: only the letters of the theorem, a short list of functions and
arithmetic are understood; everything else is refused with one sentence.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Mapping
from difflib import get_close_matches
from functools import reduce, singledispatchmethod
from inspect import signature
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy.utilities.iterables import strongly_connected_components

import workbench.language.latex.reading  # noqa: F401 (so that nothing is imported while text is read)
from workbench.errors import BadInput, NotUnderstood
from workbench.language.arithmetic import added, dotted, is_matrix, multiplied, number, raised
from workbench.language.complex_gaussians import adjoint
from workbench.language.entries import at, below, split_name
from workbench.language.events import CHANCES, HOLDS, are_events, events_given, letters_below, refuse_null
from workbench.language.exchangeable_sums import NO_MEAN, columns, indices, linear, names_random, terms_of
from workbench.language.fixed_points import FixedPoint, Unknown
from workbench.language.function_rows import apart
from workbench.language.functions import CONSTANTS, FUNCTIONS, MEANS, SYNONYMS, called, inverted, transposed
from workbench.language.index_sums import contracted, index_of, indexed, letters_of_sum
from workbench.language.laws import random_letters
from workbench.language.letters import Vector, is_letter
from workbench.language.syntax import factors, is_product, is_sum, is_unsigned, shortened, terms, tree_of

MAX_DIGITS, MAX_GROWTH = 40, 4096
NORMALISED = "write what it does to a column, x/norm(x)"
UNKNOWN = "no function is left open; state it for one, e.g. tanh(…) or relu(…)"
CALLED_ELSEWHERE = {  # what papers call and nobody can measure from its name alone, with what to write
    **dict.fromkeys(("softmax", "Softmax"), "write its entry out, for two scores exp(t)/(exp(t) + exp(s))"),
    **dict.fromkeys(("logsumexp", "LogSumExp", "lse"), "write it out, for two numbers log(exp(t) + exp(s))"),
    **dict.fromkeys(("layer_norm", "layernorm", "LayerNorm", "LN", "rms_norm", "RMSNorm"), NORMALISED),
    **dict.fromkeys(("leaky_relu", "LeakyReLU", "elu", "ELU"), "write it out, e.g. relu(z) - relu(-z)/100"),
    **dict.fromkeys(("psi", "sigma", "act", "MLP"), UNKNOWN),
    "phi": "the normal density is exp(-z**2/2)/sqrt(2*pi), and of an activation write the name, relu(…)",
}  # fmt: skip
SAYS = re.compile(r", where | and (?=\w+ = )|,\\quad ")  # between a formula and the equations of numbers in it
BRACES = str.maketrans("", "", "{}")  # LaTeX's, around an index


def read_formula(
    text: str, letters: Mapping[str, Any], like: Any = None, functions: Mapping[str, Callable[..., Any]] | None = None
) -> Any:
    """Read a formula in the named letters.

    `like`: an expression whose shape the formula must have; a bare I then means the identity of
    its size. `functions`: what may be called, where it is not the usual.
    Numbers may be named by their equations behind the formula: "s*t, where t = (1 + t)/(n + t)".
    Raises BadInput with one sentence for anything that is not understood.
    """
    text, *equations = SAYS.split(text)
    if equations:
        letters = {**letters, **named_numbers(equations, letters)}
    return fitted(meaning(parsed(text, letters), letters, like, functions), like)


def named_numbers(equations: list[str], letters: Mapping[str, Any]) -> dict[str, Any]:
    """The positive numbers t = image(t), several together where their equations need each other."""
    pairs = [equation.partition("=") for equation in equations]
    own = {name.strip().translate(BRACES): sp.Symbol(name.strip().translate(BRACES)) for name, _, _ in pairs}
    known = {**letters, **own}
    images = {own[name]: meaning(parsed(image, known), known) for name, (_, _, image) in zip(own, pairs)}
    needs = [(one, other) for one, image in images.items() for other in image.free_symbols & set(images)]
    found: dict[Any, Any] = {}
    for system in strongly_connected_components((list(images), needs)):  # inner ones first
        system = sorted(system, key=list(images).index)
        unknown = {letter: Unknown(place) for place, letter in enumerate(system)}
        together = [images[letter].xreplace({**found, **unknown}) for letter in system]
        found |= {letter: FixedPoint(place, together) for place, letter in enumerate(system)}
    return {name: found[letter] for name, letter in own.items()}


def parsed(text: str, known: Collection[str] = ()) -> ast.expr:
    """The syntax tree of one expression, when it keeps the bounds; known: names that are letters already.

    Raises BadInput otherwise.
    """
    return tree_of(text, called(), known)


def meaning(
    tree: ast.expr, letters: Mapping[str, Any], like: Any = None, functions: Mapping[str, Any] | None = None
) -> Any:
    """What a syntax tree means in the named letters. Raises BadInput for what is not understood or has no value."""
    try:
        value = Reader(letters, like, functions).read(tree)
    except (BadInput, RecursionError):
        raise
    except Exception as error:
        raise BadInput(f"{written(tree)!r} makes no sense: {error}") from None
    if value.has(sp.zoo, sp.nan) or endless(value):
        raise NotUnderstood(f"{written(tree)!r} divides by zero; it has no value anywhere")
    if value.has(sp.I):
        raise NotUnderstood(f"{written(tree)!r} takes the root of a negative number; it has no real value")
    if growth(value) > MAX_GROWTH:
        raise BadInput(f"{written(tree)!r} piles powers on powers; it is too large to be evaluated")
    return value


def endless(value: Any) -> bool:
    """Whether ∞ stands elsewhere than at the end of a sum."""
    if isinstance(value, sp.Sum):
        return endless(value.function) or endless(value.limits[0][1])
    return value in (sp.oo, -sp.oo) or any(map(endless, value.args))


def written(tree: ast.AST) -> str:
    """What a syntax tree says, for a sentence."""
    try:
        return shortened(ast.unparse(tree))
    except RecursionError:
        return "the formula"


def growth(value: Any) -> int:
    """A bound on the exponents that multiply up along a branch of an expression; a letter counts as 8."""
    if isinstance(value, sp.Pow | sp.MatPow):
        exponent = value.args[1]
        symbols = growth(exponent) + len(exponent.free_symbols)
        size = abs(int(exponent.p)) if exponent.is_Rational else 8 ** min(symbols, 20)
        return growth(value.args[0]) * max(size, 1)
    return max((growth(part) for part in value.args), default=1)


def fitted(value: Any, like: Any) -> Any:
    """The value in the shape of `like`: a scalar multiplies the identity where a square matrix is due."""
    if like is None or not is_matrix(like):
        return number(value) if like is not None else value
    if not is_matrix(value) and like.shape[0] == like.shape[1] and value != 0:
        return value * sp.Identity(like.shape[0])
    if not is_matrix(value) and value == 0:
        return sp.ZeroMatrix(*like.shape)
    if not is_matrix(value) or tuple(value.shape) != tuple(like.shape):
        shape = f"{value.shape[0]}×{value.shape[1]}" if is_matrix(value) else "a number"
        column = is_matrix(value) and like.shape == (value.shape[0], 1) and value.shape[0] == value.shape[1]
        instead = f"; the diagonal of a matrix as a column is diag(A)*ones({like.shape[0]})" if column else ""
        raise BadInput(f"the formula is {shape}; this claim needs {like.shape[0]}×{like.shape[1]}{instead}")
    return value


def total(summands: list[Any]) -> Any:
    """The sum of many terms, by halves: one after the other, SymPy would sort them anew each time."""
    middle = len(summands) // 2
    return added(total(summands[:middle]), total(summands[middle:])) if middle else summands[0]


def arity(function: Callable[..., Any]) -> str:
    """How many arguments a function takes, in words."""
    taken = signature(function).parameters.values()
    needed = [each for each in taken if each.default is each.empty and each.kind is not each.VAR_POSITIONAL]
    return f"{len(needed)}{' or more' if len(needed) < len(taken) else ''}"


class Reader:
    """Reads the nodes of a syntax tree that the whitelist names; refuses all others."""

    def __init__(
        self, letters: Mapping[str, Any], like: Any = None, functions: Mapping[str, Callable[..., Any]] | None = None
    ):
        self.letters, self.like, self.functions = letters, like, FUNCTIONS if functions is None else functions
        self.linear: set[int] = set()  # the sums over columns in which the mean around them is linear

    @singledispatchmethod
    def read(self, node: ast.AST) -> Any:
        raise NotUnderstood(
            f"{written(node)!r} is not understood; use the letters {', '.join(self.letters)}, "
            f"numbers, + - * / ** .T and the functions that `workbench check --help` lists"
        )

    @read.register
    def _(self, node: ast.Constant) -> Any:
        if type(node.value) is int and len(str(abs(node.value))) <= MAX_DIGITS:
            return sp.Integer(node.value)
        if type(node.value) is float and node.value == node.value and abs(node.value) < 1e100:
            return sp.Rational(repr(node.value))
        raise NotUnderstood(f"the constant {shortened(repr(node.value))} is not understood; write a plain number")

    @read.register
    def _(self, node: ast.Name) -> Any:
        if node.id in self.letters:
            return self.letters[node.id]
        if node.id in CONSTANTS:
            return CONSTANTS[node.id]
        if node.id == "I" and is_matrix(self.like):
            return sp.Identity(self.like.shape[0])
        if node.id in self.functions:
            raise NotUnderstood(f"{node.id} stands without a bracket; write {node.id}(…), and a derivative as "
                                f"grad({node.id}(t), t)")  # fmt: skip
        base, indices = split_name(node.id)
        if indices and base in self.letters:
            return below(base, self.letters[base], indices)
        raise BadInput(f"no letter is called {node.id!r}; the letters are {', '.join(sorted(self.letters))}")

    @read.register
    def _(self, node: ast.UnaryOp) -> Any:
        value = self.read(node.operand)
        if isinstance(node.op, ast.USub):
            return -value
        if isinstance(node.op, ast.UAdd):
            return value
        raise NotUnderstood(f"{written(node)!r} is not understood; use + - * / **")

    @read.register
    def _(self, node: ast.BinOp) -> Any:
        if is_sum(node):
            return total([self.read(term) if plus else -self.read(term) for plus, term in terms(node)])
        if is_product(node) and any(is_unsigned(factor) for factor in factors(node)):
            return self.after_fraction(node)
        if isinstance(node.op, ast.Mult) and isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.MatMult):
            return self.after_dot(node)
        left, right = self.read(node.left), self.read(node.right)
        if isinstance(node.op, ast.Mult):
            return multiplied(left, right)
        if isinstance(node.op, ast.MatMult):
            return dotted(left, right)
        if isinstance(node.op, ast.Div):
            return multiplied(left, inverted(number(right)))
        if isinstance(node.op, ast.Pow):
            return raised(left, right)
        raise NotUnderstood(f"{written(node)!r} is not understood; use + - * / **")

    def after_dot(self, node: ast.BinOp) -> Any:
        """a·Σ b: of a column with a matrix and what follows it, the scalar product of a with Σ b."""
        dot: Any = node.left
        left, middle, right = map(self.read, (dot.left, dot.right, node.right))
        after = all(map(is_matrix, (left, middle, right))) and left.shape[1] == right.shape[1] == 1 != middle.shape[1]
        return dotted(left, multiplied(middle, right)) if after else multiplied(dotted(left, middle), right)

    def after_fraction(self, node: ast.BinOp) -> Any:
        """A product without a sign after a fraction. Raises NotUnderstood for a number, which has two readings."""
        value = reduce(multiplied, map(self.read, factors(node)))
        if not is_matrix(value) or value.shape == (1, 1):
            last, first = next(pair for pair in pairwise(factors(node)) if is_unsigned(pair[1]))
            raise NotUnderstood(f"a product without a sign after a fraction, …{written(last)[-12:]} "
                                f"{written(first)[1:][:12]}…, has two readings; write its * and its brackets, e.g. "
                                f"1/(2*pi)")  # fmt: skip
        return value

    @read.register
    def _(self, node: ast.Attribute) -> Any:
        value = self.read(node.value)
        if node.attr == "T":
            self.refuse_transposed_entry(node.value)
            return transposed(value)
        if node.attr == "H":
            return adjoint(value)
        raise NotUnderstood(
            f"{shortened('.' + node.attr)!r} is not understood; only .T (transpose) and .H (conjugate transpose) are"
        )

    @read.register
    def _(self, node: ast.Call) -> Any:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if events := events_given(node.args):
            return self.conditional(SYNONYMS.get(name, name), node.args[:-1], events)
        if name in CHANCES and are_events(node.args):
            return self.chance([self.read(event) for event in node.args])
        if name == "E":
            self.linear |= {id(each) for part in node.args for each in linear(part, self.names_random)}
        if len(indices(node)) == 2:
            return self.over_columns(node)
        index = index_of(node)
        if index and not any(f"{name}_{index}" in self.letters for name in indexed(node.args[0], index)):
            return self.over_index(node, index)
        name = SYNONYMS.get(name, name)
        if name not in self.functions or node.keywords:
            raise NotUnderstood(f"{written(node.func)!r} is no function here{self.instead(name)}")
        function = self.functions[name]
        try:
            signature(function).bind(*node.args)
        except TypeError:
            raise NotUnderstood(f"{name}(…) is given {len(node.args)} arguments; it takes {arity(function)}") from None
        return function(*map(self.read, node.args))

    def over_index(self, node: ast.Call, index: str) -> Any:
        """The sum over the columns or the entries of letters with that index."""
        names = dict(zip(dict.fromkeys(indexed(node.args[0], index)), letters_of_sum(node, index)))
        for name in names:
            if {name, name.upper()} <= set(self.letters):
                raise NotUnderstood(f"is {name}_{index} a column of {name.upper()}, or an entry of {name}? both "
                                    f"letters are there; write the sum as a product of matrices")  # fmt: skip
        whole = {name: self.read(ast.Name(letter)) for name, letter in names.items()}
        sizes = {value.shape[names[name].isupper()] for name, value in whole.items()}
        if len(sizes) != 1 or (len(node.args) == 4 and [*map(self.read, node.args[2:])] != [sp.S.One, *sizes]):
            raise BadInput(f"{written(node)!r} runs over {index}, and its letters have other numbers of columns")
        place = Vector(f"place_{index}", sizes.pop(), 1)
        at_place = {f"{name}_{index}": value * place if names[name].isupper() else sp.Trace(value.T * place)
                    for name, value in whole.items()}  # fmt: skip
        inner = Reader({**self.letters, **at_place}, self.like, self.functions)
        try:
            return contracted(inner.read(node.args[0]), place)
        except NotUnderstood:
            if id(node) not in self.linear:
                raise
            return self.over_columns(node)

    def names_random(self, tree: ast.AST) -> bool:
        return names_random(self.letters, tree)

    def over_columns(self, node: ast.Call) -> Any:
        """What has the mean of a sum over columns, or pairs of them: one term, as often as there are terms."""
        if id(node) not in self.linear:
            raise NotUnderstood(NO_MEAN)
        inner = Reader({**self.letters, **columns(node, self.letters)}, self.like, self.functions)
        times = terms_of(node, self.letters, [*map(self.read, node.args[2:])])
        return multiplied(times, inner.read(node.args[0]))

    def instead(self, name: str) -> str:
        """What may be meant by a name that is called and is no function."""
        if name in CALLED_ELSEWHERE:
            return f"; {CALLED_ELSEWHERE[name]}"
        if name in self.letters or len(name) == 1:
            return f"; no function is left open, and before the bracket of a letter write the sign, {name}*(…)"
        near = get_close_matches(name, self.functions, 1)
        return f"; {f'is it {near[0]}(…)? ' if near else ''}`workbench check --help` lists the functions"

    @read.register
    def _(self, node: ast.List) -> Any:
        rows = [row.elts if isinstance(row, ast.List) else [row] for row in node.elts]
        if not rows or not rows[0] or len({len(row) for row in rows}) != 1:
            raise BadInput(f"{written(node)!r} is no matrix; write its rows, [[1, 0], [0, 1]]")
        return sp.ImmutableMatrix([[number(self.read(entry)) for entry in row] for row in rows])

    @read.register
    def _(self, node: ast.Compare) -> Any:
        """1 where the inequalities hold, and 0 elsewhere."""
        sides = [number(self.read(side)) for side in (node.left, *node.comparators)]
        if not all(type(sign) in HOLDS for sign in node.ops):
            raise NotUnderstood(f"{written(node)!r} is not understood; an event is written with < <= > >= == !=")
        return sp.Mul(*(HOLDS[type(sign)](apart(a - b)) for sign, a, b in zip(node.ops, sides, sides[1:])))

    def over(self, name: str, below: list[str], value: Any) -> Any:
        """The value under E_x[…], where nothing but x is random."""
        letters = [self.letters.get(letter, sp.S.Zero) for letter in below]
        if below and random_letters(value) - random_letters(sp.Tuple(*letters)):
            raise NotUnderstood(f"{name}_{', '.join(below)}[…] is read where {' and '.join(below)} alone "
                                f"{'are' if below[1:] else 'is'} random in it; here others are as well")  # fmt: skip
        return value

    def conditional(self, name: str, inside: list[ast.expr], events: list[ast.expr]) -> Any:
        """E[… | events], Var[… | events] or P(… | events)."""
        given = sp.Mul(*map(self.read, events))
        refuse_null(events, given)

        def mean(value: Any) -> Any:
            return multiplied(self.functions["E"](multiplied(given, value)), 1 / self.functions["E"](given))

        if name in CHANCES and are_events(inside):
            return mean(sp.Mul(*map(self.read, inside)))
        if name not in ("E", "Var") or len(inside) != 1:
            raise NotUnderstood(f"{name}[… | …] is not read; a mean, a variance and a chance may have a condition")
        value = self.read(inside[0])
        return mean(value) if name == "E" else mean(number(value) ** 2) - mean(number(value)) ** 2

    def chance(self, events: list[Any]) -> Any:
        """The chance that all of some events happen."""
        return self.functions["E"](sp.Mul(*events))

    @read.register
    def _(self, node: ast.Subscript) -> Any:
        name, below = letters_below(node.value.id if isinstance(node.value, ast.Name) else "")
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if events := events_given(inside):
            return self.conditional(SYNONYMS.get(name, name), inside[:-1], events)
        if name in CHANCES and are_events(inside):
            return self.chance([self.over(name, below, event) for event in map(self.read, inside)])
        name = SYNONYMS.get(name, name)
        if name in self.functions and name not in (*MEANS, *self.letters):
            return self.read(ast.Call(node.value, inside, []))  # tr[A]
        self.linear |= {id(each) for part in inside for each in linear(part, self.names_random) if name == "E"}
        if name not in MEANS or name not in self.functions:
            return at(self.read(node.value), inside, written(node))
        return self.functions[name](*(self.over(name, below, self.read(part)) for part in inside))

    def refuse_transposed_entry(self, node: ast.expr) -> None:
        """x_1.T means that x_1 is a column of its own, and no entry of x."""
        name = node.id if isinstance(node, ast.Name) else ""
        if split_name(name)[1] and not is_matrix(self.letters.get(name, sp.S.One)):
            raise NotUnderstood(f"is {name} an entry, or a column? an entry is not transposed, and a column is "
                                f"declared as a letter of its own, {name} ~ N(0, Sigma) or {name}: d")  # fmt: skip


__all__ = ["BadInput", "is_letter", "is_matrix", "number", "read_formula"]
