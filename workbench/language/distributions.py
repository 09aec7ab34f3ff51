"""Distributions: a law as it is typed, N(mu, Sigma), becomes a random letter; the rows are at the end."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

import sympy as sp

from workbench.errors import BadInput
from workbench.language import counts, laws, simplices, students
from workbench.language.complex_gaussians import ComplexGaussian, complex_gaussian
from workbench.language.functions import measurable
from workbench.language.law_parameters import (
    IDENTITY,
    NORMAL,
    Alphabet,
    Shape,
    as_covariance,
    as_probability,
    covariance,
    filled,
    given,
    parameter,
    parameter_first,
    parameters,
    shape_of_law,
    shaped,
    word_of,
)  # fmt: skip
from workbench.language.law_rows import MIXTURE, READERS, forms, law
from workbench.language.names import names_in
from workbench.language.reading import is_matrix, number, parsed
from workbench.language.syntax import shortened


def random_letter(alphabet: Alphabet, name: str, shape: Shape, law: str) -> Any:
    """A random letter of a law, or what is made of one; a number stands for the one entry of a 1×1 letter.

    Raises BadInput for a law that is not known, or that does not fit the shape.
    """
    tree = parsed(law, alphabet.known())
    word, size = word_of(tree)
    if word not in READERS and not isinstance(tree, ast.BinOp):
        raise BadInput(f"{shortened(law)!r} is no law that is known here; write {forms()}")
    if name in names_in(tree):
        raise BadInput(f"the law of {name} speaks of {name} itself; give its parameters in other letters")
    shape = with_rows(alphabet, name, shape, size) if size else shape
    try:
        letter = READERS[word if word in READERS else MIXTURE](alphabet, name, shape, tree)
    except ValueError as error:
        raise BadInput(str(error)) from None
    for drawn in letter.atoms(laws.Random):
        for length in drawn.shape:
            measurable(length)
    return number(letter) if letter.shape == (1, 1) else letter


def with_rows(alphabet: Alphabet, name: str, shape: Shape, size: str) -> Shape:
    """The shape of a letter whose law has its dimension below it, x ~ N_d(0, Sigma)."""
    rows = alphabet.length(size)
    if shape and shape[0] != rows:
        raise BadInput(f"{name} has {shape[0]} rows, and the dimension below its law is {rows}; say one of the two")
    return shape or ([rows, alphabet["N"]] if name[0].isupper() else [rows])


@law(
    "N", "N(mean, covariance)",
    "X ~ N(0, Sigma)                   Gaussian: d×N with i.i.d. columns if upper case, one column if lower",
    "X: d×L ~ N(mu, Sigma, K)          with its shape, a mean, a covariance K between the columns",
    "(u, v) ~ N(0, [[1, rho], [rho, 1]])   numbers with a joint law;   x, y ~ N(0, Sigma)   independent ones",
    kind=laws.Gaussian, maker=laws.gaussian, also=NORMAL[1:],
)  # fmt: skip
def normal(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A Gaussian letter with independent columns, or with a covariance between them."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, tree)
    if len(covs) == 1 and covs["cov"].shape == (columns, columns) != (rows, rows):
        raise BadInput(f"{name} has {rows} rows, and its covariance is {columns}×{columns}; of a matrix with "
                       f"independent rows N(0, Sigma) say {name}: {rows}×{columns} ~ N(0, I, Sigma)")  # fmt: skip
    return laws.gaussian(name, rows, columns, mean=None if mean == 0 else filled(mean, rows, columns), **covs)


def as_normal(tree: ast.expr) -> ast.expr:
    """A law with the parameters of a normal one under that name."""
    return ast.Call(ast.Name("N"), tree.args, tree.keywords) if isinstance(tree, ast.Call) else tree


@law(
    "CN", "CN(0, Sigma)",
    "Z ~ CN(0, Sigma)                  complex Gaussian columns; Z.H (Z^H, Zᴴ) is the conjugate transpose",
    kind=ComplexGaussian, maker=complex_gaussian,
)  # fmt: skip
def complex_normal(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A complex Gaussian letter."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, as_normal(tree))
    if mean != 0:
        raise BadInput(f"{name}: CN(0, Sigma) has the mean 0; write a fixed matrix before the letter, M + {name}")
    return complex_gaussian(name, rows, columns, **covs)


@law(
    "Binomial", "Binomial(n, q)",
    "k ~ Binomial(n, q)                a count, or a column of independent ones after a shape",
    kind=counts.Binomial, maker=counts.binomial, also=("Bin",),
)  # fmt: skip
def binomial(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A count of successes, or a column of independent ones."""
    arguments = tree.args if isinstance(tree, ast.Call) else []
    for part in arguments[1:]:
        as_probability(alphabet, part)
    trials, rate = given(alphabet, tree, "Binomial(n, q)", 2)
    return counts.binomial(name, rows_of_counts(name, shape), number(trials), number(rate))


@law(
    "Poisson", "Poisson(lam)",
    "k ~ Poisson(lam)                  a count, or a column of independent ones after a shape",
    kind=counts.Poisson, maker=counts.poisson, also=("Poi", "Pois"),
)  # fmt: skip
def poisson(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A Poisson count, or a column of independent ones."""
    (rate,) = given(alphabet, tree, "Poisson(lam)", 1)
    if not number(rate).is_nonnegative:
        raise BadInput(f"{name}: Poisson(lam) has a mean that is not negative; declare it, lam: positive")
    return counts.poisson(name, rows_of_counts(name, shape), number(rate))


@law(
    "Multinomial", "Multinomial(n)",
    "c: d ~ Multinomial(n)             how often each of d equally likely categories is drawn",
    kind=counts.Multinomial, maker=counts.multinomial,
)  # fmt: skip
def multinomial(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """How often each of several equally likely categories came up."""
    if len(shape) != 1:
        raise BadInput(f"{name}: Multinomial(n) is the law of a vector; write {name}: d ~ Multinomial(n)")
    (trials,) = given(alphabet, tree, "Multinomial(n), with equally likely categories", 1)
    return counts.multinomial(name, shape[0], number(trials))


@law(
    "Dirichlet", "Dirichlet(alpha)",
    "p: d ~ Dirichlet(alpha)           a random distribution over d categories, of one concentration",
    kind=simplices.Dirichlet, maker=simplices.dirichlet, also=("Dir",),
)  # fmt: skip
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


@law(
    "Student", "Student(nu, Sigma)",
    "x: d ~ Student(nu, Sigma)         heavy tails: moments below order nu; Student(nu, mu, Sigma) with a mean",
    kind=students.Student, maker=students.student,
)  # fmt: skip
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


@law(
    "Elliptical", "Elliptical(kappa, Sigma)",
    "x: d ~ Elliptical(kappa, Sigma)   of that covariance, E[(x.T*inv(Sigma)*x)**2] kappa times a Gaussian's",
    kind=students.Elliptical, maker=students.elliptical,
)  # fmt: skip
def elliptical(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Columns, or a number, of which the covariance and the kurtosis are known."""
    kurtosis, rest = parameter_first(tree, "Elliptical(kappa, Sigma) or Elliptical(kappa, mu, Sigma)")
    if isinstance(kurtosis, ast.Name):
        alphabet.declare_positive(kurtosis.id)
    return scale_mixture(students.elliptical, alphabet, name, shape, number(parameter(alphabet, kurtosis)), rest)


def scale_mixture(
    law: Callable[..., Any], alphabet: Alphabet, name: str, shape: Shape, first: Any, rest: list[ast.expr]
) -> Any:
    """A letter of a law with that first parameter, and the others of a normal one."""
    (rows, columns), mean, covs = shaped(alphabet, name, shape, ast.Call(ast.Name("N"), rest, []))
    centre = None if mean == 0 else filled(mean, rows, columns)
    return law(name, rows, first, columns=columns, mean=centre, scale=covs["cov"])


@law(
    "Wishart", "Wishart(N, Sigma)",
    "W ~ Wishart(N, Sigma)             X X.T of N columns N(0, Sigma); also Wishart_d(N, Sigma), W_d(N, Sigma)",
    also=("W",),
)  # fmt: skip
def wishart(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """X Xᵀ of N independent columns N(0, Σ)."""
    form = "Wishart(N, Sigma), a number of columns and their covariance"
    parts = tree.args if isinstance(tree, ast.Call) and len(tree.args) == 2 else []
    if parts and is_scale(alphabet, parts[0]) and not is_scale(alphabet, parts[1]):
        tree = ast.Call(tree.func, parts := parts[::-1], tree.keywords)  # Wishart(Sigma, N) has one reading too
    for number_of_columns, scale in [parts] if parts else []:
        as_covariance(alphabet, scale, shape[0] if shape else None)
        if isinstance(number_of_columns, ast.Name):
            alphabet.declare_count(number_of_columns.id)
    count, cov = given(alphabet, tree, form, 2)
    if not is_matrix(cov) and cov is not IDENTITY:
        raise BadInput(f"{name}: Wishart(N, Sigma) has a covariance matrix, and {cov} is a number")
    rows = shape[0] if shape else alphabet["d"] if cov is IDENTITY else cov.shape[0]
    if is_matrix(count) or not count.is_integer or count.is_nonpositive:
        raise BadInput(f"{name}: Wishart(N, Sigma) has a whole number N of columns, at least one, not {count}")
    half = laws.gaussian(f"{name}_half", rows, count, cov=covariance(cov, rows))
    return half * half.T


def is_scale(alphabet: Alphabet, tree: ast.expr) -> bool:
    """Whether a parameter is a matrix; an upper-case letter of which nothing was said is one, N, L and M aside."""
    if isinstance(tree, ast.Name) and tree.id not in alphabet.known():
        return tree.id[0].isupper() and tree.id not in ("N", "L", "M")
    value = parameter(alphabet, tree)
    return value is IDENTITY or is_matrix(value)


@law(
    "Bernoulli", "Bernoulli(q)",
    "o: d ~ Bernoulli(q)               a mask: independent entries, 1 with the chance q, otherwise 0",
    kind=laws.Mask, maker=laws.mask, also=("Ber", "Bern"),
)  # fmt: skip
def bernoulli(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Independent entries 0 or 1."""
    if len(shape) == 2:
        raise BadInput(f"{name}: Bernoulli(q) is the law of a number, or of a vector such as {name}: d")
    for part in tree.args if isinstance(tree, ast.Call) else ():
        as_probability(alphabet, part)
    (rate,) = given(alphabet, tree, "Bernoulli(q)", 1)
    return laws.mask(name, shape[0] if shape else 1, number(rate))


@law(
    "Rademacher", "Rademacher",
    "s: d ~ Rademacher                 independent signs; also s ~ Unif({-1, 1}^d)",
    also=("Rad",),
)  # fmt: skip
def rademacher(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """Independent signs, −1 or 1 with equal chances: twice a mask, less one."""
    if len(shape) == 2:
        raise BadInput(f"{name}: Rademacher is the law of a number, or of a vector such as {name}: d ~ Rademacher")
    given(alphabet, tree, "Rademacher after a shape", 0)
    half = laws.mask(f"{name}_half", shape[0] if shape else 1, sp.Rational(1, 2))
    return 2 * half - sp.OneMatrix(*half.shape)


@law(
    "Haar", "Haar(d)",
    "H ~ Haar(d, r)                    r random orthonormal columns; also H ~ Unif(O(d))",
    kind=laws.Haar, maker=laws.haar,
)  # fmt: skip
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


@law(
    "Sphere", "Sphere",
    "u: d ~ Sphere   X: d×N ~ Sphere   columns of length one in random directions; also u ~ Unif(S^(d-1))",
    kind=laws.Directions, maker=laws.sphere,
)  # fmt: skip
def sphere(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A uniformly random column of length one, or independent ones."""
    return laws.sphere(name, *(given(alphabet, tree, "Sphere(d), or Sphere after a shape", 0 if shape else 1) or shape))


@law("Unif", "Unif(S^(d-1))", also=("Uniform", "U"))
def uniform(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """A law that is uniform on the sphere, on signs or on orthogonal matrices."""
    base, power = tree.args[0] if isinstance(tree, ast.Call) and len(tree.args) == 1 else None, None
    if isinstance(base, ast.BinOp) and isinstance(base.op, ast.Pow):
        base, power = base.left, base.right
    less_one = isinstance(power, ast.BinOp) and isinstance(power.op, ast.Sub) and ast.unparse(power.right) == "1"
    if isinstance(base, ast.Name) and base.id == "S" and isinstance(power, ast.BinOp) and less_one:
        return sphere(alphabet, name, sized(alphabet, name, shape, power.left), ast.Name("Sphere"))
    if isinstance(base, ast.Set | ast.Tuple | ast.List) and sorted(map(ast.unparse, base.elts)) == ["-1", "1"]:
        shape = sized(alphabet, name, shape, power) if power else shape
        return rademacher(alphabet, name, shape, ast.Name("Rademacher"))
    if isinstance(base, ast.BinOp) and ast.unparse(base.left) == "O" and not power:  # O(d) is read as a product
        return haar(alphabet, name, shape, ast.Call(ast.Name("Haar"), [] if shape else [base.right], []))
    raise BadInput(f"{name}: a uniform law is read on the sphere, Unif(S^(d-1)), on signs, Unif({{-1, 1}}^d), and on "
                   f"orthogonal matrices, Unif(O(d))")  # fmt: skip


def sized(alphabet: Alphabet, name: str, shape: Shape, dimension: ast.expr) -> Shape:
    """The shape of a letter that lives in a space of that dimension."""
    return with_rows(alphabet, name, shape, ast.unparse(dimension))


@law(
    "OneHot", "OneHot",
    "e: N ~ OneHot                     a random place: the column that is 1 there",
    kind=laws.OneHot, maker=laws.index,
)  # fmt: skip
def one_hot(alphabet: Alphabet, name: str, shape: Shape, tree: ast.expr) -> Any:
    """One at a random place, and zero elsewhere."""
    if len(shape) != 1:
        raise BadInput(f"{name}: OneHot is the law of a vector; write {name}: N ~ OneHot")
    given(alphabet, tree, f"{name}: N ~ OneHot", 0)
    return laws.index(name, shape[0])


@law(
    MIXTURE, "a mixture q*N(mu, I) + (1 - q)*N(-mu, I)",
    "x: d ~ q*N(mu, I) + (1 - q)*N(-mu, I)     a mixture",
    kind=laws.Mixture, maker=laws.mixture,
)  # fmt: skip
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
