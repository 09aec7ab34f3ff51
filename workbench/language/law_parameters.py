"""Law parameters: the means, covariances and sizes in a law as it is typed, and what letters in their places are."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any, Protocol

import sympy as sp

from workbench.errors import BadInput
from workbench.language import laws
from workbench.language.letters import Matrix, Scalar, Symmetric
from workbench.language.names import names_in
from workbench.language.reading import is_matrix, meaning, number
from workbench.language.syntax import shortened

IDENTITY = sp.Symbol("I")  # the identity of whatever size is needed
NORMAL = ("N", "Normal", "Gaussian", "MVN", "MN")  # what the normal law is called; MN(M, U, V) of a matrix
Shape = Sequence[Any]


class Alphabet(Protocol):
    """The letters that the parameters of a law are written in."""

    def __getitem__(self, name: str) -> Any: ...
    def known(self) -> set[str]: ...
    def meant(self, tree: ast.expr) -> Any: ...
    def declare_covariance(self, name: str, length: Any = None) -> None: ...
    def declare_probability(self, name: str) -> None: ...
    def declare_count(self, name: str) -> None: ...
    def declare_positive(self, name: str) -> None: ...
    def length(self, text: str) -> Any: ...


def word_of(tree: ast.expr) -> tuple[str, str]:
    """The name of a law, and the dimension below it, Wishart and d of Wishart_d(N, Sigma)."""
    head = tree.func if isinstance(tree, ast.Call) else tree
    name, _, size = (head.id if isinstance(head, ast.Name) else "").partition("_")
    return name, size


def shaped(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> tuple[list[Any], Any, dict[str, Any]]:
    """The shape of a normal letter, its mean, and its covariances by the names of `gaussian`."""
    mean, cov, *more = parameters(alphabet, tree, shape)
    columned = bool(more) and is_matrix(more[0]) and not is_matrix(mean) and (is_matrix(cov) or cov is IDENTITY)
    if not shape and columned:
        shape = [alphabet["d"] if cov is IDENTITY else cov.shape[0], more[0].shape[0]]
    rows, columns = (*(shape or shape_of_law(alphabet, name, mean, cov)), sp.S.One)[:2]
    covs = {"cov": covariance(cov, rows)} | ({"token_cov": covariance(more[0], columns)} if more else {})
    return [rows, columns], mean, covs


def filled(mean: Any, rows: Any, columns: Any) -> Any:
    """A mean as a matrix; a number is that of every entry."""
    return mean if is_matrix(mean) else mean * sp.OneMatrix(rows, columns)


def shape_of_law(alphabet: Alphabet, name: str, mean: Any, cov: Any) -> list[Any]:
    """The shape that a law implies: that of its mean, or columns as long as its covariance is wide."""
    if is_matrix(mean):
        return list(mean.shape)
    if not is_matrix(cov) and cov is not IDENTITY:
        return [sp.S.One, sp.S.One]
    rows = alphabet["d"] if cov is IDENTITY else cov.shape[0]
    return [rows, alphabet["N"]] if name[0].isupper() else [rows, sp.S.One]


def parameters(alphabet: Alphabet, tree: ast.expr, shape: Shape = ()) -> list[Any]:
    """Mean and covariance (and that of the columns) in N(…, …); an I among other terms has the letter's size."""
    if not isinstance(tree, ast.Call) or word_of(tree)[0] not in NORMAL:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no normal law; write N(mean, covariance)")
    if not 2 <= len(tree.args) <= 3 or tree.keywords:
        raise BadInput(f"{shortened(ast.unparse(tree))!r}: a normal law has a mean and a covariance, N(0, Sigma)")
    rows, columns = (*shape, sp.S.One)[:2] if shape else (None, None)
    for part, length in zip(tree.args[1:], (rows, columns)):
        as_covariance(alphabet, part, length)
    as_mean(alphabet, tree.args[0], shape or shape_around(alphabet, tree.args[1]))
    return [parameter(alphabet, part, length) for part, length in zip(tree.args, (rows, rows, columns))]


def as_covariance(alphabet: Alphabet, tree: ast.expr, length: Any = None) -> None:
    """A letter that is used as a covariance is one: of what nothing was said that is said now; what was must fit."""
    if not isinstance(tree, ast.Name) or tree.id == "I":
        return
    alphabet.declare_covariance(tree.id, length)
    letter = alphabet[tree.id]
    kind = {Matrix: "a matrix", Symmetric: "symmetric", Scalar: "a real number"}.get(type(letter))
    if kind:
        fit = f"spd {letter.shape[0]}" if is_matrix(letter) else "positive"
        raise BadInput(f"{tree.id} is declared as {kind} and used as a covariance; declare it as {tree.id}: {fit}")


def shape_around(alphabet: Alphabet, cov: ast.expr) -> Shape:
    """The shape of a column with that covariance; none where it is a variance."""
    found = parameter(alphabet, cov)
    return (alphabet["d"],) if found is IDENTITY else (found.shape[0],) if is_matrix(found) else ()


def as_mean(alphabet: Alphabet, tree: ast.expr, shape: Shape) -> None:
    """A letter that is used as the mean of a column or a matrix, and of which nothing was said, has its shape."""
    name = tree.operand if isinstance(tree, ast.UnaryOp) else tree
    if isinstance(name, ast.Name) and name.id[0].isupper() and len(shape) == 1:
        alphabet.declare_mean(name.id, (*shape, alphabet["N"]))
    elif isinstance(name, ast.Name) and name.id[0].isupper() == (len(shape) == 2):
        alphabet.declare_mean(name.id, shape)


def as_probability(alphabet: Alphabet, tree: ast.expr) -> None:
    """The letters of a weight of which nothing was said are probabilities."""
    for name in names_in(tree):
        if name != "I":
            alphabet.declare_probability(name)


def parameter(alphabet: Alphabet, tree: ast.expr, length: Any = None) -> Any:
    if isinstance(tree, ast.Name) and tree.id == "I":
        return IDENTITY
    names = names_in(tree)
    for random in (name for name in names if name != "I" and alphabet[name].atoms(laws.Random)):
        raise BadInput(f"{random} is random and stands in a law; add up random letters instead, x = {random} + e")
    if isinstance(tree, ast.List | ast.Tuple):
        return table(alphabet, tree)
    if "I" not in names:
        return alphabet.meant(tree)
    letters = {name: alphabet[name] for name in names if name != "I"}
    return meaning(tree, letters, like=sp.Identity(alphabet["d"] if length is None else length))


def table(alphabet: Alphabet, tree: ast.List | ast.Tuple) -> Any:
    """A matrix of numbers, [[1, rho], [rho, 1]], or a column, (0, 0)."""
    if not any(isinstance(row, ast.List | ast.Tuple) for row in tree.elts):
        return sp.ImmutableMatrix([number(alphabet.meant(entry)) for entry in tree.elts])
    rows = [row.elts for row in tree.elts if isinstance(row, ast.List | ast.Tuple)]
    if len(rows) != len(tree.elts) or len({len(row) for row in rows}) != 1:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no matrix; write its rows, [[1, rho], [rho, 1]]")
    return sp.ImmutableMatrix([[number(alphabet.meant(entry)) for entry in row] for row in rows])


def covariance(value: Any, length: Any) -> Any:
    """A covariance of that length: a matrix, or a number that multiplies the identity."""
    if value is IDENTITY:
        return sp.Identity(length)
    return value if is_matrix(value) else value * sp.Identity(length)


def parameter_first(tree: ast.expr, form: str) -> tuple[ast.expr, list[ast.expr]]:
    """The first argument of a law, and those that it shares with N(mean, covariance)."""
    if not isinstance(tree, ast.Call) or not 2 <= len(tree.args) <= 3 or tree.keywords:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no such law; write {form}")
    first, *mean, scale = tree.args
    return first, [mean[0] if mean else ast.Constant(0), scale]


def given(alphabet: Alphabet, tree: ast.expr, form: str, *counts: int) -> list[Any]:
    """The parameters of a law that is written as its form shows."""
    arguments, named = (tree.args, tree.keywords) if isinstance(tree, ast.Call) else ([], [])
    if len(arguments) not in counts or named:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no such law; write {form}")
    return [parameter(alphabet, part) for part in arguments]
