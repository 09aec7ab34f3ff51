"""Distributions: a law as it is typed, N(mu, Sigma), becomes a random letter.

N(mean, covariance)   N(mean, covariance, covariance of the columns)   Wishart(N, Sigma)   Bernoulli(q)
Haar(d), Haar(d, r), Q: d×r ~ Haar: random orthonormal columns      e: N ~ OneHot: a random place
q*N(mu, I) + (1 - q)*N(-mu, I): a mixture
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sympy as sp

from workbench import laws
from workbench.errors import BadInput
from workbench.functions import CONSTANTS, FUNCTIONS
from workbench.notation import is_matrix, meaning, number, parsed, shortened

if TYPE_CHECKING:
    from workbench.sessions.declarations import Alphabet

RESERVED = {*FUNCTIONS, *CONSTANTS, "grad"} - {"I", "gamma"}  # γ is a letter where it is not called
IDENTITY = sp.Symbol("I")  # the identity of whatever size is needed
Shape = Sequence[Any]


def random_letter(alphabet: Alphabet, name: str, shape: Shape, law: str) -> Any:
    """A random letter of a law, or what is made of one; a number stands for the one entry of a 1×1 letter.

    Raises BadInput for a law that is not known, or that does not fit the shape.
    """
    tree = parsed(law, alphabet.known())
    head = tree.func if isinstance(tree, ast.Call) else tree
    word = head.id if isinstance(head, ast.Name) else ""
    if word not in LAWS and not isinstance(tree, ast.BinOp):
        raise BadInput(
            f"{shortened(law)!r} is no law that is known here; write N(mean, covariance), Wishart(N, Sigma), "
            f"Bernoulli(q), OneHot, Haar(d), or a mixture q*N(mu, I) + (1 - q)*N(-mu, I)"
        )
    try:
        letter = LAWS.get(word, mixture)(alphabet, name, shape, tree)
    except ValueError as error:
        raise BadInput(str(error)) from None
    return number(letter) if letter.shape == (1, 1) else letter


def normal(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A Gaussian letter with independent columns, or with a covariance between them."""
    mean, cov, *more = parameters(alphabet, tree, shape)
    rows, columns = (*(shape or shape_of_law(alphabet, name, mean, cov)), sp.S.One)[:2]
    given = {"cov": covariance(cov, rows), "mean": None if mean == 0 else filled(mean, rows, columns)}
    if more:
        given["token_cov"] = covariance(more[0], columns)
    return laws.gaussian(name, rows, columns, **given)


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
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or LAWS.get(tree.func.id) is not normal:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no normal law; write N(mean, covariance)")
    if not 2 <= len(tree.args) <= 3 or tree.keywords:
        raise BadInput(f"{shortened(ast.unparse(tree))!r}: a normal law has a mean and a covariance, N(0, Sigma)")
    rows, columns = (*shape, sp.S.One)[:2] if shape else (None, None)
    return [parameter(alphabet, part, length) for part, length in zip(tree.args, (rows, rows, columns))]


def parameter(alphabet: Alphabet, tree: ast.expr, length: Any = None) -> Any:
    if isinstance(tree, ast.Name) and tree.id == "I":
        return IDENTITY
    if isinstance(tree, ast.List):
        return table(alphabet, tree)
    names = names_in(tree)
    if "I" not in names:
        return alphabet.meant(tree)
    letters = {name: alphabet[name] for name in names if name != "I"}
    return meaning(tree, letters, like=sp.Identity(alphabet["d"] if length is None else length))


def table(alphabet: Alphabet, tree: ast.List) -> Any:
    """A matrix of numbers, [[1, rho], [rho, 1]]."""
    rows = [row.elts for row in tree.elts if isinstance(row, ast.List)]
    if len(rows) != len(tree.elts) or len({len(row) for row in rows}) != 1:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no matrix; write its rows, [[1, rho], [rho, 1]]")
    return sp.ImmutableMatrix([[number(alphabet.meant(entry)) for entry in row] for row in rows])


def covariance(value: Any, length: Any) -> Any:
    """A covariance of that length: a matrix, or a number that multiplies the identity."""
    if value is IDENTITY:
        return sp.Identity(length)
    return value if is_matrix(value) else value * sp.Identity(length)


def wishart(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """X Xᵀ of N independent columns N(0, Σ)."""
    count, cov = given(alphabet, tree, "Wishart(N, Sigma)", 2)
    if not is_matrix(cov) and cov is not IDENTITY:
        raise BadInput(f"{name}: Wishart(N, Sigma) has a covariance matrix, and {cov} is a number")
    rows = shape[0] if shape else alphabet["d"] if cov is IDENTITY else cov.shape[0]
    half = laws.gaussian(f"{name}_half", rows, count, cov=covariance(cov, rows))
    return half * half.T


def bernoulli(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Independent entries 0 or 1."""
    if len(shape) == 2:
        raise BadInput(f"{name}: Bernoulli(q) is the law of a number, or of a vector such as {name}: d")
    (rate,) = given(alphabet, tree, "Bernoulli(q)", 1)
    return laws.mask(name, shape[0] if shape else 1, number(rate))


def haar(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Uniformly random orthonormal columns."""
    form = "Haar(d), Haar(d, r), or Haar after a shape"
    return laws.haar(name, *(given(alphabet, tree, form, *((0,) if shape else (1, 2))) or shape))


def one_hot(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """One at a random place, and zero elsewhere."""
    if len(shape) != 1:
        raise BadInput(f"{name}: OneHot is the law of a vector; write {name}: N ~ OneHot")
    given(alphabet, tree, f"{name}: N ~ OneHot", 0)
    return laws.index(name, shape[0])


def given(alphabet: Alphabet, tree: ast.expr, form: str, *counts: int) -> list[Any]:
    """The parameters of a law that is written as its form shows."""
    arguments, named = (tree.args, tree.keywords) if isinstance(tree, ast.Call) else ([], [])
    if len(arguments) not in counts or named:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no such law; write {form}")
    return [parameter(alphabet, part) for part in arguments]


def mixture(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Each column from one of several normal laws, with their probabilities."""
    laws_of = [(weight, *parameters(alphabet, law, shape)[:2]) for weight, law in summands(tree)]
    rows, columns = (*(shape or shape_of_law(alphabet, name, *laws_of[0][1:])), sp.S.One)[:2]
    components = [
        (number(alphabet.meant(weight)), filled(mean, rows, sp.S.One), covariance(cov, rows))
        for weight, mean, cov in laws_of
    ]
    return laws.mixture(name, rows, components, columns)


def summands(tree: ast.expr) -> list[tuple[ast.expr, ast.expr]]:
    """The weights and laws of a sum q*N(…) + …"""
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        return [*summands(tree.left), *summands(tree.right)]
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Mult):
        return [(tree.left, tree.right)]
    if isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Div) and isinstance(tree.left, ast.Call):
        return [(ast.BinOp(ast.Constant(1), ast.Div(), tree.right), tree.left)]
    raise BadInput(f"{shortened(ast.unparse(tree))!r} is no part of a mixture; write q*N(mu, I) + (1 - q)*N(-mu, I)")


def names_in(tree: ast.AST) -> list[str]:
    """The letters that a syntax tree names, those that are called or constants aside."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    called |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript)}
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    return [name for name in dict.fromkeys(found) if name not in RESERVED]


LAWS: dict[str, Callable[..., Any]] = {
    "N": normal, "Normal": normal, "Gaussian": normal, "Wishart": wishart, "Bernoulli": bernoulli,
    "Haar": haar, "OneHot": one_hot,
}  # fmt: skip
