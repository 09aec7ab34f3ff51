"""Distributions: a law as it is typed, N(mu, Sigma), becomes a random letter.

N(mean, covariance)   N(mean, covariance, covariance of the columns)   Wishart(N, Sigma)   Bernoulli(q)
Binomial(n, q)   Poisson(lam)   Multinomial(n): counts
p: d ~ Dirichlet(alpha): a random distribution over d categories, all with the concentration alpha
Student(nu, scale)   Student(nu, mean, scale): with nu degrees of freedom
Elliptical(kappa, scale)   Elliptical(kappa, mean, scale): of this covariance and kurtosis
CN(0, covariance)   CN(0, covariance, covariance of the columns): complex, with uniformly random phases
s: d ~ Rademacher: independent signs
Haar(d), Haar(d, r), Q: d×r ~ Haar: random orthonormal columns      e: N ~ OneHot: a random place
u: d ~ Sphere: a random direction, of length one      X: d×N ~ Sphere: independent ones
q*N(mu, I) + (1 - q)*N(-mu, I): a mixture
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import sympy as sp

from workbench.errors import BadInput
from workbench.language import counts, laws, simplices, students
from workbench.language.complex_gaussians import complex_gaussian
from workbench.language.events import CHANCES, are_events, letters_below
from workbench.language.functions import ALSO_LETTERS, CONSTANTS, FUNCTIONS, MEANS, SYNONYMS, measurable
from workbench.language.index_sums import index_of, indexed, letters_of_sum
from workbench.language.letters import Matrix, Scalar, Symmetric
from workbench.language.reading import is_matrix, meaning, number, parsed
from workbench.language.syntax import shortened

IDENTITY = sp.Symbol("I")  # the identity of whatever size is needed
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


def random_letter(alphabet: Alphabet, name: str, shape: Shape, law: str) -> Any:
    """A random letter of a law, or what is made of one; a number stands for the one entry of a 1×1 letter.

    Raises BadInput for a law that is not known, or that does not fit the shape.
    """
    tree = parsed(law, alphabet.known())
    head = tree.func if isinstance(tree, ast.Call) else tree
    word = head.id if isinstance(head, ast.Name) else ""
    if word not in LAWS and not isinstance(tree, ast.BinOp):
        raise BadInput(
            f"{shortened(law)!r} is no law that is known here; write N(mean, covariance), CN(0, Sigma), "
            f"Wishart(N, Sigma), Student(nu, Sigma), Bernoulli(q), Binomial(n, q), Poisson(lam), Multinomial(n), "
            f"Dirichlet(alpha), Elliptical(kappa, Sigma), Rademacher, OneHot, Haar(d), Sphere, "
            f"or a mixture q*N(mu, I) + (1 - q)*N(-mu, I)"
        )
    if name in names_in(tree):
        raise BadInput(f"the law of {name} speaks of {name} itself; give its parameters in other letters")
    try:
        letter = LAWS.get(word, mixture)(alphabet, name, shape, tree)
    except ValueError as error:
        raise BadInput(str(error)) from None
    for drawn in letter.atoms(laws.Random):
        for size in drawn.shape:
            measurable(size)
    return number(letter) if letter.shape == (1, 1) else letter


def normal(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A Gaussian letter with independent columns, or with a covariance between them."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, tree, normal)
    return laws.gaussian(name, rows, columns, mean=None if mean == 0 else filled(mean, rows, columns), **covs)


def shaped(
    alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr, law: Callable[..., Any]
) -> tuple[list[Any], Any, dict[str, Any]]:
    """The shape of a normal letter, its mean, and its covariances by the names of `gaussian`."""
    mean, cov, *more = parameters(alphabet, tree, shape, law)
    rows, columns = (*(shape or shape_of_law(alphabet, name, mean, cov)), sp.S.One)[:2]
    covs = {"cov": covariance(cov, rows)} | ({"token_cov": covariance(more[0], columns)} if more else {})
    return [rows, columns], mean, covs


def complex_normal(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A complex Gaussian letter."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, tree, complex_normal)
    if mean != 0:
        raise BadInput(f"{name}: CN(0, Sigma) has the mean 0; write a fixed matrix before the letter, M + {name}")
    return complex_gaussian(name, rows, columns, **covs)


def binomial(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A count of successes, or a column of independent ones."""
    arguments = tree.args if isinstance(tree, ast.Call) else []
    for part in arguments[1:]:
        as_probability(alphabet, part)
    trials, rate = given(alphabet, tree, "Binomial(n, q)", 2)
    return counts.binomial(name, rows_of_counts(name, shape), number(trials), number(rate))


def poisson(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A Poisson count, or a column of independent ones."""
    (rate,) = given(alphabet, tree, "Poisson(lam)", 1)
    if not number(rate).is_nonnegative:
        raise BadInput(f"{name}: Poisson(lam) has a mean that is not negative; declare it, lam: positive")
    return counts.poisson(name, rows_of_counts(name, shape), number(rate))


def multinomial(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """How often each of several equally likely categories came up."""
    if len(shape) != 1:
        raise BadInput(f"{name}: Multinomial(n) is the law of a vector; write {name}: d ~ Multinomial(n)")
    (trials,) = given(alphabet, tree, "Multinomial(n), with equally likely categories", 1)
    return counts.multinomial(name, shape[0], number(trials))


def dirichlet(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A random distribution over categories of one concentration."""
    form = "Dirichlet(alpha), with one concentration alpha > 0 of all categories"
    if len(shape) != 1:
        raise BadInput(f"{name}: Dirichlet(alpha) is the law of a vector; write {name}: d ~ Dirichlet(alpha)")
    if isinstance(tree, ast.Call) and len(tree.args) == 1 and isinstance(tree.args[0], ast.Name):
        alphabet.declare_positive(tree.args[0].id)
    (each,) = given(alphabet, tree, form, 1)
    return simplices.dirichlet(name, shape[0], number(each))


def rows_of_counts(name: str, shape: Shape) -> Any:
    if len(shape) == 2:
        raise BadInput(f"{name}: counts are numbers, or a vector such as {name}: d")
    return shape[0] if shape else sp.S.One


def student(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Columns, or a number, with Student's t distribution."""
    form = "Student(nu, Sigma) or Student(nu, mu, Sigma)"
    freedom, rest = parameter_first(tree, form)
    if isinstance(freedom, ast.Name):
        alphabet.declare_count(freedom.id)
    degrees = parameter(alphabet, freedom)
    if is_matrix(degrees) or not degrees.is_integer or degrees.is_nonpositive:
        raise BadInput(f"{name}: {form} has a whole number nu of degrees of freedom, at least one, not {degrees}")
    return scale_mixture(students.student, alphabet, name, shape, degrees, rest)


def elliptical(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Columns, or a number, of which the covariance and the kurtosis are known."""
    kurtosis, rest = parameter_first(tree, "Elliptical(kappa, Sigma) or Elliptical(kappa, mu, Sigma)")
    if isinstance(kurtosis, ast.Name):
        alphabet.declare_positive(kurtosis.id)
    return scale_mixture(students.elliptical, alphabet, name, shape, number(parameter(alphabet, kurtosis)), rest)


def parameter_first(tree: ast.expr, form: str) -> tuple[ast.expr, list[ast.expr]]:
    """The first argument of a law, and those that it shares with N(mean, covariance)."""
    if not isinstance(tree, ast.Call) or not 2 <= len(tree.args) <= 3 or tree.keywords:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no such law; write {form}")
    first, *mean, scale = tree.args
    return first, [mean[0] if mean else ast.Constant(0), scale]


def scale_mixture(
    law: Callable[..., Any], alphabet: Alphabet, name: str, shape: Shape, first: Any, rest: list[ast.expr]
) -> Any:
    """A letter of a law with that first parameter, and the others of a normal one."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, ast.Call(ast.Name("N"), rest, []), normal)
    centre = None if mean == 0 else filled(mean, rows, columns)
    return law(name, rows, first, columns=columns, mean=centre, scale=covs["cov"])


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


def parameters(alphabet: Alphabet, tree: ast.expr, shape: Shape = (), law: Callable[..., Any] = normal) -> list[Any]:
    """Mean and covariance (and that of the columns) in N(…, …); an I among other terms has the letter's size."""
    if not isinstance(tree, ast.Call) or not isinstance(tree.func, ast.Name) or LAWS.get(tree.func.id) is not law:
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
    if isinstance(tree, ast.List):
        return table(alphabet, tree)
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
    if is_matrix(count) or not count.is_integer or count.is_nonpositive:
        raise BadInput(f"{name}: Wishart(N, Sigma) has a whole number N of columns, at least one, not {count}")
    half = laws.gaussian(f"{name}_half", rows, count, cov=covariance(cov, rows))
    return half * half.T


def bernoulli(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Independent entries 0 or 1."""
    if len(shape) == 2:
        raise BadInput(f"{name}: Bernoulli(q) is the law of a number, or of a vector such as {name}: d")
    for part in tree.args if isinstance(tree, ast.Call) else ():
        as_probability(alphabet, part)
    (rate,) = given(alphabet, tree, "Bernoulli(q)", 1)
    return laws.mask(name, shape[0] if shape else 1, number(rate))


def rademacher(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Independent signs, −1 or 1 with equal chances: twice a mask, less one."""
    if len(shape) == 2:
        raise BadInput(f"{name}: Rademacher is the law of a number, or of a vector such as {name}: d ~ Rademacher")
    given(alphabet, tree, "Rademacher after a shape", 0)
    half = laws.mask(f"{name}_half", shape[0] if shape else 1, sp.Rational(1, 2))
    return 2 * half - sp.OneMatrix(*half.shape)


def haar(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Uniformly random orthonormal columns."""
    form = "Haar(d), Haar(d, r), or Haar after a shape"
    found = laws.haar(name, *(given(alphabet, tree, form, *((0,) if shape else (1, 2))) or shape))
    if (fits := sp.Ge(*found.shape)) != sp.true and not implied(fits, alphabet.hypotheses):
        alphabet.hypotheses.append(fits)
    return found


def implied(relation: Any, hypotheses: list[Any]) -> bool:
    """Whether a hypothesis says a weak inequality, or the strict one."""
    return bool({relation, sp.Gt(relation.lhs, relation.rhs), relation.reversed} & set(hypotheses))


def sphere(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A uniformly random column of length one, or independent ones."""
    return laws.sphere(name, *(given(alphabet, tree, "Sphere(d), or Sphere after a shape", 0 if shape else 1) or shape))


def one_hot(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """One at a random place, and zero elsewhere."""
    if len(shape) != 1:
        raise BadInput(f"{name}: OneHot is the law of a vector; write {name}: N ~ OneHot")
    given(alphabet, tree, f"{name}: N ~ OneHot", 0)
    return laws.index(name, shape[0])


def given(alphabet: Alphabet, tree: ast.expr, form: str, *counts: int) -> list[Any]:
    """The parameters of a law that is written as its form shows."""
    arguments, named = (tree.args, tree.keywords) if isinstance(tree, ast.Call) else ([], [])
    if form.startswith("Wishart") and len(arguments) == 2:
        as_covariance(alphabet, arguments[1])
    if len(arguments) not in counts or named:
        raise BadInput(f"{shortened(ast.unparse(tree))!r} is no such law; write {form}")
    return [parameter(alphabet, part) for part in arguments]


def mixture(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Each column from one of several normal laws, with their probabilities."""
    for weight, _ in summands(tree):
        as_probability(alphabet, weight)
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


def reserved(name: str) -> bool:
    """Whether a name has a meaning of its own; γ and Φ are letters where they are not called."""
    return name not in ("I", *ALSO_LETTERS) and (name in FUNCTIONS or name in CONSTANTS or name == "grad")


def averages(node: ast.Subscript) -> bool:
    """Whether square brackets hold what a mean is taken of, or events, and no index."""
    name = node.value.id if isinstance(node.value, ast.Name) else ""
    inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    name, _ = letters_below(name)
    return SYNONYMS.get(name, name) in MEANS or (name in CHANCES and are_events(inside))


def names_in(tree: ast.AST) -> list[str]:
    """The letters that a syntax tree names, those that are called or constants aside."""
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    called |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Subscript) and averages(node)}
    found = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (index := index_of(node)):
            bound = {index, *(f"{name}_{index}" for name in indexed(node.args[0], index))}
            found = [name for name in found if name not in bound] + letters_of_sum(node, index)
    return [name for name in dict.fromkeys(found) if not reserved(name)]


LAWS: dict[str, Callable[..., Any]] = {
    "N": normal, "Normal": normal, "Gaussian": normal, "Wishart": wishart, "Bernoulli": bernoulli,
    "Rademacher": rademacher, "Haar": haar, "Sphere": sphere, "OneHot": one_hot, "CN": complex_normal,
    "Student": student, "Binomial": binomial, "Poisson": poisson, "Multinomial": multinomial,
    "Dirichlet": dirichlet, "Elliptical": elliptical,
}  # fmt: skip
